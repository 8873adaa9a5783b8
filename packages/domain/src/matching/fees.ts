import type { Instrument } from '../market/instrument.ts';
import { type Decimal, mul } from '../money/decimal.ts';

/** price × quantity × rate of the liquidity; positive = paid. Quote currency, exact. */
export function executionFee(
  instrument: Instrument,
  execution: { readonly price: Decimal; readonly quantity: Decimal; readonly liquidity: 'maker' | 'taker' },
): Decimal {
  const rate = execution.liquidity === 'maker' ? instrument.makerFeeRate : instrument.takerFeeRate;
  return mul(mul(execution.price, execution.quantity), rate);
}
