import { ERROR_CATALOGUE, type ErrorBody, type ErrorCode } from '@hyperoru/contracts';
import type { Refusal, UseCaseResult } from '@hyperoru/engine';

export type ErrorDetails = readonly { readonly field: string; readonly message: string }[];

/** An expected failure on its way to the client; anything else that is thrown is a bug and answers 500. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: ErrorDetails | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    status: number,
    message: string,
    options: { details?: ErrorDetails | undefined; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }
}

/** The catalogue's error: what happened, followed by its fix. */
export function apiError(
  code: ErrorCode,
  message: string,
  options: { details?: ErrorDetails | undefined; headers?: Readonly<Record<string, string>> } = {},
): ApiError {
  const entry = ERROR_CATALOGUE[code];
  return new ApiError(code, entry.status, `${message} ${entry.fix}`, options);
}

export const notFound = (): ApiError => apiError('NOT_FOUND', 'There is nothing here that you can see.');

/** Business rules that the catalogue does not list by name are 422 like their siblings. */
const STATUS_OF_OTHER_REFUSALS = 422;

const isCatalogued = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CATALOGUE, code);

/** A refusal of a use case as the client sees it. A missing object looks the same however it is missing. */
export function fromRefusal(refusal: Refusal): ApiError {
  const code = refusal.code.toUpperCase();
  if (code === 'NOT_FOUND') return notFound();
  const status = isCatalogued(code) ? ERROR_CATALOGUE[code].status : STATUS_OF_OTHER_REFUSALS;
  const headers = refusal.retryAfterSeconds === undefined ? {} : { 'retry-after': String(refusal.retryAfterSeconds) };
  return new ApiError(code, status, refusal.message, { details: refusal.details, headers });
}

/** The value of a use case, or its refusal thrown as an answer. */
export function unwrap<T>(result: UseCaseResult<T>): T {
  if (!result.ok) throw fromRefusal(result.error);
  return result.value;
}

/** The found object, or the one 404 that missing and foreign objects share. */
export function found<T>(value: T | null): T {
  if (value === null) throw notFound();
  return value;
}

export function errorBody(error: ApiError, requestId: string): ErrorBody {
  return {
    error: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.details === undefined ? {} : { details: [...error.details] }),
  };
}
