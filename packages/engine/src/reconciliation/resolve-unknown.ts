import {
  type Alert,
  eq,
  isPositive,
  isWithdrawn,
  isWithinLast,
  type Order,
  type OrderState,
  signedQuantity,
  sub,
  type Timestamp,
  type Trader,
  WITHDRAWN_REASON,
  ZERO,
} from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { moveOrder } from '../execution/store-order.ts';
import { takeFills } from '../execution/take-fills.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';
import { reportedPosition, type VenueLook } from '../protection/venue-look.ts';
import { bookAdjustment } from './book-adjustment.ts';
import type { UnknownEvidence } from './recovery-memory.ts';

/** Proof of absence (rule 3.2-4): this long past the deadline, this many negative reads, this far apart. */
const ABSENT_AFTER_DEADLINE_MS = 2_000;
const NEGATIVE_READS_MIN = 3;
const NEGATIVE_READS_APART_MS = 5_000;
/** Fills are looked for from this long before an order was stored: clocks differ. */
const FILL_LOOKBACK_MS = 60_000;

/**
 * Judges an order the venue did not show by its id. `sent` and `unknown` ones become `absent` only after proof: past the deadline,
 * three looks at status, open orders and fills at least five seconds apart, and a position that no fill of it could explain. Until
 * then it counts as filled and its symbol takes no entry. It is never sent again. An accepted order that the venue has forgotten ends
 * by the same proof, with an adjustment and an alert. A venue that cannot be read proves nothing.
 */
export async function resolveUnknown(
  deps: EngineDeps,
  connection: VenueConnection,
  { order, look, evidence }: { readonly order: Order; readonly look: VenueLook; readonly evidence: UnknownEvidence },
): Promise<void> {
  const now = deps.clock.now();
  const isPastDeadline = order.deadline === null || now > order.deadline + ABSENT_AFTER_DEADLINE_MS;
  if (!isPastDeadline) return;
  if (order.state === 'sent') await end(deps, order, { to: 'unknown', reason: 'The process stopped before the venue answered.' });
  const before = evidence.get(order.id) ?? { count: 0, lastAt: 0 as Timestamp };
  if (isWithinLast(NEGATIVE_READS_APART_MS, before.lastAt, now)) return;
  if (await isSeen(deps, connection, order, look)) {
    evidence.delete(order.id);
    return;
  }
  const count = before.count + 1;
  evidence.set(order.id, { count, lastAt: now });
  if (count < NEGATIVE_READS_MIN) return;
  const looked = `The venue showed no trace of it in ${count} reads of orders and fills`;
  if (order.state === 'accepted' || order.state === 'partially_filled') await forget(deps, order, `${looked}, though it had accepted it.`);
  else await end(deps, order, { to: 'absent', reason: `${looked} after its deadline.` });
  evidence.delete(order.id);
}

async function isSeen(deps: EngineDeps, connection: VenueConnection, order: Order, look: VenueLook): Promise<boolean> {
  if (look.openOrders.some(({ clientOrderId }) => clientOrderId === order.clientOrderId)) return true;
  const fills = await connection.exchange.fillsSince(order.traderId, (order.createdAt - FILL_LOOKBACK_MS) as Timestamp);
  return (await takeFills(deps, order, fills)) || explainsPosition(deps, order, look);
}

/** The venue holds more than our books on the side of this order: it may have been filled. */
async function explainsPosition(deps: EngineDeps, order: Order, { account }: VenueLook): Promise<boolean> {
  const position = await deps.store.transaction((tx) => tx.portfolio.openPosition(order.traderId, order.symbol));
  const recorded = position === null ? ZERO : signedQuantity(position);
  const reported = reportedPosition(account, order.symbol)?.quantity ?? ZERO;
  return !eq(recorded, reported) && isPositive(sub(reported, recorded)) === (order.side === 'buy');
}

async function end(deps: EngineDeps, order: Order, { to, reason }: { readonly to: OrderState; readonly reason: string }): Promise<void> {
  await deps.store.transaction((tx) => move(deps, tx, order, { to, reason }));
}

/** null when somebody else was first. */
async function move(
  deps: EngineDeps,
  tx: StoreTx,
  order: Order,
  { to, reason }: { readonly to: OrderState; readonly reason: string },
): Promise<{ readonly order: Order; readonly trader: Trader } | null> {
  const current = expected(await tx.orders.lock(order.id), `order ${order.id} to be stored`);
  const trader = expected(await tx.traders.get(order.traderId), `trader ${order.traderId} to be stored`);
  if (to !== 'unknown' && current.updatedAt !== order.updatedAt) return null;
  const moved = await moveOrder(deps, tx, { order: current, to, change: { reason }, trader });
  return moved === null ? null : { order: moved, trader };
}

async function forget(deps: EngineDeps, order: Order, reason: string): Promise<void> {
  const alert = await deps.store.transaction(async (tx): Promise<Alert | null> => {
    // What was filled stays filled: only an order without a fill can be absent.
    const isOurDoing = isWithdrawn(order);
    const to = order.state === 'accepted' ? 'absent' : 'canceled';
    const moved = await move(deps, tx, order, { to, reason: isOurDoing ? WITHDRAWN_REASON : reason });
    if (moved === null || isOurDoing) return null;
    await bookAdjustment(deps, tx, moved.trader, {
      kind: 'order',
      symbol: order.symbol,
      positionId: null,
      orderId: order.id,
      recorded: order.state,
      reported: 'nothing',
      reason,
    });
    const message = `An order in ${order.symbol} that the venue had accepted is not there any more: no open order, no fill, no status. It is taken as ended.`;
    return raiseAlert(deps, tx, { trader: moved.trader, severity: 'warning', code: 'order_forgotten', message });
  });
  if (alert !== null) await notifyAlerts(deps, [alert]);
}
