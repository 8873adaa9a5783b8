import type { EntryPlan } from '../decisions/plan.ts';
import { abs, type Decimal, gt, gte, isPositive, lte, mul, sub } from '../money/decimal.ts';
import { type Denied, deny } from './denial.ts';
import type { Exposure } from './exposure.ts';
import type { RiskLimits } from './limits.ts';
import { plannedLiquidationPrice } from './liquidation-price.ts';

/** Limit price, stop-loss and take-profit against the mark and the price of liquidation; null = all in order. */
export function checkPrices(plan: EntryPlan, limits: RiskLimits, exposure: Exposure): Denied | null {
  return checkCollar(plan, limits) ?? checkStop(plan, limits, exposure) ?? checkTakeProfit(plan);
}

function checkCollar({ limitPrice, referencePrice }: EntryPlan, { maxPriceDeviation }: RiskLimits): Denied | null {
  const isWithin = isPositive(referencePrice) && lte(abs(sub(limitPrice, referencePrice)), mul(referencePrice, maxPriceDeviation));
  if (isWithin) return null;
  const message = `The limit price ${limitPrice} is farther from the mark ${referencePrice} than the share ${maxPriceDeviation} of it.`;
  return deny('price_beyond_collar', message);
}

function checkStop(plan: EntryPlan, limits: RiskLimits, { position, maintenanceMarginRate }: Exposure): Denied | null {
  const { stopLossPrice, referencePrice, side } = plan;
  if (stopLossPrice === null)
    return limits.requireStopLoss ? deny('stop_loss_missing', 'The limits require a stop loss and the decision has none.') : null;
  if (!isBeyond(stopLossPrice, referencePrice, side === 'buy' ? 'below' : 'above'))
    return deny('stop_loss_wrong_side', `The stop loss ${stopLossPrice} is on the wrong side of the price ${referencePrice}.`);
  const liquidation = plannedLiquidationPrice(plan, position, maintenanceMarginRate);
  const isReached = liquidation === null || (side === 'buy' ? gt(stopLossPrice, liquidation) : gt(liquidation, stopLossPrice));
  if (isReached) return null;
  const message = `The position would be liquidated near ${liquidation}, before the stop loss ${stopLossPrice} is reached.`;
  return deny('stop_beyond_liquidation', message);
}

function checkTakeProfit({ takeProfitPrice, referencePrice, side }: EntryPlan): Denied | null {
  if (takeProfitPrice === null || isBeyond(takeProfitPrice, referencePrice, side === 'buy' ? 'above' : 'below')) return null;
  return deny('take_profit_wrong_side', `The take profit ${takeProfitPrice} is on the wrong side of the price ${referencePrice}.`);
}

/** A trigger price of 0 or less protects nothing. */
function isBeyond(price: Decimal, reference: Decimal, where: 'below' | 'above'): boolean {
  return where === 'above' ? gt(price, reference) : isPositive(price) && !gte(price, reference);
}
