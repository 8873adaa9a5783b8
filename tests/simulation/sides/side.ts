import type { Decimal, Environment, Symbol, TraderId, Venue } from '@hyperoru/domain';
import type { Clock, ExchangePort, Ids, Log, OrderRequest } from '@hyperoru/engine';
import type { SimulatedVenue, VenueFillRecord } from '@hyperoru/testkit';
import type { Draw } from '../draw.ts';
import type { Life } from '../life.ts';
import type { Scheduler } from '../scheduler.ts';

/** What an order looks like on its arrival, whatever the protocol it came by. */
export type ArrivedOrder = Pick<OrderRequest, 'clientOrderId' | 'side' | 'quantity' | 'reduceOnly'> & {
  /** The venue takes it until this moment of its clock. */
  readonly deadline: number;
  /** null where the protocol has none. */
  readonly nonce: number | null;
  /** null for a trigger. */
  readonly limitPrice: Decimal | null;
  /** null for what is no trigger. */
  readonly triggerPrice: Decimal | null;
};

/** What every side of a venue needs of the world around it. */
export interface SideWorld {
  readonly scheduler: Scheduler;
  readonly draw: Draw;
  readonly ids: Ids;
  readonly isDown: () => boolean;
  /** Further delay of an event, ms. */
  readonly lateness: () => number;
  /** The venue has an order in its hands, before it judges it. */
  readonly arrived: (order: ArrivedOrder) => void;
}

/** A venue as one kind of adapter sees it: which protocol is spoken, and how accounts and symbols are called there. */
export interface Side {
  readonly name: 'plain' | 'hyperliquid' | 'binance';
  readonly exchange: { readonly venue: Venue; readonly environment: Environment };
  readonly venue: SimulatedVenue;
  accountOf(traderId: TraderId): string;
  /** The venue's own name of our symbol. */
  symbolAt(symbol: Symbol): Symbol;
  /** How the adapter names an execution. */
  tradeIdOf(fill: VenueFillRecord): string;
  /** What only the adapter may know. */
  secrets(): readonly string[];
  addAccount(traderId: TraderId, deposit: Decimal): void;
  /** The adapter of one process; what it does ends with the life. */
  connect(process: { readonly life: Life; readonly clock: Clock; readonly log: Log }): Promise<ExchangePort>;
}
