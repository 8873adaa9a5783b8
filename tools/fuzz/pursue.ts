import { checkEntry, checkFreshness, type Decision, isDecimal, makePlan, type Plan, parseAnswer, type Symbol } from '@hyperoru/domain';
import { FAKE_EPOCH } from '@hyperoru/testkit';
import type { Situation } from './situation.ts';

/** An answer's way to orders, as the engine goes it, without a store. */
export interface Pursued {
  /** Why the answer was none; null when it was valid. */
  readonly invalid: string | null;
  readonly decisions: readonly Decision[];
  readonly approved: readonly { readonly decision: Decision; readonly plan: Plan }[];
  /** Codes of the decisions that were denied. */
  readonly denials: readonly string[];
}

export function pursue(text: string, situation: Situation): Pursued {
  const answer = parseAnswer(text);
  if (!answer.ok) return { invalid: answer.error.code, decisions: [], approved: [], denials: [] };
  const approved: { decision: Decision; plan: Plan }[] = [];
  const denials: string[] = [];
  for (const decision of answer.value) {
    if (decision.operation === 'hold') continue;
    const judged = judge(decision, situation);
    if (typeof judged === 'string') denials.push(judged);
    else approved.push({ decision, plan: judged });
  }
  return { invalid: null, decisions: answer.value, approved, denials };
}

/** The plan that may be sent, or the code of the denial. */
function judge(decision: Decision, situation: Situation): Plan | string {
  const symbol: Symbol | null = decision.symbol;
  const listing = symbol === null ? undefined : situation.listed.get(symbol);
  if (symbol === null || listing === undefined) return 'symbol_unknown';
  if (!situation.bound.includes(symbol)) return 'symbol_not_bound';
  const { instrument, quote } = listing;
  const position = situation.positions.find((each) => each.symbol === symbol) ?? null;
  const { maxPriceDeviation } = situation.limits.trader;
  const plan = makePlan({ decision, instrument, quote, available: situation.available, position, maxPriceDeviation });
  if (!plan.ok) return plan.error.code;
  const fresh = checkFreshness({ now: FAKE_EPOCH, decidedAt: FAKE_EPOCH, quote, promptMark: situation.promptMark });
  if (!fresh.ok) return fresh.error.code;
  if (plan.value.kind === 'exit') return plan.value;
  const exposure = { ...situation.exposureOf(symbol), maintenanceMarginRate: instrument.maintenanceMarginRate };
  const entry = checkEntry(plan.value, situation.limits, exposure);
  return entry.ok ? entry.value : entry.error.code;
}

/** Every number of a plan is one that a venue can be told. */
export const arePlain = (plan: Plan): boolean =>
  Object.values(plan).every((value) => typeof value !== 'string' || !/^-?[\d.]/.test(value) || isDecimal(value));
