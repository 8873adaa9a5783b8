import type { FastifyInstance } from 'fastify';
import { apiError } from '../errors.ts';

/** Largest request body, bytes. */
export const BODY_BYTES_MAX = 256 * 1024;

/** JSON is the only body there is. No body at all is `undefined`, so that calls without one may still name the content type. */
export function addJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, body: string | Buffer) =>
    parseJson(body.toString()),
  );
}

/** Throws INVALID_JSON. A key `__proto__` is never meant well. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new SyntaxError('Expected no key __proto__.');
      return value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw apiError('INVALID_JSON', 'The body is not valid JSON.');
    throw error;
  }
}
