import type { Clock, ModelExchange } from '@hyperoru/engine';

/** What an endpoint is known, or still hoped, to understand. */
export interface Capability {
  readonly rung: ModelExchange['rung'];
  readonly outputLimit: 'max_tokens' | 'max_completion_tokens' | 'none';
  readonly sendsTemperature: boolean;
}

export const FULL_CAPABILITY: Capability = { rung: 'json_schema', outputLimit: 'max_tokens', sendsTemperature: true };

/** After a day everything is tried anew: providers gain abilities. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
const ENDPOINTS_MAX = 500;

/** Remembers per origin and model what an endpoint accepted, so that only the first question pays for finding out. */
export interface CapabilityMemory {
  recall(origin: string, model: string): Capability;
  remember(origin: string, model: string, capability: Capability): void;
}

export function capabilityMemory(clock: Clock): CapabilityMemory {
  const known = new Map<string, { readonly capability: Capability; readonly expiresAtMs: number }>();
  const keyOf = (origin: string, model: string) => JSON.stringify([origin, model]);
  return {
    recall: (origin, model) => {
      const entry = known.get(keyOf(origin, model));
      return entry !== undefined && clock.monotonicMs() < entry.expiresAtMs ? entry.capability : FULL_CAPABILITY;
    },
    remember: (origin, model, capability) => {
      const key = keyOf(origin, model);
      const current = known.get(key);
      // The first finding sets the expiry; confirming it every minute must not put the next trial off for ever.
      const isFresh = current !== undefined && clock.monotonicMs() < current.expiresAtMs;
      known.delete(key);
      known.set(key, { capability, expiresAtMs: isFresh ? current.expiresAtMs : clock.monotonicMs() + REMEMBERED_MS });
      for (const oldest of known.keys()) {
        if (known.size <= ENDPOINTS_MAX) break;
        known.delete(oldest);
      }
    },
  };
}

/** The next simpler way to ask for JSON; null below plain text. */
export function rungBelow(capability: Capability): Capability | null {
  if (capability.rung === 'json_schema') return { ...capability, rung: 'json_object' };
  if (capability.rung === 'json_object') return { ...capability, rung: 'text' };
  return null;
}
