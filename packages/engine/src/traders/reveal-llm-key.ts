import type { LlmSettings, TraderId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';

/** Field name of a trader's model key in the vault. */
export const LLM_KEY_FIELD = 'llm.api_key';

/** The key for exactly the origin of the trader's base URL; null when it has none. For the call that uses it, never for an answer. */
export async function revealLlmKey(
  deps: Pick<EngineDeps, 'secrets' | 'checkBaseUrl'>,
  traderId: TraderId,
  llm: Pick<LlmSettings, 'baseUrl' | 'hasApiKey'>,
): Promise<string | null> {
  if (!llm.hasApiKey) return null;
  return deps.secrets.reveal({ ownerId: traderId, field: LLM_KEY_FIELD, origin: deps.checkBaseUrl(llm.baseUrl).origin });
}
