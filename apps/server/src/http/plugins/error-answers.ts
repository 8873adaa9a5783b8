import type { Log } from '@hyperoru/engine';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError, apiError, type ErrorDetails, errorBody } from '../errors.ts';

/** Fastify's own refusals → ours. Everything that is not listed is a bug. */
const FRAMEWORK_ERRORS: Readonly<Record<string, () => ApiError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => apiError('BODY_TOO_LARGE', 'The body is larger than 256 KiB.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => apiError('UNSUPPORTED_MEDIA_TYPE', 'The body is not JSON.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => apiError('INVALID_JSON', 'The body ended before its content-length.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => apiError('INVALID_JSON', 'The body is not valid JSON.'),
  FST_ERR_BAD_URL: () => apiError('INVALID_REQUEST', 'The path is not a valid URL.'),
  FST_ERR_MAX_PARAM_LENGTH: () => apiError('INVALID_REQUEST', 'A part of the path is too long.'),
};

/** Every failure leaves in one shape, with a stable code, and without anything of our inside. */
export function addErrorAnswers(app: FastifyInstance, log: () => Log): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = toApiError(error);
    if (answer.status >= 500) {
      log().error('http.failed', { requestId: request.id, route: request.routeOptions.url, error: describe(error) });
    }
    return sendFailure(answer, request, reply);
  });
}

export function sendFailure(answer: ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ ...answer.headers, 'x-request-id': request.id });
  return reply.code(answer.status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(errorBody(answer, request.id));
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error))
    return apiError('INVALID_REQUEST', sentenceOf(error), { details: detailsOf(error.validation) });
  if (error instanceof RangeError && /cursor/i.test(error.message)) return apiError('INVALID_CURSOR', 'The cursor is not one of ours.');
  const code = codeOf(error);
  const known = code === null ? undefined : FRAMEWORK_ERRORS[code];
  if (known !== undefined) return known();
  return apiError('INTERNAL', 'Something went wrong on our side.');
}

const WHERE: Readonly<Record<string, string>> = { body: 'The body', querystring: 'The query', params: 'The path', headers: 'A header' };

function sentenceOf(error: { validationContext?: string }): string {
  return `${WHERE[error.validationContext ?? ''] ?? 'The request'} does not have the expected form.`;
}

interface Issue {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

function detailsOf(issues: readonly Issue[]): ErrorDetails {
  return issues.slice(0, DETAILS_MAX).flatMap((issue) => {
    const field = issue.instancePath.replace(/^\//, '').replaceAll('/', '.');
    const keys = issue.params['keys'];
    if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys)) {
      return keys.map((key) => ({
        field: field === '' ? String(key) : `${field}.${String(key)}`,
        message: 'Unknown field; leave it out.',
      }));
    }
    return [{ field: field === '' ? '(whole)' : field, message: issue.message ?? 'Not valid.' }];
  });
}

const DETAILS_MAX = 50;

const codeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;

const STACK_CHARACTERS_MAX = 4000;

/** For the log only. */
const describe = (error: unknown): string =>
  (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, STACK_CHARACTERS_MAX);
