import { abs, add, type Decimal, div, isNegative, isPositive, mul, neg, ONE, sub } from '@hyperoru/domain';
import type { Bracket } from './symbols.ts';

/**
 * The mark at which an isolated position is liquidated: (WB + cum − q·entry) ÷ (|q|·MMR − q), q signed, WB the wallet of the
 * position. null when no positive price liquidates it.
 */
export function isolatedLiquidationPrice(
  position: { readonly quantity: Decimal; readonly entryPrice: Decimal; readonly wallet: Decimal },
  { maintMarginRatio, cum }: Pick<Bracket, 'maintMarginRatio' | 'cum'>,
): Decimal | null {
  const { quantity, entryPrice, wallet } = position;
  const size = abs(quantity);
  const slope = isNegative(quantity) ? mul(size, add(maintMarginRatio, ONE)) : neg(mul(size, sub(ONE, maintMarginRatio)));
  const price = div(sub(add(wallet, cum), mul(quantity, entryPrice)), slope);
  return isPositive(price) ? price : null;
}
