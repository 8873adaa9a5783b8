import type { Instrument, Symbol } from '../market/instrument.ts';
import { type Decimal, decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** The modelled order book: a ladder of equal levels on both sides of the mark, full again after every order. */
export interface BookModel {
  /** Distance from mark to the best price, basis points of the mark; rounded outward to the price increment. */
  readonly halfSpreadBps: Decimal;
  /** Distance between levels, basis points of the mark; at least one price increment. */
  readonly levelStepBps: Decimal;
  /** Notional offered per level, quote currency. */
  readonly levelNotional: Decimal;
  /** Levels on each side. */
  readonly levels: number;
  /** What a triggered order pays beyond the ladder, basis points. */
  readonly triggerSlippageBps: Decimal;
  /** What a liquidation pays beyond its trigger price, basis points. */
  readonly liquidationSlippageBps: Decimal;
  /** Distance of prices in the book where it is coarser than the instrument's price increment, as with significant figures. */
  readonly tick?: Decimal;
}

/** Everything that governs one symbol. */
export interface MatchingRules {
  readonly instrument: Instrument;
  readonly book: BookModel;
  /** Share of notional that longs pay shorts at every full hour; negative = shorts pay. */
  readonly fundingRatePerHour: Decimal;
}

/** The market at the moment of a step. Nothing inside the engine knows another time or price. */
export interface MatchingMarket {
  readonly rules: ReadonlyMap<Symbol, MatchingRules>;
  readonly marks: ReadonlyMap<Symbol, Decimal>;
  /** Moment of the market; funding boundaries are its full hours. */
  readonly marketTime: Timestamp;
  /** Moment of this instance's clock; deadlines are compared with it. */
  readonly now: Timestamp;
}

/** How one symbol's mark moved since the step before. `open` is the first price of the step, which differs from the last one after a gap. */
export interface PriceStep {
  readonly symbol: Symbol;
  readonly open: Decimal;
  readonly low: Decimal;
  readonly high: Decimal;
  readonly mark: Decimal;
}

/** Orders of one account that may rest at the same time. */
export const OPEN_ORDERS_MAX = 200;

/** 0.01 % per eight hours, the floor that perpetual venues charge in quiet markets; a stated assumption of the paper venue. */
export const ASSUMED_FUNDING_RATE_PER_HOUR = decimal('0.0000125');

/** The rules of a symbol that is known to be traded. Throws when it is not: callers check requests first. */
export function rulesOf(market: MatchingMarket, symbol: Symbol): MatchingRules {
  const rules = market.rules.get(symbol);
  if (rules === undefined) throw new Error(`Expected rules of ${symbol}, found none.`);
  return rules;
}

/** The mark of a symbol that has a price. Throws when it has none. */
export function markOf(market: MatchingMarket, symbol: Symbol): Decimal {
  const mark = market.marks.get(symbol);
  if (mark === undefined) throw new Error(`Expected a mark price of ${symbol}, found none.`);
  return mark;
}
