import type {
  DecisionSummary,
  EquityAnswer,
  RunSummary,
  TraderCard as TraderCardAnswer,
  TraderOverview as TraderOverviewAnswer,
} from '@hyperoru/contracts';
import { type DecisionRecord, type Run, toIso } from '@hyperoru/domain';
import type { TraderCard, TraderEquity, TraderOverview } from '@hyperoru/engine';
import type { z } from 'zod';
import { isoOrNull } from '../time.ts';
import { presentTrader } from './presenter.ts';

export const presentCard = (card: TraderCard): TraderCardAnswer => ({
  ...presentTrader(card),
  currency: card.currency,
  equity: card.equity,
  pnl: card.pnl,
  pnl_pct: card.pnlPct,
  sparkline: [...card.sparkline],
  open_positions: card.openPositions,
  last_run: card.lastRun === null ? null : summaryOfRun(card.lastRun),
  last_decision: card.lastDecision === null ? null : summaryOfDecision(card.lastDecision),
  next_run_at: isoOrNull(card.nextRunAt),
});

export const presentOverview = (overview: TraderOverview): TraderOverviewAnswer => ({
  trader: presentCard(overview.card),
  balance: overview.balance,
  available: overview.available,
  unrealized_pnl: overview.unrealizedPnl,
  realized_pnl: overview.realizedPnl,
  fees: overview.fees,
  funding: overview.funding,
  llm_cost_today_usd: overview.llmCostTodayUsd,
  total_runs: overview.totalRuns,
  total_trades: overview.totalTrades,
  market_source: overview.marketSource,
  market_time: isoOrNull(overview.marketTime),
  model_limits: [...overview.modelLimits],
});

export const presentEquity = (equity: TraderEquity): EquityAnswer => ({
  points: equity.points.map((point) => ({
    at: toIso(point.at),
    equity: point.equity,
    balance: point.balance,
    unrealized_pnl: point.unrealizedPnl,
  })),
  markers: equity.markers.map((marker) => ({
    at: toIso(marker.at),
    kind: marker.kind,
    side: marker.side,
    symbol: marker.symbol,
    price: marker.price,
    quantity: marker.quantity,
    order_id: marker.orderId,
  })),
});

const summaryOfRun = (run: Run): z.infer<typeof RunSummary> => ({
  id: run.id,
  outcome: run.outcome,
  code: run.code,
  reason: run.reason,
  finished_at: isoOrNull(run.finishedAt),
});

const summaryOfDecision = (record: DecisionRecord): z.infer<typeof DecisionSummary> => ({
  id: record.id,
  operation: record.decision?.operation ?? null,
  symbol: record.decision?.symbol ?? null,
  verdict: record.verdict.status,
  reason: record.decision?.reason ?? record.verdict.message ?? '',
  created_at: toIso(record.createdAt),
});
