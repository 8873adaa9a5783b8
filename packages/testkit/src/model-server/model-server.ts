import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerNormally, BEHAVIORS, json } from './behaviors.ts';
import { completionBody, errorBody } from './completion-body.ts';

const REQUEST_BYTES_MAX = 4 * 1_048_576;

/** Names of models that misbehave; every other name answers normally. */
export const MODEL_BEHAVIOR_NAMES: readonly string[] = Object.keys(BEHAVIORS);

export interface RecordedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer put into the queue by a test: a text as the model's content, or a whole HTTP answer. */
export type ScriptedAnswer =
  | string
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> };

/** A real HTTP server on 127.0.0.1 that speaks the OpenAI chat-completions protocol and misbehaves on demand. */
export interface ModelServer {
  /** e.g. `http://127.0.0.1:41234/v1`. */
  readonly baseUrl: string;
  readonly origin: string;
  /** Every request to `/v1/chat/completions` so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Requests that came to any other path. */
  readonly strayPaths: readonly string[];
  /** The next answers, whatever the model; when the queue is empty the model's name decides. */
  enqueue(...answers: readonly ScriptedAnswer[]): void;
  /** Drops queued answers that nobody asked for. */
  clearQueue(): void;
  stop(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const strayPaths: string[] = [];
  const queue: ScriptedAnswer[] = [];
  const attempts = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const body = await readJson(request);
    if (path !== '/v1/chat/completions') {
      strayPaths.push(path);
      return json(response, 404, errorBody('Not found'));
    }
    requests.push({ path, headers: request.headers, body });
    const model = String(body['model']);
    const scripted = queue.shift();
    if (typeof scripted === 'string') return json(response, 200, completionBody(model, { content: scripted }));
    if (scripted !== undefined) return json(response, scripted.status, scripted.body, scripted.headers);
    const attempt = (attempts.get(model) ?? 0) + 1;
    attempts.set(model, attempt);
    const behavior = Object.hasOwn(BEHAVIORS, model) ? BEHAVIORS[model] : undefined;
    (behavior ?? answerNormally)({ model, body, authorization: request.headers.authorization ?? '', attempt }, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => json(response, 400, errorBody(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl: `${origin}/v1`,
    origin,
    requests,
    strayPaths,
    enqueue: (...answers) => void queue.push(...answers),
    clearQueue: () => {
      queue.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > REQUEST_BYTES_MAX) throw new Error(`Request over ${REQUEST_BYTES_MAX} bytes.`);
    pieces.push(piece);
  }
  const value: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8') || '{}');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
