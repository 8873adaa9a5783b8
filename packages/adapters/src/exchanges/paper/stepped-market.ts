import type { Json, PriceStep } from '@hyperoru/domain';
import type { MarketDataPort } from '@hyperoru/engine';

/** A market the paper venue can match against: it tells how prices moved between quotes, and waits until the venue has settled the move. */
export interface SteppedMarket extends MarketDataPort {
  /** Called after the quotes have changed and before anyone else hears of it; the market stands still until the promise settles. */
  onSteps(listener: (steps: readonly PriceStep[]) => Promise<void>): () => void;
  /** What must be stored together with account changes so that prices go on where they stopped. */
  savedState(): { readonly id: string; readonly state: Json };
}
