import { ErrorBody } from '@hyperoru/contracts';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';
import { proveAgain } from './step-up.ts';

/** Longest wait for an answer, ms. A model test may take as long as a model. */
const REQUEST_TIME_MS_MAX = 130_000;

type Query = Readonly<Record<string, string | number | undefined>>;
interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly query?: Query;
  /** Names what is asked for, so that asking again does nothing twice. */
  readonly idempotencyKey?: string;
}

/** Path with the query parameters that have a value. */
export function pathWithQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

/** Sends a request of this origin and checks the answer against its contract. Throws {@link ApiError}. */
export async function request<T extends z.ZodType>(schema: T, path: string, options: RequestOptions = {}): Promise<z.infer<T>> {
  const { response, text } = await exchange(path, options);
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0];
  throw new ApiError(response.status, {
    error: `The server's answer does not fit this dashboard (${place?.path.join('.') ?? 'body'}: ${place?.message ?? 'unreadable'}). Reload the page; it may be older than the server.`,
    code: 'UNEXPECTED_ANSWER',
    request_id: response.headers.get('x-request-id'),
  });
}

/** As {@link request}, for answers whose body does not matter. */
export async function send(path: string, options: RequestOptions): Promise<void> {
  await exchange(path, options);
}

interface Exchanged {
  readonly response: Response;
  readonly text: string;
}

/** What raises risk is refused until the password was proven again; then the same request is made once more. */
async function exchange(path: string, options: RequestOptions): Promise<Exchanged> {
  try {
    return await exchangeOnce(path, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'STEP_UP_REQUIRED' || !(await proveAgain())) throw error;
    return exchangeOnce(path, options);
  }
}

async function exchangeOnce(path: string, options: RequestOptions): Promise<Exchanged> {
  const response = await fetchOrExplain(pathWithQuery(path, options.query), {
    method: options.method ?? 'GET',
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
    },
    body: options.body === undefined ? null : JSON.stringify(options.body),
    signal: AbortSignal.timeout(REQUEST_TIME_MS_MAX),
  });
  const text = await response.text();
  if (response.ok) return { response, text };
  const body = ErrorBody.safeParse(parseJson(text));
  if (body.success) throw new ApiError(response.status, body.data);
  throw new ApiError(response.status, {
    error: `The server answered ${response.status} without saying why.`,
    code: 'UNEXPLAINED',
    request_id: response.headers.get('x-request-id'),
  });
}

async function fetchOrExplain(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new ApiError(0, {
      error: isTimeout ? 'The server did not answer in time.' : 'The server cannot be reached. Is it still running?',
      code: isTimeout ? 'TIMEOUT' : 'UNREACHABLE',
      request_id: null,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
