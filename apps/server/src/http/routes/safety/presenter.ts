import type {
  Adjustment as AdjustmentAnswer,
  Kill as KillAnswer,
  ProtectedPosition,
  SafetySummary as SafetySummaryAnswer,
  TraderSafety as TraderSafetyAnswer,
} from '@hyperoru/contracts';
import { type Adjustment, type Kill, type Timestamp, type Trader, type TraderId, toIso } from '@hyperoru/domain';
import type { SafetySummary, TraderSafety } from '@hyperoru/engine';
import { isoOrNull } from '../time.ts';
import { nameOf } from '../trader-names.ts';

export const presentKill = (kill: Kill, traders: ReadonlyMap<TraderId, Trader>): KillAnswer => ({
  id: kill.id,
  trader_id: kill.traderId,
  drill: kill.isDrill,
  actor: kill.actor,
  reason: kill.reason,
  started_at: toIso(kill.startedAt),
  blocked_at: toIso(kill.blockedAt),
  finished_at: isoOrNull(kill.finishedAt),
  armed: kill.disarmedAt === null && !kill.isDrill,
  disarmed_at: isoOrNull(kill.disarmedAt),
  disarmed_by: kill.disarmedBy,
  traders: kill.traders.map((each) => ({
    trader_id: each.traderId,
    trader_name: nameOf(traders, each.traderId),
    canceled_orders: each.canceledOrders,
    closed_positions: each.closedPositions,
    flat: each.isFlat,
    flat_after_ms: each.flatAfterMs,
    problem: each.problem,
  })),
});

export const presentAdjustment = (adjustment: Adjustment, traderName: string): AdjustmentAnswer => ({
  id: adjustment.id,
  trader_id: adjustment.traderId,
  trader_name: traderName,
  kind: adjustment.kind,
  symbol: adjustment.symbol,
  position_id: adjustment.positionId,
  order_id: adjustment.orderId,
  recorded: adjustment.recorded,
  reported: adjustment.reported,
  reason: adjustment.reason,
  at: toIso(adjustment.at),
});

export const presentSummary = (summary: SafetySummary, traders: ReadonlyMap<TraderId, Trader>): SafetySummaryAnswer => ({
  at: toIso(summary.now),
  armed_kills: summary.armedKills.map((kill) => presentKill(kill, traders)),
  order_budget: summary.orderBudget,
  adjustments: summary.adjustments,
  traders: {
    items: summary.traders.items.map((safety) => presentTraderSafety(safety, summary.now)),
    next_cursor: summary.traders.nextCursor,
  },
});

function presentTraderSafety(safety: TraderSafety, now: Timestamp): TraderSafetyAnswer {
  const { trader, reconciliation } = safety;
  return {
    trader_id: trader.id,
    trader_name: trader.name,
    environment: trader.exchange?.environment ?? null,
    status: !trader.isActive ? 'paused' : trader.isReduceOnly ? 'reduce_only' : 'active',
    killed: safety.isKilled,
    positions: safety.positions.map((each) => presentProtection(each, now)),
    unknown_orders: { count: safety.unknownOrders.count, oldest_at: isoOrNull(safety.unknownOrders.oldestAt) },
    reconciliation:
      reconciliation === null
        ? null
        : {
            status: reconciliation.status,
            started_at: toIso(reconciliation.startedAt),
            finished_at: isoOrNull(reconciliation.finishedAt),
            last_good_at: isoOrNull(reconciliation.lastGoodAt),
            message: reconciliation.message,
          },
    daily_loss: safety.dailyLoss,
    drawdown: safety.drawdown,
    cooling_until: isoOrNull(safety.coolingUntil),
  };
}

function presentProtection({ position, protection }: TraderSafety['positions'][number], now: Timestamp): ProtectedPosition {
  const own = { position_id: position.id, symbol: position.symbol, side: position.side, quantity: position.quantity };
  if (protection === null)
    return { ...own, state: 'unwatched', covered_quantity: null, bare_since: null, bare_ms: 0, longest_bare_ms: 0, checked_at: null };
  const stretch = protection.bareSince === null ? 0 : Math.max(0, now - protection.bareSince);
  return {
    ...own,
    state: protection.bareSince !== null ? 'bare' : protection.isRequired ? 'covered' : 'not_required',
    covered_quantity: protection.coveredQuantity,
    bare_since: isoOrNull(protection.bareSince),
    bare_ms: protection.bareMs + stretch,
    longest_bare_ms: Math.max(protection.longestBareMs, stretch),
    checked_at: toIso(protection.checkedAt),
  };
}
