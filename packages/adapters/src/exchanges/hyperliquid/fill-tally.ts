import { add, type Decimal, div, eq, isZero, mul, round, ZERO } from '@hyperoru/domain';
import type { WireFill } from './wire.ts';

/** Orders whose executions are remembered; the oldest are forgotten. */
const ORDERS_MAX = 1_000;
const PRICE_PLACES = 12;

interface Tally {
  readonly trades: Set<string>;
  quantity: Decimal;
  notional: Decimal;
}

/** One execution: the venue's trade id alone repeats when the same two orders meet again. */
export const tradeIdOf = (fill: WireFill): string => `${fill.coin}-${fill.time}-${fill.tid}`;

/** Executions of one account by order, for the average price that the venue does not tell. Each counts once. */
export class FillTally {
  readonly #orders = new Map<number, Tally>();

  add(fills: readonly WireFill[]): void {
    for (const fill of fills) {
      const tally = this.#orders.get(fill.oid) ?? { trades: new Set(), quantity: ZERO, notional: ZERO };
      if (tally.trades.has(tradeIdOf(fill))) continue;
      tally.trades.add(tradeIdOf(fill));
      tally.quantity = add(tally.quantity, fill.sz);
      tally.notional = add(tally.notional, mul(fill.px, fill.sz));
      this.#orders.set(fill.oid, tally);
    }
    for (const oldest of this.#orders.keys()) {
      if (this.#orders.size <= ORDERS_MAX) break;
      this.#orders.delete(oldest);
    }
  }

  /** What is known to have been executed of an order. */
  executed(oid: number): Decimal {
    return this.#orders.get(oid)?.quantity ?? ZERO;
  }

  /** null unless executions of exactly this quantity are known. */
  averagePrice(oid: number, quantity: Decimal): Decimal | null {
    const tally = this.#orders.get(oid);
    if (tally === undefined || isZero(quantity) || !eq(tally.quantity, quantity)) return null;
    return round(div(tally.notional, tally.quantity), PRICE_PLACES);
  }
}
