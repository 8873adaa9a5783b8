import type { ServerResponse } from 'node:http';
import { completionBody, errorBody, HOLD_ANSWER } from './completion-body.ts';

/** One request as a behavior sees it. `attempt` counts the requests for this model from 1. */
export interface BehaviorInput {
  readonly model: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string;
  readonly attempt: number;
}

/** Answers in its own way; the model's name in the request picks it. */
export type Behavior = (input: BehaviorInput, response: ServerResponse) => void;

const MEBIBYTE = 1_048_576;
/** Real time between two pieces of a trickle; virtual time decides in tests. */
const TRICKLE_MS = 5;

const hold: Behavior = (input, response) => json(response, 200, completionBody(input.model, { content: HOLD_ANSWER }));

/** Wraps a behavior so that it happens for the first request only; then the model answers normally. */
const once =
  (first: Behavior): Behavior =>
  (input, response) =>
    (input.attempt === 1 ? first : hold)(input, response);

const says =
  (content: string | null, extra: { finishReason?: string; message?: Readonly<Record<string, unknown>>; usage?: null } = {}): Behavior =>
  (input, response) =>
    json(response, 200, completionBody(input.model, { content, ...extra }));

const fails =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Behavior =>
  (_input, response) =>
    json(response, status, body, headers);

const drop: Behavior = (_input, response) => void response.socket?.destroy();

const refuseFormat =
  (isRefused: (type: unknown) => boolean, answer: string): Behavior =>
  (input, response) => {
    const format = input.body['response_format'];
    const type = typeof format === 'object' && format !== null && 'type' in format ? format.type : undefined;
    if (isRefused(type))
      json(response, 400, errorBody(`Invalid parameter: 'response_format' of type '${String(type)}' is not supported with this model.`));
    else says(answer)(input, response);
  };

const refuseField =
  (field: string, message: string): Behavior =>
  (input, response) => {
    if (field in input.body) json(response, 400, errorBody(message, 'unsupported_parameter'));
    else hold(input, response);
  };

/** All behaviors by model name. Any other name answers normally. */
export const BEHAVIORS: Readonly<Record<string, Behavior>> = {
  'json-schema': hold,
  'no-json-schema': refuseFormat((type) => type === 'json_schema', HOLD_ANSWER),
  'no-response-format': refuseFormat((type) => type !== undefined, `\`\`\`json\n${HOLD_ANSWER}\n\`\`\``),
  think: says(`<think>\nPrices fall.\n</think>\n\n${HOLD_ANSWER}`),
  fenced: says(`\`\`\`json\n${HOLD_ANSWER}\n\`\`\``),
  'prose-and-fence': says(`Here you are:\n\`\`\`json\n${HOLD_ANSWER}\n\`\`\``),
  'reasoning-content': says(HOLD_ANSWER, { message: { reasoning_content: 'Prices fall.' } }),
  reasoning: says(HOLD_ANSWER, { message: { reasoning: 'Prices fall.' } }),
  'cut-off': says(HOLD_ANSWER.slice(0, 20), { finishReason: 'length' }),
  'wrong-shape': says('{"verb":"buy"}'),
  'wrong-shape-once': once(says('{"verb":"buy"}')),
  'rate-limited-once': once(fails(429, errorBody('Rate limit reached.'), { 'retry-after': '1' })),
  'rate-limited': fails(429, errorBody('Rate limit reached.'), { 'retry-after': '1' }),
  'rate-limited-long': fails(429, errorBody('Rate limit reached.'), { 'retry-after': '86400' }),
  'quota-exhausted': fails(429, errorBody('You exceeded your current quota.', 'insufficient_quota')),
  'html-500': fails(500, '<html><body><h1>500 Internal Server Error</h1></body></html>', { 'content-type': 'text/html' }),
  'html-500-once': once(fails(500, '<html><body><h1>500 Internal Server Error</h1></body></html>', { 'content-type': 'text/html' })),
  hang: () => undefined,
  stall: (_input, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"choices":');
  },
  trickle: (_input, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), TRICKLE_MS);
    response.on('close', () => clearInterval(timer));
  },
  'drop-once': once(drop),
  drop,
  'no-usage': says(HOLD_ANSWER, { usage: null }),
  'no-max-tokens': refuseField(
    'max_tokens',
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  ),
  'fixed-temperature': refuseField(
    'temperature',
    "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
  ),
  'small-output': refuseField('max_tokens', 'max_tokens is too large: 8192. This model supports at most 4096 completion tokens.'),
  refusal: says(null, { message: { refusal: 'I cannot help with that.' } }),
  'bad-key': (input, response) => {
    const key = input.authorization.replace(/^Bearer /, '');
    json(
      response,
      401,
      errorBody(
        `Incorrect API key provided: ${key.slice(0, 5)}*****${key.slice(-4)}. You sent ${key} (${key.slice(3, 20)}).`,
        'invalid_api_key',
      ),
    );
  },
  'unknown-model': fails(404, errorBody('The model `unknown-model` does not exist.', 'model_not_found')),
  'unknown-model-400': fails(400, errorBody('Model Not Exist')),
  'too-long': fails(400, errorBody("This model's maximum context length is 8192 tokens.", 'context_length_exceeded')),
  blank: says('   \n  '),
  'blank-once': once(says('   \n  ')),
  huge: (_input, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ padding: 'x'.repeat(2 * MEBIBYTE) }));
  },
  endless: (_input, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const piece = Buffer.alloc(65_536, 0x20);
    const pour = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', pour);
    pour();
  },
  redirect: (_input, response) => void response.writeHead(307, { location: '/elsewhere/chat/completions' }).end(),
  'wrong-content-type': (input, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(completionBody(input.model, { content: HOLD_ANSWER }));
  },
  'html-200': fails(200, '<html><body>Log in</body></html>', { 'content-type': 'text/html' }),
  'error-200': fails(200, errorBody('Provider returned error')),
  compressed: fails(200, '{}', { 'content-encoding': 'gzip' }),
};

export function json(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

export const answerNormally = hold;
