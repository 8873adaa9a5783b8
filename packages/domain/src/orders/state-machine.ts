import { unreachable } from '../result.ts';
import type { OrderState } from './order.ts';

/**
 * Which state may follow which (reliability rules I1, I4, I7). Late evidence of the venue wins over `absent`, `rejected`,
 * `dropped` and `canceled`; `filled` is the end. `sent` becomes `dropped` only when it is certain that no byte left. `accepted` becomes
 * `absent` only when a venue that had it shows no trace of it any more. An order never returns to `intent` or `sent`.
 */
const NEXT: Readonly<Record<OrderState, readonly OrderState[]>> = {
  intent: ['sent', 'dropped'],
  sent: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected', 'unknown', 'dropped'],
  unknown: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected', 'absent'],
  accepted: ['partially_filled', 'filled', 'canceled', 'expired', 'rejected', 'absent'],
  partially_filled: ['partially_filled', 'filled', 'canceled', 'expired'],
  absent: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected'],
  rejected: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired'],
  canceled: ['canceled', 'filled'],
  expired: ['expired', 'filled'],
  filled: [],
  dropped: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired'],
};

export const canMove = (from: OrderState, to: OrderState): boolean => NEXT[from].includes(to);

/** Not final: the order may still execute, so it counts as filled for every limit. */
export function isOpen(state: OrderState): boolean {
  switch (state) {
    case 'intent':
    case 'sent':
    case 'accepted':
    case 'partially_filled':
    case 'unknown':
      return true;
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'rejected':
    case 'absent':
    case 'dropped':
      return false;
    default:
      return unreachable(state);
  }
}
