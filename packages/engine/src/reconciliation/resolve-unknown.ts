import type { Order, OrderId, Timestamp } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { moveOrder } from '../execution/store-order.ts';

/** Proof of absence (rule 3.2-4): this long past the deadline, this many negative reads, this far apart, from two sources each. */
const ABSENT_AFTER_DEADLINE_MS = 2_000;
const NEGATIVE_READS_MIN = 3;
const NEGATIVE_READS_APART_MS = 5_000;

/** Negative reads of orders that are being looked for; a restart begins to count anew, which only takes longer. */
export type UnknownEvidence = Map<OrderId, { readonly negatives: number; readonly lastAt: Timestamp }>;

/**
 * Looks for a sent order the venue has not confirmed. Marks it `unknown`, and `absent` only after proof; until then it counts
 * as filled and its symbol takes no entry. It is never sent again.
 */
export async function resolveUnknown(
  deps: EngineDeps,
  connection: VenueConnection,
  order: Order,
  evidence: UnknownEvidence,
): Promise<void> {
  const now = deps.clock.now();
  const isPastDeadline = order.deadline === null || now > order.deadline + ABSENT_AFTER_DEADLINE_MS;
  if (order.state === 'sent' && isPastDeadline) await mark(deps, order, 'unknown', 'The process stopped before the venue answered.');
  if (!isPastDeadline) return;
  const before = evidence.get(order.id) ?? { negatives: 0, lastAt: 0 as Timestamp };
  if (now - before.lastAt < NEGATIVE_READS_APART_MS) return;
  if (await isSeen(connection, order)) return;
  const negatives = before.negatives + 1;
  evidence.set(order.id, { negatives, lastAt: now });
  if (negatives < NEGATIVE_READS_MIN) return;
  await mark(deps, order, 'absent', `The venue showed no trace of it in ${negatives} reads of orders and fills after its deadline.`);
  evidence.delete(order.id);
}

async function isSeen(connection: VenueConnection, order: Order): Promise<boolean> {
  const open = await connection.exchange.openOrders(order.traderId);
  if (open.some((each) => each.clientOrderId === order.clientOrderId)) return true;
  const fills = await connection.exchange.fillsSince(order.traderId, order.createdAt);
  return fills.some((fill) => fill.clientOrderId === order.clientOrderId);
}

async function mark(deps: EngineDeps, order: Order, to: 'unknown' | 'absent', reason: string): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const current = await tx.orders.lock(order.id);
    const trader = await tx.traders.get(order.traderId);
    if (current !== null && trader !== null) await moveOrder(deps, tx, { order: current, to, change: { reason }, trader });
  });
}
