import type { BookLevel, Symbol } from '@hyperoru/domain';
import type { VenueMarket } from '../core/venue-market.ts';

type Level = readonly [price: string, quantity: string];

/** A book as the venue shows it. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  /** Best first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What changed between two books: new quantities, `0` where a level is gone. `pu` is the `u` before. */
export interface DepthUpdate extends Omit<DepthSnapshot, 'lastUpdateId'> {
  readonly U: number;
  readonly u: number;
  readonly pu: number;
}

/** Numbers the changes of every book, so that a reader can tell whether it missed one. */
export class DepthChains {
  readonly #market: VenueMarket;
  readonly #books = new Map<Symbol, DepthSnapshot>();

  constructor(market: VenueMarket) {
    this.#market = market;
  }

  /** The book at its last change. The first look at it begins the chain. */
  snapshot(symbol: Symbol): DepthSnapshot {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const first = { lastUpdateId: 1, ...this.#levels(symbol) };
    this.#books.set(symbol, first);
    return first;
  }

  /** Takes the book as it is now; null when nothing changed or nobody has ever looked at it. */
  advance(symbol: Symbol): DepthUpdate | null {
    const before = this.#books.get(symbol);
    if (before === undefined) return null;
    const now = this.#levels(symbol);
    const bids = changed(before.bids, now.bids);
    const asks = changed(before.asks, now.asks);
    const changes = bids.length + asks.length;
    if (changes === 0) return null;
    const u = before.lastUpdateId + changes;
    this.#books.set(symbol, { lastUpdateId: u, ...now });
    return { U: before.lastUpdateId + 1, u, pu: before.lastUpdateId, bids, asks };
  }

  #levels(symbol: Symbol): Omit<DepthSnapshot, 'lastUpdateId'> {
    return { bids: this.#market.levels('sell', symbol).map(levelOf), asks: this.#market.levels('buy', symbol).map(levelOf) };
  }
}

const levelOf = ({ price, quantity }: BookLevel): Level => [price, quantity];

function changed(before: readonly Level[], now: readonly Level[]): readonly Level[] {
  const old = new Map(before);
  const current = new Map(now);
  const gone = before.filter(([price]) => !current.has(price)).map(([price]): Level => [price, '0']);
  return [...gone, ...now.filter(([price, quantity]) => old.get(price) !== quantity)];
}
