import { canMove, isOpen, type Order, type OrderState, type Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';

type Change = Partial<
  Pick<Order, 'venueOrderId' | 'filledQuantity' | 'averagePrice' | 'deadline' | 'nonce' | 'epoch' | 'reason' | 'sentAt' | 'quantity'>
>;

/** Moves an order to a state that may follow its present one and tells the stream; null when the move is not allowed or someone else was first. */
export async function moveOrder(
  deps: Pick<EngineDeps, 'clock'>,
  tx: StoreTx,
  move: { readonly order: Order; readonly to: OrderState; readonly change?: Change; readonly trader: Pick<Trader, 'ownerId'> },
): Promise<Order | null> {
  if (!canMove(move.order.state, move.to)) return null;
  const now = deps.clock.now();
  const next: Order = { ...move.order, ...move.change, state: move.to, updatedAt: now };
  return replace(tx, next, move);
}

/** Only from the state that was read: `next` carries everything else as it was then. */
async function replace(
  tx: StoreTx,
  next: Order,
  { order, trader }: { readonly order: Order; readonly trader: Pick<Trader, 'ownerId'> },
): Promise<Order | null> {
  if (!(await tx.orders.compareAndSet(next, [order.state]))) return null;
  await publishOrder(tx, next, trader);
  return next;
}

/** Writes a reason on an order that is still open and leaves its state as it is; returns the order as it stands. */
export async function noteReason(
  deps: Pick<EngineDeps, 'clock'>,
  tx: StoreTx,
  { order, reason, trader }: { readonly order: Order; readonly reason: string; readonly trader: Pick<Trader, 'ownerId'> },
): Promise<Order> {
  const current = expected(await tx.orders.lock(order.id), `order ${order.id} to be stored`);
  if (current.reason === reason || !isOpen(current.state)) return current;
  const next: Order = { ...current, reason, updatedAt: deps.clock.now() };
  return expected(await replace(tx, next, { order: current, trader }), `order ${order.id} to stay as it is while it is held`);
}

/** Stores a new intent. */
export async function insertIntent(tx: StoreTx, order: Order, trader: Pick<Trader, 'ownerId'>): Promise<void> {
  await tx.orders.insert(order);
  await publishOrder(tx, order, trader);
}

async function publishOrder(tx: StoreTx, order: Order, trader: Pick<Trader, 'ownerId'>): Promise<void> {
  await tx.journal.publish({
    at: order.updatedAt,
    ownerId: trader.ownerId,
    traderId: order.traderId,
    topic: 'order.changed',
    payload: {
      order_id: order.id,
      symbol: order.symbol,
      side: order.side,
      purpose: order.purpose,
      state: order.state,
      quantity: order.quantity,
      reason: order.reason,
    },
  });
}
