import type { Symbol } from '../market/instrument.ts';
import { add, type Decimal, mul, neg, sum } from '../money/decimal.ts';
import { type Timestamp, timestamp } from '../time/timestamp.ts';
import { type AccountState, type MatchingEvent, type MatchingOutcome, type MatchingPosition, unchanged } from './account-state.ts';
import { type MatchingMarket, markOf, rulesOf } from './rules.ts';

export const FUNDING_INTERVAL_MS = 3_600_000;
/** Boundaries settled in one step; a market that jumps further (a gap in recorded data) is not charged for the hours it never traded. */
export const FUNDING_BOUNDARIES_PER_STEP_MAX = 24;

/** The last full hour at or before the moment. */
export const lastBoundary = (at: Timestamp): Timestamp => timestamp(Math.floor(at / FUNDING_INTERVAL_MS) * FUNDING_INTERVAL_MS);

/** What a position receives at one boundary: −quantity × mark × rate; longs pay while the rate is positive. */
export const fundingPayment = (quantity: Decimal, mark: Decimal, rate: Decimal): Decimal => neg(mul(mul(quantity, mark), rate));

/** Pays funding for every boundary of market time since the account was last settled, at the mark of this step. */
export function settleFunding(state: AccountState, market: MatchingMarket): MatchingOutcome {
  const last = lastBoundary(market.marketTime);
  if (state.positions.length === 0 || last <= state.fundedUntil) return unchanged(state);
  const earliest = last - (FUNDING_BOUNDARIES_PER_STEP_MAX - 1) * FUNDING_INTERVAL_MS;
  const first = Math.max(state.fundedUntil + FUNDING_INTERVAL_MS, earliest);
  const events: MatchingEvent[] = [];
  const amounts: Decimal[] = [];
  for (let boundary = first; boundary <= last; boundary += FUNDING_INTERVAL_MS) {
    for (const position of state.positions) {
      const { amount, event } = payment(position, timestamp(boundary), market);
      amounts.push(amount);
      events.push(event);
    }
  }
  const total = sum(amounts);
  return { state: { ...state, funding: add(state.funding, total), balance: add(state.balance, total), fundedUntil: last }, events };
}

function payment(
  position: MatchingPosition,
  boundary: Timestamp,
  market: MatchingMarket,
): { readonly amount: Decimal; readonly event: MatchingEvent } {
  const rate = rulesOf(market, position.symbol).fundingRatePerHour;
  const amount = fundingPayment(position.quantity, markOf(market, position.symbol), rate);
  const fundingId = fundingIdOf(position.symbol, boundary);
  return {
    amount,
    event: { kind: 'funding', funding: { fundingId, symbol: position.symbol, amount, rate, at: market.now, marketTime: boundary } },
  };
}

/** The same boundary of the same symbol is one payment, whenever it is computed. */
const fundingIdOf = (symbol: Symbol, boundary: Timestamp): string => `funding-${symbol}-${boundary}`;
