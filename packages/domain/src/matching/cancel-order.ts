import type { AccountState, MatchingOutcome } from './account-state.ts';
import { cancelResting, recordOrder } from './resting-orders.ts';

/** Cancels a resting order; null when none with this id rests. */
export function cancelMatchedOrder(state: AccountState, clientOrderId: string): MatchingOutcome | null {
  const order = state.orders.find((other) => other.clientOrderId === clientOrderId);
  return order === undefined ? null : recordOrder(state, { ...order, state: 'canceled', reason: 'canceled_by_request' });
}

/** Cancels everything that rests, as when the account is closed. */
export const cancelAllMatchedOrders = (state: AccountState, reason: string): MatchingOutcome => cancelResting(state, reason);
