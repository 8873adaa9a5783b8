import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, decimal, div, gt, lt, max, min, mul, ONE, sub, ZERO } from '../money/decimal.ts';
import { addMs, type Timestamp } from '../time/timestamp.ts';
import type { AccountState, MatchedOrder } from './account-state.ts';
import { FUNDING_INTERVAL_MS, lastBoundary } from './funding.ts';
import { accountMargin } from './margin.ts';
import { type MatchingMarket, markOf, type PriceStep, rulesOf } from './rules.ts';
import { firesWhenFalling, triggerOf } from './triggers.ts';

/** Prices strictly between `low` and `high` do nothing to an account. */
interface Band {
  readonly low: Decimal;
  readonly high: Decimal;
}

/** While market time is before `until` and every step stays inside its band, no step has an effect. */
export interface QuietBands {
  readonly until: Timestamp | null;
  readonly bands: ReadonlyMap<Symbol, Band>;
}

/** Above any price; a band that is open upward ends here. */
const NO_LIMIT = decimal(`1${'0'.repeat(30)}`);

/**
 * What the account can sleep through, seen from the marks of the market, which it must have been advanced to.
 * Each position gets an equal share of what separates equity from maintenance: even all of them moving to the ends of
 * their bands together leave the account above liquidation.
 */
export function quietBands(state: AccountState, market: MatchingMarket): QuietBands {
  const bands = new Map<Symbol, Band>();
  const narrow = (symbol: Symbol, band: Band): void => {
    const known = bands.get(symbol);
    bands.set(symbol, known === undefined ? band : { low: max(known.low, band.low), high: min(known.high, band.high) });
  };
  for (const order of state.orders) narrow(order.symbol, bandOfOrder(order));
  if (state.positions.length === 0) return { until: null, bands };
  const { equity, maintenance } = accountMargin(state, market);
  const share = div(max(ZERO, sub(equity, maintenance)), decimal(String(state.positions.length)));
  for (const { symbol, quantity } of state.positions) {
    const rate = rulesOf(market, symbol).instrument.maintenanceMarginRate;
    const distance = div(share, mul(abs(quantity), add(ONE, rate)));
    const mark = markOf(market, symbol);
    narrow(symbol, { low: sub(mark, distance), high: add(mark, distance) });
  }
  return { until: addMs(lastBoundary(market.marketTime), FUNDING_INTERVAL_MS), bands };
}

/** True when the step cannot change the account the bands were made for. */
export function isQuiet(quiet: QuietBands, step: PriceStep, marketTime: Timestamp): boolean {
  if (quiet.until !== null && marketTime >= quiet.until) return false;
  const band = quiet.bands.get(step.symbol);
  return band === undefined || (gt(step.low, band.low) && lt(step.high, band.high));
}

function bandOfOrder(order: MatchedOrder): Band {
  const trigger = triggerOf(order);
  if (trigger !== null) {
    return firesWhenFalling(trigger) ? { low: trigger.triggerPrice, high: NO_LIMIT } : { low: ZERO, high: trigger.triggerPrice };
  }
  const price = order.type.kind === 'limit' ? order.type.price : ZERO;
  return order.side === 'buy' ? { low: price, high: NO_LIMIT } : { low: ZERO, high: price };
}
