import { isPositive, type Symbol, ZERO } from '@hyperoru/domain';
import type { SimulatedVenue, VenueChange, VenueFillRecord } from '@hyperoru/testkit';
import { BARE_ALERTS, missingAt } from './bare-at-venue.ts';
import type { Disk } from './disk.ts';
import type { Excuses } from './excuses.ts';
import { isMarkedOurs } from './marked.ts';
import type { Scheduler } from './scheduler.ts';
import type { Side } from './sides/side.ts';
import type { Witness } from './witness.ts';

/** A position may be bare for 5 s; by then, and a round of the watch with its two reads later, somebody has been told. */
const TOLD_MS = 5_000 + 2_500;
/** By then it is covered or closed, for that is the policy of every trader here; thin books and refusals take their time. */
const CLOSED_MS = 45_000;
/** While no process is up it is looked at again this often. */
const DOWN_STEP_MS = 1_000;

/** What the watch needs of the world around it. */
export interface WatchedWorld {
  readonly scheduler: Scheduler;
  readonly side: Side;
  readonly venue: SimulatedVenue;
  readonly excuses: Excuses;
  readonly disk: Disk;
  readonly witness: Witness;
  /** The one that has recovered and works; null while there is none. */
  readonly process: object | null;
  sometimes(situation: string): void;
}

/** A position of one account that one of our entries opened. */
interface Watched {
  readonly accountId: string;
  readonly symbol: Symbol;
  /** Since when a part of it has had no stop at the venue; null = all of it has one. */
  bareSinceMs: number | null;
}

/** From now on until the end of the seed. */
export function watchBare(world: WatchedWorld): void {
  const watch = new BareWatch(world);
  world.venue.onChange((change) => watch.take(change));
}

/**
 * Holds the process to the bound on bare time (I6) while a seed runs, by the venue's own books: after every change of an order or a
 * position it is asked what of the position no resting stop covers. What is bare for longer than the bound, counted from the end of
 * the last trouble that {@link Excuses} knows, must have raised an alert, and must be over soon after.
 */
class BareWatch {
  readonly #world: WatchedWorld;
  readonly #watched = new Map<string, Watched>();
  /** Positions with a part that came by hand: what becomes of it is up to the trader's policy, until all of it is closed. */
  readonly #mixed = new Set<string>();

  constructor(world: WatchedWorld) {
    this.#world = world;
  }

  take(change: VenueChange): void {
    if (change.kind === 'fill') this.#opened(change.fill);
    const symbol = change.kind === 'fill' ? change.fill.symbol : change.kind === 'order' ? change.order.symbol : null;
    if (symbol === null || !('accountId' in change)) return;
    const watched = this.#watched.get(`${change.accountId} ${symbol}`);
    if (watched !== undefined) this.#look(watched);
  }

  /** Only what an entry of ours opened has to have a stop: what came by hand is treated by the trader's policy. */
  #opened({ accountId, symbol, side, startPosition, clientOrderId }: VenueFillRecord): void {
    const key = `${accountId} ${symbol}`;
    const grows = startPosition === ZERO || isPositive(startPosition) === (side === 'buy');
    if (startPosition === ZERO) {
      this.#closed(key);
      this.#mixed.delete(key);
    }
    if (!grows) return;
    if (!isMarkedOurs(clientOrderId)) {
      this.#closed(key);
      this.#mixed.add(key);
    } else if (!this.#watched.has(key) && !this.#mixed.has(key)) this.#watched.set(key, { accountId, symbol, bareSinceMs: null });
  }

  /** Looked at no more; a position that follows at the same moment is another one. */
  #closed(key: string): void {
    const watched = this.#watched.get(key);
    if (watched !== undefined) watched.bareSinceMs = null;
    this.#watched.delete(key);
  }

  #look(watched: Watched): void {
    const { scheduler, venue, excuses } = this.#world;
    const isBare = missingAt(venue, watched.accountId, watched.symbol) !== ZERO;
    const sinceMs = watched.bareSinceMs;
    if (isBare && sinceMs === null) {
      watched.bareSinceMs = scheduler.nowMs;
      this.#checkIn(watched, TOLD_MS);
    } else if (!isBare && sinceMs !== null) {
      watched.bareSinceMs = null;
      if (scheduler.nowMs - Math.max(sinceMs, excuses.endOf(watched.accountId)) <= TOLD_MS) this.#world.sometimes(COVERED);
    }
  }

  /** Looks at a stretch again when it may have become too long. */
  #checkIn(watched: Watched, ms: number): void {
    const sinceMs = watched.bareSinceMs;
    this.#world.scheduler.after(ms, () => {
      if (watched.bareSinceMs === sinceMs && sinceMs !== null) this.#check(watched, sinceMs);
    });
  }

  #check(watched: Watched, sinceMs: number): void {
    const { scheduler, excuses, process, side, disk, witness } = this.#world;
    const { accountId, symbol } = watched;
    const trader = disk.traders().find(({ id }) => side.accountOf(id) === accountId);
    // What becomes of the account of a deleted trader is its owner's business.
    if (trader === undefined || trader.deletedAt !== null) return;
    const clearMs = process === null ? 0 : scheduler.nowMs - Math.max(sinceMs, excuses.endOf(accountId));
    const words = `${symbol} of ${accountId} is bare for ${Math.round(scheduler.nowMs - sinceMs)} ms`;
    const isTold = disk.openAlerts(trader.id).some((code) => BARE_ALERTS.has(code));
    if (process === null) this.#checkIn(watched, DOWN_STEP_MS);
    else if (clearMs < TOLD_MS) this.#checkIn(watched, TOLD_MS - clearMs);
    else if (!isTold) witness.report('I6', `${words} and nobody was told`);
    else if (clearMs >= CLOSED_MS) witness.report('I6', `${words} and is not closed`);
    else {
      this.#world.sometimes(TOLD);
      this.#checkIn(watched, CLOSED_MS - clearMs);
    }
  }
}

/** Situations. */
const COVERED = 'a bare position was covered in time';
const TOLD = 'an alert told of a bare position';
