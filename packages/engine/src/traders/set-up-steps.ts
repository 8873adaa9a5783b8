import type { Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';

/** The steps after creation, in the order in which a person takes them. */
export const SET_UP_STEPS = ['llm', 'exchange', 'binding'] as const;
export type SetUpStep = (typeof SET_UP_STEPS)[number];

/** What is still missing, in order. Without `llm` and `exchange` a trader cannot be active; without a binding nothing wakes it. */
export function missingSteps(deps: Pick<EngineDeps, 'checkBaseUrl'>, trader: Trader, bindingsCount: number): readonly SetUpStep[] {
  const has: Record<SetUpStep, boolean> = {
    llm: hasUsableModel(deps, trader),
    exchange: trader.exchange !== null,
    binding: bindingsCount > 0,
  };
  return SET_UP_STEPS.filter((step) => !has[step]);
}

function hasUsableModel(deps: Pick<EngineDeps, 'checkBaseUrl'>, trader: Trader): boolean {
  if (trader.llm === null) return false;
  return trader.llm.hasApiKey || !deps.checkBaseUrl(trader.llm.baseUrl).needsApiKey;
}
