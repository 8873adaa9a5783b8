import type { AnalyticsSummary as AnalyticsSummaryAnswer } from '@hyperoru/contracts';
import { type GroupStatistics, toIso } from '@hyperoru/domain';
import type { AnalyticsSummary } from '@hyperoru/engine';

export const presentSummary = (summary: AnalyticsSummary): AnalyticsSummaryAnswer => ({
  total_pnl: summary.pnl,
  gross_pnl: summary.grossPnl,
  fees: summary.fees,
  funding: summary.funding,
  total_trades: summary.trades,
  win_rate: summary.winRate,
  avg_return_pct: summary.averageReturnPct,
  sharpe_ratio: summary.sharpeRatio,
  max_drawdown_pct: summary.maxDrawdownPct,
  profit_factor: summary.profitFactor,
  best_trade_pnl: summary.bestTradePnl,
  worst_trade_pnl: summary.worstTradePnl,
  avg_trade_duration_hours: summary.averageDurationHours,
  llm_cost_usd: summary.llmCostUsd,
  from: toIso(summary.from),
  to: toIso(summary.to),
});

export const presentStatistics = ({ trades, winRate, pnl, fees, funding }: GroupStatistics) => ({
  trades,
  win_rate: winRate,
  pnl,
  fees,
  funding,
});
