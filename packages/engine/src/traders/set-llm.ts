import { type LlmSettings, ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { type Refusal, refuse, type UseCaseResult } from '../refusal.ts';
import { lockOwnTrader, readOwnTrader } from './own-trader.ts';
import { LLM_KEY_FIELD } from './reveal-llm-key.ts';
import { setUpLane } from './set-up-lane.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

/** Hex digits of the key's SHA-256 that are shown: enough to tell keys apart, useless to find one. */
const FINGERPRINT_DIGITS = 8;

export interface LlmInput {
  readonly traderId: TraderId;
  readonly model: string;
  /** Kept and given back as written. */
  readonly baseUrl: string;
  /** undefined keeps the stored key while the origin stays the same; null removes it. */
  readonly apiKey?: string | null | undefined;
}

type KeyStep = 'keep' | 'replace' | 'remove';
interface KeyPlan {
  readonly step: KeyStep;
  readonly origin: string;
  readonly originChanges: boolean;
}

/**
 * Sets model, base URL and key. A key is bound to the origin it was given for: at another origin the old key is destroyed
 * and a new one is needed, unless the endpoint works without. Refuses `base_url_forbidden`, `api_key_required`; then nothing changes.
 */
export async function setLlm(deps: EngineDeps, scope: OwnerScope, input: LlmInput): Promise<UseCaseResult<TraderView>> {
  return deps.mutex(setUpLane(input.traderId), async (): Promise<UseCaseResult<TraderView>> => {
    const own = await deps.store.transaction((tx) => readOwnTrader(tx, scope, input.traderId));
    if (!own.ok) return own;
    const plan = planKey(deps, own.value, input);
    if (!plan.ok) return plan;
    await moveKey(deps, input, plan.value);
    const result = await storeSettings(deps, scope, input, plan.value);
    // Deleted in between: its secrets must not outlive it.
    if (!result.ok) await deps.secrets.destroyAll(input.traderId);
    return result;
  });
}

function planKey(deps: EngineDeps, trader: Trader, input: LlmInput): UseCaseResult<KeyPlan> {
  const check = deps.checkBaseUrl(input.baseUrl);
  if (check.problem !== null) return refuse('base_url_forbidden', check.problem, [{ field: 'base_url', message: check.problem }]);
  const originBefore = trader.llm === null ? null : deps.checkBaseUrl(trader.llm.baseUrl).origin;
  const originChanges = originBefore !== null && originBefore !== check.origin;
  const plan = (step: KeyStep): UseCaseResult<KeyPlan> => ok({ step, origin: check.origin, originChanges });
  if (typeof input.apiKey === 'string') return plan('replace');
  const keeps = input.apiKey === undefined && !originChanges && trader.llm?.hasApiKey === true;
  if (keeps) return plan('keep');
  if (check.needsApiKey) return needsKey(check.origin, originChanges);
  return plan('remove');
}

function needsKey(origin: string, originChanges: boolean): { readonly ok: false; readonly error: Refusal } {
  const reason = originChanges ? `The stored key belongs to another address and is never sent to ${origin}.` : `${origin} needs a key.`;
  return refuse('api_key_required', `${reason} Send api_key.`, [{ field: 'api_key', message: `Expected a key for ${origin}.` }]);
}

async function moveKey(deps: EngineDeps, input: LlmInput, plan: KeyPlan): Promise<void> {
  if (plan.step === 'keep') return;
  if (plan.step === 'remove' || plan.originChanges) await deps.secrets.destroy(input.traderId, LLM_KEY_FIELD);
  if (typeof input.apiKey === 'string')
    await deps.secrets.put({ ownerId: input.traderId, field: LLM_KEY_FIELD, origin: plan.origin }, input.apiKey);
}

async function storeSettings(deps: EngineDeps, scope: OwnerScope, input: LlmInput, plan: KeyPlan): Promise<UseCaseResult<TraderView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
    const own = await lockOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    const trader = own.value;
    const llm: LlmSettings = {
      model: input.model,
      baseUrl: input.baseUrl,
      hasApiKey: plan.step !== 'remove',
      keyFingerprint: fingerprint(deps, input, plan, trader.llm),
      isScripted: deps.isScriptedBaseUrl(input.baseUrl),
    };
    const next: Trader = { ...trader, llm };
    const detail = { model: llm.model, base_url: llm.baseUrl, key: plan.step, key_fingerprint: llm.keyFingerprint };
    await storeTrader(tx, deps, scope, next, { action: 'trader.llm_set', detail });
    return ok(await viewTrader(tx, deps, next));
  });
}

function fingerprint(deps: EngineDeps, input: LlmInput, plan: KeyPlan, before: LlmSettings | null): string | null {
  if (plan.step === 'keep') return before?.keyFingerprint ?? null;
  return typeof input.apiKey === 'string' ? deps.ids.hash(input.apiKey).slice(0, FINGERPRINT_DIGITS) : null;
}
