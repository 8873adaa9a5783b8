import type { Decimal } from '@hyperoru/domain';
import {
  allotPosition,
  type DecisionId,
  type Fill,
  type GuardedEntry,
  gt,
  isProtective,
  lt,
  type Order,
  type OrderId,
  type Position,
  type Symbol,
  sub,
  sum,
  type Trader,
  type TraderId,
  ZERO,
} from '@hyperoru/domain';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';

/** A symbol of a trader as our records have it: the position, and each entry with what it has to protect of it. */
export interface Guarded {
  readonly trader: Trader;
  readonly position: Position | null;
  readonly entries: readonly GuardedEntry[];
  readonly needed: ReadonlyMap<OrderId, Decimal>;
}

/**
 * Every entry that has a part in the open position, and every one whose protective orders may still rest. The trader's row is held
 * until the transaction ends: what follows from it is stored before another process reads the same.
 */
export async function readGuarded(tx: StoreTx, traderId: TraderId, symbol: Symbol): Promise<Guarded> {
  const trader = expected(await tx.traders.lock(traderId), `trader ${traderId} to be stored`);
  const position = await tx.portfolio.openPosition(traderId, symbol);
  const open = await tx.orders.listOpenBySymbol(traderId, symbol);
  const decisions = new Set(open.flatMap(({ decisionId }) => (decisionId === null ? [] : [decisionId])));
  if (position?.openedByDecisionId) decisions.add(position.openedByDecisionId);
  const entries: GuardedEntry[] = [];
  for (const id of decisions) entries.push(...(await guardedBy(tx, id, position)));
  if (position !== null && lt(sum(entries.map(({ brought }) => brought)), position.quantity))
    for (const id of await otherDecisions(tx, position, decisions)) entries.push(...(await guardedBy(tx, id, position)));
  return { trader, position, entries, needed: allotPosition(position?.quantity ?? ZERO, entries) };
}

/** True when the position has to have a stop: a decision that has a part in it gave one, or it was taken over and the limits want one. */
export function needsStop({ trader, entries }: Guarded): boolean {
  const own = entries.filter(({ brought }) => gt(brought, ZERO));
  if (own.length > 0) return own.some(({ legs }) => legs.some(({ purpose }) => purpose === 'stop_loss'));
  return trader.risk.onExternalActivity === 'adopt' && trader.risk.requireStopLoss;
}

async function guardedBy(tx: StoreTx, decisionId: DecisionId, position: Position | null): Promise<readonly GuardedEntry[]> {
  const orders = await tx.orders.listByDecision(decisionId);
  const entry = orders.find(({ purpose }) => purpose === 'entry');
  if (entry === undefined) return [];
  const legs = orders.filter(({ purpose }) => isProtective(purpose));
  const fills = await tx.portfolio.listFillsByOrder(entry.id);
  const isPart = ({ side, filledAt }: Fill): boolean =>
    position !== null && (side === 'buy') === (position.side === 'long') && filledAt >= position.openedAt;
  const brought = sum(fills.filter(isPart).map(({ quantity }) => quantity));
  return [{ entry, legs, brought, isAhead: await isAhead(tx, entry, fills, legs) }];
}

/** An order's own word of its fills may come before the fills. */
async function isAhead(tx: StoreTx, entry: Order, fills: readonly Fill[], legs: readonly Order[]): Promise<boolean> {
  if (gt(entry.filledQuantity, sum(fills.map(({ quantity }) => quantity)))) return true;
  for (const leg of legs) {
    if (!gt(leg.filledQuantity, ZERO)) continue;
    const booked = await tx.portfolio.listFillsByOrder(leg.id);
    if (gt(sub(leg.filledQuantity, sum(booked.map(({ quantity }) => quantity))), ZERO)) return true;
  }
  return false;
}

/** Decisions that increased the position and of which nothing rests any more; read only when something is not explained. */
async function otherDecisions(tx: StoreTx, position: Position, known: ReadonlySet<DecisionId>): Promise<ReadonlySet<DecisionId>> {
  const fills = await tx.portfolio.listFillsBySymbol(position.traderId, position.symbol);
  const ids = new Set(fills.flatMap(({ orderId, filledAt }) => (orderId === null || filledAt < position.openedAt ? [] : [orderId])));
  const found = new Set<DecisionId>();
  for (const id of ids) {
    const order = await tx.orders.get(id);
    if (order?.purpose === 'entry' && order.decisionId !== null && !known.has(order.decisionId)) found.add(order.decisionId);
  }
  return found;
}
