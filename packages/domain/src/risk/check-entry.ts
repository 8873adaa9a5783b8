import type { EntryPlan } from '../decisions/plan.ts';
import { add, type Decimal, gt, gte, lte, neg } from '../money/decimal.ts';
import type { Position } from '../positions/position.ts';
import { ok, type Result } from '../result.ts';
import { type Denial, deny } from './denial.ts';
import type { RiskLimits } from './limits.ts';

/** What the trader has at stake right now. Every order that is not final counts as fully filled. */
export interface Exposure {
  /** Sum of |position| × mark plus every open entry order's notional, quote currency. */
  readonly openNotional: Decimal;
  /** Symbols with a position or an open entry order. */
  readonly openSymbols: readonly string[];
  /** Open position in the plan's symbol. */
  readonly position: Position | null;
  /** Realized PnL, fees and funding since 00:00 UTC plus unrealized PnL; negative = loss. */
  readonly pnlToday: Decimal;
  readonly entriesLastHour: number;
}

/** Checks an entry against the limits and returns it unchanged, or the first reason to deny it. */
export function checkEntry(plan: EntryPlan, limits: RiskLimits, exposure: Exposure): Result<EntryPlan, Denial> {
  return (
    firstDenial([
      checkSymbol(plan, limits),
      checkLeverage(plan, limits, exposure),
      checkSize(plan, limits, exposure),
      checkProtection(plan, limits),
      checkPace(limits, exposure),
    ]) ?? ok(plan)
  );
}

type Check = Result<null, Denial>;
const passed: Check = ok(null);

function firstDenial(checks: readonly Check[]): { readonly ok: false; readonly error: Denial } | null {
  return checks.find((check) => !check.ok) ?? null;
}

function checkSymbol(plan: EntryPlan, limits: RiskLimits): Check {
  if (limits.allowedSymbols === null || limits.allowedSymbols.includes(plan.symbol)) return passed;
  return deny('symbol_not_allowed', `${plan.symbol} is not among the allowed symbols.`);
}

function checkLeverage(plan: EntryPlan, limits: RiskLimits, { position }: Exposure): Check {
  if (plan.leverage > limits.maxLeverage)
    return deny('leverage_exceeded', `Leverage ${plan.leverage} exceeds the limit of ${limits.maxLeverage}.`);
  if (position !== null && position.leverage !== plan.leverage)
    return deny('leverage_conflict', `The open position has leverage ${position.leverage}, the decision wants ${plan.leverage}.`);
  return passed;
}

function checkSize(plan: EntryPlan, limits: RiskLimits, exposure: Exposure): Check {
  if (gt(plan.notional, limits.maxOrderNotional))
    return deny('order_notional_exceeded', `The order's notional ${plan.notional} exceeds the limit of ${limits.maxOrderNotional}.`);
  const total = add(exposure.openNotional, plan.notional);
  if (gt(total, limits.maxTotalNotional))
    return deny('total_notional_exceeded', `The total notional would be ${total}, the limit is ${limits.maxTotalNotional}.`);
  const isNew = !exposure.openSymbols.includes(plan.symbol);
  if (isNew && exposure.openSymbols.length >= limits.maxOpenPositions)
    return deny('positions_exceeded', `${exposure.openSymbols.length} positions are open, the limit is ${limits.maxOpenPositions}.`);
  return passed;
}

function checkProtection(plan: EntryPlan, limits: RiskLimits): Check {
  const { stopLossPrice, takeProfitPrice, referencePrice, side } = plan;
  if (stopLossPrice === null && limits.requireStopLoss)
    return deny('stop_loss_missing', 'The limits require a stop loss and the decision has none.');
  if (stopLossPrice !== null && !isBeyond(stopLossPrice, referencePrice, side === 'buy' ? 'below' : 'above')) {
    return deny('stop_loss_wrong_side', `The stop loss ${stopLossPrice} is on the wrong side of the price ${referencePrice}.`);
  }
  if (takeProfitPrice !== null && !isBeyond(takeProfitPrice, referencePrice, side === 'buy' ? 'above' : 'below')) {
    return deny('take_profit_wrong_side', `The take profit ${takeProfitPrice} is on the wrong side of the price ${referencePrice}.`);
  }
  return passed;
}

function checkPace(limits: RiskLimits, exposure: Exposure): Check {
  if (limits.maxDailyLoss !== null && lte(exposure.pnlToday, neg(limits.maxDailyLoss))) {
    return deny('daily_loss_reached', `Today's result is ${exposure.pnlToday}, the daily loss limit is ${limits.maxDailyLoss}.`);
  }
  if (exposure.entriesLastHour >= limits.maxOrdersPerHour)
    return deny(
      'orders_per_hour_exceeded',
      `${exposure.entriesLastHour} entries in the last hour, the limit is ${limits.maxOrdersPerHour}.`,
    );
  return passed;
}

/** A trigger price of 0 or less protects nothing. */
function isBeyond(price: Decimal, reference: Decimal, where: 'below' | 'above'): boolean {
  if (where === 'above') return gt(price, reference);
  return gt(reference, price) && !gte(neg(price), price);
}
