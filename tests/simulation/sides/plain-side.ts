import type { Decimal, Symbol, TraderId } from '@hyperoru/domain';
import type { ExchangePort } from '@hyperoru/engine';
import type { SimulatedVenue, VenueFillRecord } from '@hyperoru/testkit';
import type { Life } from '../life.ts';
import { EventStream } from './event-stream.ts';
import { PlainExchange } from './plain-exchange.ts';
import type { Side, SideWorld } from './side.ts';
import { Wire } from './wire.ts';

/** The exchange port straight on the venue's core: quick, for the seeds in which no protocol is the question. */
export class PlainSide implements Side {
  readonly name = 'plain';
  readonly exchange = { venue: 'paper', environment: 'paper' } as const;
  readonly venue: SimulatedVenue;
  readonly #world: SideWorld;
  /** Numbers of requests that the venue has seen; they outlive the process. */
  readonly #nonces = new Set<string>();

  constructor(world: SideWorld, venue: SimulatedVenue) {
    this.#world = world;
    this.venue = venue;
  }

  accountOf(traderId: TraderId): string {
    return traderId;
  }

  symbolAt(symbol: Symbol): Symbol {
    return symbol;
  }

  tradeIdOf({ id }: VenueFillRecord): string {
    return String(id);
  }

  secrets(): readonly string[] {
    return [];
  }

  addAccount(traderId: TraderId, deposit: Decimal): void {
    this.venue.deposit(traderId, deposit);
  }

  async connect({ life }: { readonly life: Life }): Promise<ExchangePort> {
    const { venue } = this;
    const parts = { ...this.#world, venue, life };
    return new PlainExchange({
      venue,
      wire: new Wire(parts),
      stream: new EventStream(parts),
      arrived: this.#world.arrived,
      nonces: this.#nonces,
    });
  }
}
