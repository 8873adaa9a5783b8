import type { Clock, LanguageModelPort, Log, ModelErrorCode, ModelOutcome, ModelRequest } from '@hyperoru/engine';
import { validateBaseUrl } from './base-url.ts';
import { capabilityMemory } from './capability.ts';
import { converse } from './converse.ts';
import { startDeadline } from './deadline.ts';
import type { EndpointPolicy } from './endpoint-policy.ts';
import { guardedAgents, type Resolve } from './guarded-agents.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './wire.ts';

export interface OpenAiCompatibleOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly endpointPolicy: EndpointPolicy;
  readonly limits?: WireLimits;
  /** Name resolution; the system's by default. */
  readonly resolve?: Resolve;
}

/**
 * Any model behind an OpenAI-compatible endpoint. Asks for JSON in the best way the endpoint understands (schema, JSON mode, plain text),
 * remembers which, allows one repair turn, and ends within the request's deadline whatever the endpoint does.
 * `close` drops all connections.
 */
export function openAiCompatibleModel(options: OpenAiCompatibleOptions): LanguageModelPort & { close(): Promise<void> } {
  const agents = guardedAgents(options.endpointPolicy, options.resolve);
  const deps = {
    clock: options.clock,
    log: options.log,
    limits: options.limits ?? DEFAULT_WIRE_LIMITS,
    agents,
    memory: capabilityMemory(options.clock),
  };
  return {
    close: () => agents.close(),
    ask: async (request) => {
      const problem = validateBaseUrl(request.baseUrl, options.endpointPolicy);
      if (problem !== null)
        return refused(problem.code === 'base_url_forbidden' ? 'model_endpoint_forbidden' : 'model_bad_request', problem.message);
      if (request.signal?.aborted === true) return refused('model_canceled', 'The question was canceled before it was sent.');
      // A key copied with a line break is the commonest slip; inside a key nothing but visible ASCII can be sent.
      const apiKey = request.apiKey?.trim() ?? null;
      if (apiKey !== null && /[^\x21-\x7e]/.test(apiKey))
        return refused('model_auth', 'The API key contains characters that no key has: copy it again from the provider.');
      const deadline = startDeadline(options.clock, request.deadlineMs, request.signal);
      try {
        const outcome = await converse(deps, { ...request, apiKey }, deadline);
        report(options.log, request, outcome);
        return outcome;
      } finally {
        deadline.end();
      }
    },
  };
}

function refused(code: ModelErrorCode, message: string): ModelOutcome {
  return { kind: 'error', code, message, exchanges: [] };
}

function report(log: Log, request: ModelRequest, outcome: ModelOutcome): void {
  const last = outcome.exchanges.at(-1);
  const fields = {
    model: request.model,
    exchanges: outcome.exchanges.length,
    rung: last?.rung,
    latencyMs: outcome.exchanges.reduce((ms, one) => ms + one.latencyMs, 0),
  };
  if (outcome.kind === 'error') log.warn('llm.failed', { ...fields, code: outcome.code });
  else log.info('llm.answered', { ...fields, isAccepted: outcome.accepted });
}
