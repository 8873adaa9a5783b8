import { type Decimal, gt } from '../money/decimal.ts';
import type { InstanceLimits } from './instance-limits.ts';
import type { ExternalPolicy, RiskLimits } from './limits.ts';

/** For every field: does the change allow more than before? A new field does not compile until it says so. */
type Raises<L> = { readonly [K in keyof L]: (before: L, after: L) => boolean };

/** Least careful last. */
const CARE: readonly ExternalPolicy[] = ['alarm', 'adopt', 'ignore'];

const TRADER: Raises<RiskLimits> = {
  maxLeverage: (before, after) => after.maxLeverage > before.maxLeverage,
  maxOrderNotional: (before, after) => gt(after.maxOrderNotional, before.maxOrderNotional),
  maxTotalNotional: (before, after) => gt(after.maxTotalNotional, before.maxTotalNotional),
  maxOpenPositions: (before, after) => after.maxOpenPositions > before.maxOpenPositions,
  allowedSymbols: (before, after) => before.allowedSymbols !== null && !isSubset(after.allowedSymbols, before.allowedSymbols),
  maxDailyLoss: (before, after) => exceeds(after.maxDailyLoss, before.maxDailyLoss),
  maxOrdersPerHour: (before, after) => after.maxOrdersPerHour > before.maxOrdersPerHour,
  requireStopLoss: (before, after) => before.requireStopLoss && !after.requireStopLoss,
  onProtectionFailure: (before, after) => before.onProtectionFailure === 'flatten' && after.onProtectionFailure === 'alert_only',
  maxPriceDeviation: (before, after) => gt(after.maxPriceDeviation, before.maxPriceDeviation),
  cooldownMinutes: (before, after) => after.cooldownMinutes < before.cooldownMinutes,
  maxDrawdown: (before, after) => exceeds(after.maxDrawdown, before.maxDrawdown),
  maxSameDirectionNotional: (before, after) => exceeds(after.maxSameDirectionNotional, before.maxSameDirectionNotional),
  onExternalActivity: (before, after) => CARE.indexOf(after.onExternalActivity) > CARE.indexOf(before.onExternalActivity),
  llmDailyBudgetUsd: (before, after) => exceeds(after.llmDailyBudgetUsd, before.llmDailyBudgetUsd),
};

const INSTANCE: Raises<InstanceLimits> = {
  maxTotalNotional: (before, after) => exceeds(after.maxTotalNotional, before.maxTotalNotional),
  maxLeverage: (before, after) => exceedsNumber(after.maxLeverage, before.maxLeverage),
  maxDailyLoss: (before, after) => exceeds(after.maxDailyLoss, before.maxDailyLoss),
  maxOrdersPerMinute: (before, after) => after.maxOrdersPerMinute > before.maxOrdersPerMinute,
};

/** Names of the fields that allow more after the change than before; lowering any number of others makes up for none. */
export const raisedLimits = (before: RiskLimits, after: RiskLimits): readonly string[] => raised(TRADER, before, after);
/** As {@link raisedLimits}, for the limits of the instance. */
export const raisedInstanceLimits = (before: InstanceLimits, after: InstanceLimits): readonly string[] => raised(INSTANCE, before, after);

/**
 * Names of the trader's limits that the change sets above those of the instance. What was above before, because the instance's
 * was lowered since, is no obstacle to lowering something else: the gate checks both.
 */
export function limitsAboveInstance(before: RiskLimits, after: RiskLimits, instance: InstanceLimits): readonly string[] {
  const above = {
    maxLeverage: after.maxLeverage !== before.maxLeverage && exceedsNumber(after.maxLeverage, instance.maxLeverage),
    maxOrderNotional: after.maxOrderNotional !== before.maxOrderNotional && exceeds(after.maxOrderNotional, instance.maxTotalNotional),
    maxTotalNotional: after.maxTotalNotional !== before.maxTotalNotional && exceeds(after.maxTotalNotional, instance.maxTotalNotional),
    maxDailyLoss: after.maxDailyLoss !== before.maxDailyLoss && exceeds(after.maxDailyLoss, instance.maxDailyLoss),
  };
  return Object.entries(above).flatMap(([field, isAbove]) => (isAbove ? [field] : []));
}

function raised<L>(raises: Raises<L>, before: L, after: L): readonly string[] {
  const all: readonly [string, (before: L, after: L) => boolean][] = Object.entries(raises);
  return all.flatMap(([field, isRaise]) => (isRaise(before, after) ? [field] : []));
}

/** null is no limit, which exceeds every limit. */
function exceeds(value: Decimal | null, limit: Decimal | null): boolean {
  return limit !== null && (value === null || gt(value, limit));
}

function exceedsNumber(value: number | null, limit: number | null): boolean {
  return limit !== null && (value === null || value > limit);
}

/** null is every symbol. */
function isSubset(part: readonly string[] | null, whole: readonly string[]): boolean {
  return part === null ? false : part.every((each) => whole.includes(each));
}
