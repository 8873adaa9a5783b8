import type { ModelRequest } from '@hyperoru/engine';
import type { Capability } from './capability.ts';

/** Reasoning models count their thinking as output, so less than 8 k cuts answers off. */
const OUTPUT_TOKENS_MAX = 8192;
/** The same question should get the same decision, as far as a model can. */
const TEMPERATURE = 0;
/** Longer wrong answers are cut in the repair turn: their end is not what is wrong with them. */
const QUOTED_ANSWER_CHARS_MAX = 16_384;

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * The two opening messages. The schema always stands in the system text: several endpoints accept `response_format` and ignore it,
 * and JSON mode wants the word JSON in the prompt.
 */
export function openingMessages(request: ModelRequest): readonly Message[] {
  const rule = [
    'Answer with exactly one JSON value and nothing else: no prose around it, no code fence.',
    `It must satisfy this JSON Schema (${request.schemaName}):`,
    JSON.stringify(request.schema),
  ].join('\n');
  return [
    { role: 'system', content: request.systemText === '' ? rule : `${request.systemText}\n\n${rule}` },
    { role: 'user', content: request.promptText },
  ];
}

/** What follows an answer that `check` did not accept. */
export function repairMessages(answerText: string, problem: string): readonly Message[] {
  return [
    { role: 'assistant', content: answerText.slice(0, QUOTED_ANSWER_CHARS_MAX) },
    { role: 'user', content: `That answer cannot be used: ${problem}\nAnswer again with only the corrected JSON value.` },
  ];
}

/** Body of `POST /chat/completions` as far as the endpoint understands it. */
export function requestBody(
  request: ModelRequest,
  messages: readonly Message[],
  capability: Capability,
): Readonly<Record<string, unknown>> {
  return {
    model: request.model,
    messages,
    ...(capability.outputLimit === 'none' ? {} : { [capability.outputLimit]: OUTPUT_TOKENS_MAX }),
    ...(capability.sendsTemperature ? { temperature: TEMPERATURE } : {}),
    ...responseFormat(request, capability),
  };
}

function responseFormat(request: ModelRequest, capability: Capability): Readonly<Record<string, unknown>> {
  if (capability.rung === 'text') return {};
  if (capability.rung === 'json_object') return { response_format: { type: 'json_object' } };
  // Not strict: that dialect wants every key required and refuses `minimum`; the answer is checked here in any case.
  return { response_format: { type: 'json_schema', json_schema: { name: request.schemaName, strict: false, schema: request.schema } } };
}
