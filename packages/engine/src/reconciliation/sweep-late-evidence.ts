import { addMs, gt, isOpen, isWithinLast, type Order, sum, type Timestamp, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { settleOrder, takeReport } from '../execution/settle-order.ts';
import { takeFills } from '../execution/take-fills.ts';
import type { VenueFill, VenueOrder } from '../ports/exchange.ts';
import type { RecoveryMemory } from './recovery-memory.ts';

/** Orders are doubted for this long after they ended without the venue's word. */
const DOUBT_WINDOW_MS = 86_400_000;
/** Each of them is asked for by its id this often. */
const ASK_EVERY_MS = 60_000;
/** The newest ones per round; the fills of the window tell of all. */
const ASK_MAX = 20;
const FILL_LOOKBACK_MS = 60_000;

/**
 * Evidence that comes late wins: an order we thought absent, refused, dropped or over is taken back when the venue shows it among
 * its open orders, by its id, or by fills of it that we have not counted (rule 3.2-5).
 */
export async function sweepLateEvidence(
  deps: EngineDeps,
  connection: VenueConnection,
  traderId: TraderId,
  seen: { readonly openOrders: readonly VenueOrder[]; readonly fills: readonly VenueFill[]; readonly memory: RecoveryMemory },
): Promise<void> {
  const { openOrders, fills, memory } = seen;
  await takeBack(deps, connection, { openOrders, fills });
  const now = deps.clock.now();
  const sweptAt = memory.sweptAt.get(traderId);
  if (sweptAt !== undefined && isWithinLast(ASK_EVERY_MS, sweptAt, now)) return;
  memory.sweptAt.set(traderId, now);
  const doubted = await deps.store.transaction((tx) => tx.orders.listDoubted(traderId, addMs(now, -DOUBT_WINDOW_MS)));
  // A refusal is the venue's word; who never left the machine has no time of sending.
  const unsure = doubted.filter(({ state, sentAt }) => state !== 'rejected' && sentAt !== null);
  const [oldest] = unsure;
  if (oldest === undefined) return;
  for (const order of unsure.slice(-ASK_MAX)) await settleOrder(deps, connection, order);
  const late = await connection.exchange.fillsSince(traderId, (oldest.createdAt - FILL_LOOKBACK_MS) as Timestamp);
  await takeBack(deps, connection, { openOrders: [], fills: late });
}

async function takeBack(
  deps: EngineDeps,
  connection: VenueConnection,
  { openOrders, fills }: { readonly openOrders: readonly VenueOrder[]; readonly fills: readonly VenueFill[] },
): Promise<void> {
  const ids = new Set([...openOrders, ...fills].flatMap(({ clientOrderId }) => (clientOrderId === null ? [] : [clientOrderId])));
  for (const order of await readEnded(deps, ids)) {
    const found = openOrders.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
    const filled = sum(fills.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId).map(({ quantity }) => quantity));
    if (found !== undefined) {
      const taken = await takeReport(deps, connection, order, found);
      // What is over for good must not rest there: it would open something, or close what comes next.
      if (!isOpen(taken.state)) await connection.exchange.cancelOrder(order.traderId, order.clientOrderId);
    } else if (gt(filled, order.filledQuantity)) {
      const settled = await settleOrder(deps, connection, order);
      if (gt(filled, settled.filledQuantity)) await takeFills(deps, settled, fills);
    }
  }
}

/** Our orders of these ids that we thought were over. */
async function readEnded(deps: EngineDeps, clientOrderIds: ReadonlySet<string>): Promise<readonly Order[]> {
  if (clientOrderIds.size === 0) return [];
  return deps.store.transaction(async (tx) => {
    const ended: Order[] = [];
    for (const id of clientOrderIds) {
      const order = await tx.orders.findByClientOrderId(id);
      if (order !== null && !isOpen(order.state)) ended.push(order);
    }
    return ended;
  });
}
