import type { Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import {
  add,
  ceilToStep,
  type Decimal,
  decimal,
  div,
  floorToStep,
  gt,
  isPositive,
  isZero,
  lt,
  max,
  min,
  mul,
  ONE,
  sub,
  ZERO,
} from '../money/decimal.ts';
import type { OrderSide } from '../orders/order.ts';
import type { Position } from '../positions/position.ts';
import { ok, type Result } from '../result.ts';
import { type Denial, deny } from '../risk/denial.ts';
import type { Decision, ProtectiveLevel } from './decision.ts';
import type { EntryPlan, ExitPlan, Plan } from './plan.ts';

/** How far beyond the touch a marketable order may reach; bounds slippage. */
export const SLIPPAGE_LIMIT = decimal('0.005');
const ONE_HUNDRED = decimal('100');

/** What a plan is made from; all of one moment. `available` is the venue's free collateral. */
export interface PlanInputs {
  readonly decision: Decision;
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly available: Decimal;
  /** Open position of the trader in this symbol, or null. */
  readonly position: Position | null;
  /** See RiskLimits; bounds how far an exit reaches beyond the touch. */
  readonly maxPriceDeviation: Decimal;
}

/** Sizes and rounds a decision that is not `hold`. Rounding is always toward less risk: smaller quantity, nearer stop. */
export function makePlan(inputs: PlanInputs): Result<Plan, Denial> {
  return inputs.decision.operation === 'close' ? planExit(inputs) : planEntry(inputs, inputs.decision.operation === 'buy' ? 'buy' : 'sell');
}

function planEntry({ decision, instrument, quote, available, position }: PlanInputs, side: OrderSide): Result<EntryPlan, Denial> {
  if (position !== null && (position.side === 'long') !== (side === 'buy'))
    return deny('opposite_position', `The open ${position.side} in ${instrument.symbol} must be closed first.`);
  if (decision.portion === null || !isPositive(decision.portion)) return deny('size_missing', 'The decision names no size greater than 0.');
  // Venues know whole leverage only; the smaller one needs more margin for the same notional.
  const leverage = Math.floor(decision.leverage ?? position?.leverage ?? 1);
  if (leverage > instrument.leverageMax)
    return deny(
      'leverage_exceeded',
      `Leverage ${leverage} exceeds the venue's limit of ${instrument.leverageMax} for ${instrument.symbol}.`,
    );
  const limit = entryLimit(decision, instrument, quote, side);
  if (!limit.ok) return limit;
  const limitPrice = limit.value;
  // A sell may execute above its limit, so it is sized and judged at the highest price in sight.
  const dearestPrice = side === 'buy' ? limitPrice : max(limitPrice, max(quote.bid, quote.mark));
  const quantity = entryQuantity({
    side,
    portion: decision.portion,
    available,
    leverage,
    instrument,
    limitPrice,
    dearestPrice,
    mark: quote.mark,
  });
  if (lt(quantity, instrument.quantityMin) || lt(mul(quantity, min(quote.mark, limitPrice)), instrument.notionalMin)) {
    return deny(
      'order_too_small',
      `${quantity} ${instrument.symbol} is below the venue's minimum of ${instrument.quantityMin} or ${instrument.notionalMin} ${instrument.quoteCurrency}.`,
    );
  }
  const notional = mul(quantity, dearestPrice);
  return ok({
    kind: 'entry',
    symbol: instrument.symbol,
    side,
    quantity,
    limitPrice,
    timeInForce: decision.timeInForce,
    leverage,
    notional,
    margin: div(notional, decimalOf(leverage)),
    referencePrice: quote.mark,
    stopLossPrice: protectivePrice(decision.stopLoss, quote.mark, { below: side === 'buy', instrument }),
    takeProfitPrice: protectivePrice(decision.takeProfit, quote.mark, { below: side === 'sell', instrument }),
  });
}

/**
 * The greatest multiple of the size increment with margin + fee ≤ portion × available, where margin = notional ÷ leverage
 * and fee = notional × taker rate. Filled at the worst price, margin at mark + fee + the loss against the mark fit into
 * `available`, so that the venue does not refuse it.
 */
function entryQuantity(by: {
  readonly side: OrderSide;
  readonly portion: Decimal;
  readonly available: Decimal;
  readonly leverage: number;
  readonly instrument: Instrument;
  readonly limitPrice: Decimal;
  readonly dearestPrice: Decimal;
  readonly mark: Decimal;
}): Decimal {
  const leverage = decimalOf(by.leverage);
  const loss = max(ZERO, by.side === 'buy' ? sub(by.limitPrice, by.mark) : sub(by.mark, by.limitPrice));
  // Both sides times leverage, so that nothing is divided before the one quotient that is floored.
  const fee = mul(by.dearestPrice, by.instrument.takerFeeRate);
  const budget = mul(by.available, leverage);
  const wanted = wholeSteps(mul(budget, by.portion), add(by.dearestPrice, mul(leverage, fee)), by.instrument.sizeIncrement);
  const possible = wholeSteps(budget, add(by.mark, mul(leverage, add(fee, loss))), by.instrument.sizeIncrement);
  return min(wanted, possible);
}

/** Most steps that `budget` pays for; never one too many because a quotient was rounded up. */
function wholeSteps(budget: Decimal, costPerUnit: Decimal, step: Decimal): Decimal {
  if (!isPositive(budget)) return ZERO;
  const quantity = floorToStep(div(budget, costPerUnit), step);
  return gt(mul(quantity, costPerUnit), budget) ? sub(quantity, step) : quantity;
}

/** Worst acceptable price: the touch plus the slippage limit, capped by the decision; a resting order rests at the touch's own side. */
function entryLimit(decision: Decision, instrument: Instrument, quote: Quote, side: OrderSide): Result<Decimal, Denial> {
  const rests = decision.timeInForce === 'post_only' || decision.timeInForce === 'gtc';
  if (side === 'buy') {
    const reach = rests ? quote.bid : mul(quote.ask, add(ONE, SLIPPAGE_LIMIT));
    const price = floorToStep(decision.maxPrice === null ? reach : min(reach, decision.maxPrice), instrument.priceIncrement);
    if (!isPositive(price) || (!rests && lt(price, quote.ask)))
      return deny('price_limit', `The ask ${quote.ask} is above max_price ${decision.maxPrice}.`);
    return ok(price);
  }
  const reach = rests ? quote.ask : mul(quote.bid, sub(ONE, SLIPPAGE_LIMIT));
  const price = ceilToStep(decision.minPrice === null ? reach : max(reach, decision.minPrice), instrument.priceIncrement);
  if (!rests && gt(price, quote.bid)) return deny('price_limit', `The bid ${quote.bid} is below min_price ${decision.minPrice}.`);
  return ok(price);
}

/** Level → trigger price, rounded toward the entry, so that a loss is never larger and a profit never farther than asked. */
function protectivePrice(
  level: ProtectiveLevel | null,
  entry: Decimal,
  options: { readonly below: boolean; readonly instrument: Instrument },
): Decimal | null {
  if (level === null) return null;
  const raw =
    level.kind === 'price' ? level.price : options.below ? sub(entry, distance(level.pct, entry)) : add(entry, distance(level.pct, entry));
  return options.below ? ceilToStep(raw, options.instrument.priceIncrement) : floorToStep(raw, options.instrument.priceIncrement);
}

const distance = (pct: Decimal, entry: Decimal): Decimal => mul(entry, div(pct, ONE_HUNDRED));

function planExit({ decision, instrument, quote, position, maxPriceDeviation }: PlanInputs): Result<ExitPlan, Denial> {
  if (position === null) return deny('no_position', `There is no open position in ${instrument.symbol}.`);
  if (decision.portion !== null && isZero(decision.portion)) return deny('size_missing', 'The decision closes a share of 0.');
  return ok(exitPlan({ instrument, quote, position, portion: decision.portion ?? ONE, maxPriceDeviation }));
}

/** An order that reduces `position` by `portion` (0–1] of its quantity, at least one size increment, at most all of it. */
export function exitPlan(inputs: {
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly position: Pick<Position, 'side' | 'quantity'>;
  readonly portion: Decimal;
  readonly maxPriceDeviation: Decimal;
}): ExitPlan {
  const { instrument, quote, position } = inputs;
  const side = position.side === 'long' ? 'sell' : 'buy';
  const part = ceilToStep(mul(position.quantity, inputs.portion), instrument.sizeIncrement);
  const quantity = min(position.quantity, max(part, instrument.sizeIncrement));
  const limitPrice = exitLimit(inputs, side);
  return { kind: 'exit', symbol: instrument.symbol, side, quantity, limitPrice, referencePrice: quote.mark };
}

/**
 * The touch plus the slippage limit, clipped to the price collar around the mark, but never short of the touch itself:
 * a cap must not keep anyone in a position.
 */
function exitLimit(
  { instrument, quote, maxPriceDeviation }: Pick<Parameters<typeof exitPlan>[0], 'instrument' | 'quote' | 'maxPriceDeviation'>,
  side: OrderSide,
): Decimal {
  const { priceIncrement } = instrument;
  if (side === 'buy') {
    const reach = min(mul(quote.ask, add(ONE, SLIPPAGE_LIMIT)), mul(quote.mark, add(ONE, maxPriceDeviation)));
    return ceilToStep(max(quote.ask, reach), priceIncrement);
  }
  const reach = max(mul(quote.bid, sub(ONE, SLIPPAGE_LIMIT)), mul(quote.mark, sub(ONE, maxPriceDeviation)));
  return max(priceIncrement, floorToStep(min(quote.bid, reach), priceIncrement));
}

const decimalOf = (value: number): Decimal => decimal(String(value));
