import type { TraderId } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';

/** What goes wrong with one order; for tests of the order protocol. */
export type PaperFault =
  /** The order is accepted and the answer never arrives. */
  | { readonly kind: 'lose_answer' }
  /** The order is accepted and the answer is an error that says nothing. */
  | { readonly kind: 'accept_then_error' }
  /** The order is accepted, and lookups deny it for a while. */
  | { readonly kind: 'hide'; readonly forMs: number }
  | { readonly kind: 'reject'; readonly code: string; readonly message: string };

/** Decides per order; null = nothing goes wrong. The product runs without one. */
export interface PaperFaults {
  take(traderId: TraderId, request: OrderRequest): PaperFault | null;
}
