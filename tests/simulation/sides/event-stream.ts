import { asId, type TraderId } from '@hyperoru/domain';
import type { VenueEvent } from '@hyperoru/engine';
import { type SimulatedVenue, toVenueEvent, type VenueChange } from '@hyperoru/testkit';
import type { Draw } from '../draw.ts';
import type { Life } from '../life.ts';
import type { Scheduler } from '../scheduler.ts';

const TRAVEL_MS = { from: 5, to: 80 } as const;
const SWAPPED_BY_MS = 400;
const RECONNECT_MS = { from: 200, to: 3_000 } as const;
/** A connection on which nothing arrives is given up after this long. */
const SILENCE_MS = 15_000;

/** What the venue tells one process by itself. Events of one account keep their order unless trouble changes it. */
export class EventStream {
  readonly #scheduler: Scheduler;
  readonly #draw: Draw;
  readonly #venue: SimulatedVenue;
  readonly #life: Life;
  readonly #lateness: () => number;
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  /** When the newest event of an account arrives: a later one does not overtake it. */
  readonly #lastArrival = new Map<string, number>();
  #isBroken = false;

  constructor(world: {
    readonly scheduler: Scheduler;
    readonly draw: Draw;
    readonly venue: SimulatedVenue;
    readonly life: Life;
    /** Further delay of an event, ms. */
    readonly lateness: () => number;
  }) {
    this.#scheduler = world.scheduler;
    this.#draw = world.draw;
    this.#venue = world.venue;
    this.#life = world.life;
    this.#lateness = world.lateness;
    const unfollow = this.#venue.onChange((change) => {
      if (this.#life.isAlive) this.#hear(change);
      else unfollow();
    });
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #hear(change: VenueChange): void {
    const event = toVenueEvent(change);
    if (event === null || this.#isBroken || this.#listeners.size === 0) return;
    const fault = this.#venue.faults.takeStream({ operation: 'stream', accountId: event.traderId, symbols: [], clientOrderIds: [] });
    switch (fault?.kind) {
      case 'ws_lose':
        break;
      case 'ws_swap':
        this.#scheduler.afterIn(this.#life, SWAPPED_BY_MS, () => this.#deliver(event));
        break;
      case 'ws_drop':
        this.#break(this.#draw.between(RECONNECT_MS.from, RECONNECT_MS.to));
        break;
      case 'ws_silence':
        this.#break(SILENCE_MS);
        break;
      case 'ws_duplicate':
      case 'ws_repeat_snapshot':
        this.#tell(event);
        this.#tell(event);
        break;
      case undefined:
        this.#tell(event);
        break;
    }
  }

  #tell(event: VenueEvent): void {
    const earliest = this.#scheduler.nowMs + this.#draw.between(TRAVEL_MS.from, TRAVEL_MS.to) + this.#lateness();
    const at = Math.max(earliest, this.#lastArrival.get(event.traderId) ?? 0);
    this.#lastArrival.set(event.traderId, at);
    this.#scheduler.afterIn(this.#life, at - this.#scheduler.nowMs, () => this.#deliver(event));
  }

  #deliver(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Nothing is heard for a while; then everyone is told that something may have been missed. */
  #break(forMs: number): void {
    this.#isBroken = true;
    this.#scheduler.afterIn(this.#life, forMs, () => {
      this.#isBroken = false;
      for (const id of this.#venue.books.accounts.keys()) this.#deliver({ kind: 'gap', traderId: asId<TraderId>(id) });
    });
  }
}
