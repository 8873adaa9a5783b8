import type { EntryPlan } from '../decisions/plan.ts';
import { ok, type Result } from '../result.ts';
import { checkInstance } from './check-instance.ts';
import { checkPace } from './check-pace.ts';
import { checkPrices } from './check-prices.ts';
import { checkSize } from './check-size.ts';
import { type Denial, deny } from './denial.ts';
import type { Exposure } from './exposure.ts';
import type { InstanceLimits } from './instance-limits.ts';
import type { RiskLimits } from './limits.ts';

/** The limits of the trader and of the instance it belongs to; null when those of the instance cannot be read. */
export interface EntryLimits {
  readonly trader: RiskLimits;
  readonly instance: InstanceLimits | null;
}

/**
 * The one gate of every entry, whoever decided it: checks the plan against the limits and returns it unchanged, or the first
 * reason to deny it. What is not known is denied.
 */
export function checkEntry(plan: EntryPlan, limits: EntryLimits, exposure: Exposure): Result<EntryPlan, Denial> {
  const checks = [
    checkState(exposure),
    checkSymbol(plan, limits.trader),
    checkSize(plan, limits.trader, exposure),
    checkPrices(plan, limits.trader, exposure),
    checkPace(limits.trader, exposure),
    checkInstance(plan, limits.instance, exposure.instance),
  ];
  return checks.find((check) => check !== null) ?? ok(plan);
}

function checkState({ isKilled, isReduceOnly }: Exposure) {
  if (isKilled) return deny('killed', 'The kill switch is armed for this trader or for the instance.');
  return isReduceOnly ? deny('reduce_only', 'The trader manages its exits and enters nothing.') : null;
}

function checkSymbol({ symbol }: EntryPlan, { allowedSymbols }: RiskLimits) {
  if (allowedSymbols === null || allowedSymbols.includes(symbol)) return null;
  return deny('symbol_not_allowed', `${symbol} is not among the allowed symbols.`);
}
