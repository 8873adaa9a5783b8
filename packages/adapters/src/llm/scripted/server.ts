import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '@hyperoru/engine';
import { z } from 'zod';
import { SCRIPTED_MODELS } from './models.ts';
import { readPrompt } from './prompt-reading.ts';
import { decide } from './rules.ts';

/** Larger prompts are refused; the product's own limit is 256 KiB. */
const REQUEST_BYTES_MAX = 1_048_576;
const OWNER = 'hyperoru-scripted';

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z
    .array(z.looseObject({ role: z.string(), content: z.string() }))
    .min(1)
    .max(64),
  stream: z.literal(false).optional(),
});

/** A running scripted model server. `baseUrl` is what a trader's model settings take, e.g. `http://127.0.0.1:40123/v1`. */
export interface ScriptedModelServer {
  readonly baseUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts the built-in stand-in for a model: a real HTTP server on 127.0.0.1 that speaks the OpenAI chat-completions protocol and answers
 * by the rules of `rules.ts`. Same prompt, same answer. Port 0 takes a free one; rejects when the port is taken.
 */
export async function startScriptedModelServer(options: { readonly port: number; readonly log: Log }): Promise<ScriptedModelServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.log.debug('scripted_model.request_failed', { error });
      if (!response.headersSent) fail(response, 400, 'The request could not be read.');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  options.log.info('scripted_model.started', { port });
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /v1/models') {
    return send(response, 200, {
      object: 'list',
      data: SCRIPTED_MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: OWNER })),
    });
  }
  if (route !== 'POST /v1/chat/completions')
    return fail(response, 404, 'This server has only GET /v1/models and POST /v1/chat/completions.');
  const text = await readText(request);
  if (text === null) return fail(response, 413, `The request is over ${REQUEST_BYTES_MAX} bytes.`);
  const parsed = requestSchema.safeParse(parse(text));
  if (!parsed.success) return fail(response, 400, 'Expected a chat completion request with model and messages, without stream.');
  const { messages, model: name } = parsed.data;
  const model = SCRIPTED_MODELS.find((one) => one === name);
  if (model === undefined) return fail(response, 404, `The model does not exist. This server has ${SCRIPTED_MODELS.join(' and ')}.`);
  const prompt = messages.find((message) => message.role === 'user')?.content ?? '';
  send(response, 200, completion(model, JSON.stringify(decisionsFor(model, prompt))));
}

function decisionsFor(model: (typeof SCRIPTED_MODELS)[number], prompt: string): unknown {
  const facts = readPrompt(prompt);
  if (facts.prices.length > 0) return { decisions: decide(model, facts) };
  return { operation: 'hold', reason: 'Scripted rule: the prompt shows no prices. Put {{market_prices}} and {{kline_data}} into it.' };
}

/** Usage is 0 because no model was asked: nothing was counted and nothing is paid. */
function completion(model: string, content: string): unknown {
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 0,
    model,
    system_fingerprint: OWNER,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  };
}

async function readText(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes <= REQUEST_BYTES_MAX) pieces.push(buffer);
    else pieces.length = 0;
    if (bytes > 4 * REQUEST_BYTES_MAX) request.destroy();
  }
  return bytes > REQUEST_BYTES_MAX ? null : Buffer.concat(pieces).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const fail = (response: ServerResponse, status: number, message: string): void =>
  send(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } });

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
