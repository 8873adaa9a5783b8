import { z } from 'zod';
import { splitThinking, unwrapFence } from './answer-text.ts';

/** What one HTTP answer with status 200 says, whatever the provider's dialect. */
export type Completion =
  | { readonly kind: 'message'; readonly text: string; readonly reasoning: string | null; readonly usage: Usage }
  | { readonly kind: 'refused'; readonly text: string | null; readonly reasoning: string | null; readonly usage: Usage }
  | { readonly kind: 'truncated'; readonly text: string | null; readonly reasoning: string | null; readonly usage: Usage }
  | { readonly kind: 'not_a_completion'; readonly detail: string | null };

/** Tokens as the endpoint counted them; null = it did not say, which is not 0. */
export interface Usage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

const tokens = z.number().int().nonnegative().nullish().catch(null);
const part = z.looseObject({ text: z.string().catch('') });
const completionSchema = z.looseObject({
  choices: z
    .tuple([
      z.looseObject({
        finish_reason: z.string().nullish().catch(null),
        message: z.looseObject({
          content: z.union([z.string(), z.array(part)]).nullish(),
          refusal: z.string().nullish().catch(null),
          reasoning_content: z.string().nullish().catch(null),
          reasoning: z.string().nullish().catch(null),
        }),
      }),
    ])
    .rest(z.unknown()),
  usage: z.looseObject({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});
const errorSchema = z.union([
  z.looseObject({ error: z.union([z.string(), z.looseObject({ message: z.string() })]) }),
  z
    .tuple([z.looseObject({ error: z.looseObject({ message: z.string() }) })])
    .rest(z.unknown())
    .transform(([first]) => first),
  z.looseObject({ message: z.string() }).transform((body) => ({ error: body.message })),
  z.looseObject({ detail: z.string() }).transform((body) => ({ error: body.detail })),
]);

/** Body of an answer with status 200 → what it means. Never throws. */
export function readCompletion(body: string): Completion {
  const parsed = completionSchema.safeParse(parseJson(body));
  if (!parsed.success) return { kind: 'not_a_completion', detail: readErrorDetail(body) };
  const [choice] = parsed.data.choices;
  const { message } = choice;
  const content = typeof message.content === 'string' ? message.content : (message.content ?? []).map((piece) => piece.text).join('');
  const split = splitThinking(content);
  const common = {
    reasoning: message.reasoning_content ?? message.reasoning ?? split.reasoning,
    usage: { promptTokens: parsed.data.usage?.prompt_tokens ?? null, completionTokens: parsed.data.usage?.completion_tokens ?? null },
  };
  if (typeof message.refusal === 'string' || choice.finish_reason === 'content_filter')
    return { kind: 'refused', text: message.refusal ?? null, ...common };
  if (choice.finish_reason === 'length') return { kind: 'truncated', text: split.text, ...common };
  return { kind: 'message', text: unwrapFence(split.text), ...common };
}

/** The endpoint's own sentence about an error, when its body has one in a known place. */
export function readErrorDetail(body: string): string | null {
  const parsed = errorSchema.safeParse(parseJson(body));
  if (!parsed.success) return null;
  return typeof parsed.data.error === 'string' ? parsed.data.error : parsed.data.error.message;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
