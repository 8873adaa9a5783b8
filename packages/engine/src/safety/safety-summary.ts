import {
  add,
  addMs,
  type Decimal,
  decimal,
  div,
  isPositive,
  type Kill,
  max,
  neg,
  type Position,
  type Protection,
  type Reconciliation,
  startOfUtcDay,
  sub,
  sum,
  type Timestamp,
  type Trader,
  unrealizedPnl,
  ZERO,
} from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import type { Page, PageRequest } from '../ports/read-model.ts';
import type { StoreTx } from '../ports/store.ts';
import { instanceLimits } from './instance-limits.ts';
import { entriesLastMinute } from './order-budget.ts';
import { armedKills } from './read-kills.ts';

const MINUTE_MS = 60_000;
/** Traders read at once, so that a long list does not take every connection. */
const READ_AT_ONCE = 4;

/** What watches over one trader, from the records. Amounts in quote currency. */
export interface TraderSafety {
  readonly trader: Trader;
  readonly isKilled: boolean;
  /** Open positions with what covers them; null = not watched yet. */
  readonly positions: readonly { readonly position: Position; readonly protection: Protection | null }[];
  /** Orders of which the venue has not said what became of them. */
  readonly unknownOrders: { readonly count: number; readonly oldestAt: Timestamp | null };
  readonly reconciliation: Reconciliation | null;
  /** What of each breaker is used up; a limit of null is none. */
  readonly dailyLoss: { readonly used: Decimal; readonly limit: Decimal | null };
  /** Fall from the peak, as a share of it. */
  readonly drawdown: { readonly used: Decimal; readonly limit: Decimal | null };
  /** Until when the pause after a loss lasts; null = there is none now. */
  readonly coolingUntil: Timestamp | null;
}

export interface SafetySummary {
  readonly now: Timestamp;
  readonly armedKills: readonly Kill[];
  /** Entries of the instance in the last minute; `limit` null = the stored limits cannot be read and permit nothing. */
  readonly orderBudget: { readonly used: number; readonly limit: number | null };
  /** Differences of the caller's traders that were settled in a venue's favor. */
  readonly adjustments: number;
  readonly traders: Page<TraderSafety>;
}

/** The state of everything that protects the caller's traders, newest trader first. */
export async function safetySummary(deps: EngineDeps, scope: OwnerScope, page: PageRequest): Promise<SafetySummary> {
  const traders = await deps.readModel.listTraders(scope, { includeDeleted: false }, page);
  const items: TraderSafety[] = [];
  for (let from = 0; from < traders.items.length; from += READ_AT_ONCE) {
    const some = traders.items.slice(from, from + READ_AT_ONCE);
    items.push(...(await Promise.all(some.map((trader) => deps.store.transaction((tx) => readTrader(deps, tx, trader))))));
  }
  const now = deps.clock.now();
  const orderBudget = await deps.store.transaction(async (tx) => ({
    used: await entriesLastMinute(tx, now),
    limit: (await instanceLimits(tx))?.maxOrdersPerMinute ?? null,
  }));
  return {
    now,
    armedKills: await armedKills(deps, scope),
    orderBudget,
    adjustments: await deps.readModel.countAdjustments(scope, {}),
    traders: { items, nextCursor: traders.nextCursor },
  };
}

async function readTrader(deps: EngineDeps, tx: StoreTx, trader: Trader): Promise<TraderSafety> {
  const now = deps.clock.now();
  const held = await tx.portfolio.listOpenPositions(trader.id);
  const positions: TraderSafety['positions'][number][] = [];
  for (const position of held) positions.push({ position, protection: await tx.safety.getProtection(position.id) });
  const unknown = (await tx.orders.listOpen(trader.id)).filter(({ state }) => state === 'unknown');
  const since = unknown.map(({ sentAt, createdAt }) => sentAt ?? createdAt);
  const { maxDailyLoss, maxDrawdown, cooldownMinutes } = trader.risk;
  const realized = decimal(await tx.portfolio.realizedSince(trader.id, startOfUtcDay(now)));
  const lastLossAt = cooldownMinutes === 0 ? null : await tx.portfolio.lastLossAt(trader.id);
  const coolingUntil = lastLossAt === null ? null : addMs(lastLossAt, cooldownMinutes * MINUTE_MS);
  return {
    trader,
    isKilled: await tx.safety.isKilled(trader.id),
    positions,
    unknownOrders: { count: unknown.length, oldestAt: since.reduce<Timestamp | null>((a, b) => (a === null || b < a ? b : a), null) },
    reconciliation: await tx.safety.getReconciliation(trader.id),
    dailyLoss: { used: max(ZERO, neg(add(realized, unrealizedOf(deps, trader, held)))), limit: maxDailyLoss },
    drawdown: { used: fall(await tx.portfolio.drawdown(trader.id)), limit: maxDrawdown },
    coolingUntil: coolingUntil !== null && coolingUntil > now ? coolingUntil : null,
  };
}

function unrealizedOf(deps: Pick<EngineDeps, 'venue'>, trader: Trader, held: readonly Position[]): Decimal {
  const market = connectionOf(deps, trader)?.market;
  return sum(held.map((position) => unrealizedPnl(position, market?.quote(position.symbol)?.mark ?? position.averageEntryPrice)));
}

function fall(curve: { readonly peak: string; readonly balance: string }): Decimal {
  const peak = decimal(curve.peak);
  return isPositive(peak) ? max(ZERO, div(sub(peak, decimal(curve.balance)), peak)) : ZERO;
}
