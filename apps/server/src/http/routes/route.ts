import type { IncomingMessage, ServerResponse } from 'node:http';
import { ErrorBody, Uuid } from '@hyperoru/contracts';
import type { Page, PageRequest } from '@hyperoru/engine';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HttpContext } from '../context.ts';

/** The app with schemas that are also types. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;
/** Adds the routes of one resource. */
export type AddRoutes = (api: Api, context: HttpContext) => void;

/** Every route may fail in the one shape of errors. */
export const FAILURES = { '4xx': ErrorBody, '5xx': ErrorBody } as const;
export const NO_CONTENT = z.null().describe('Done; no body.');
export const IdParams = z.strictObject({ id: Uuid });

export const pageRequest = (query: { readonly limit: number; readonly cursor?: string | undefined }): PageRequest => ({
  limit: query.limit,
  cursor: query.cursor ?? null,
});

/** A page of records as a list answer. */
export const listAnswer = <T, U>(page: Page<T>, present: (item: T) => U): { items: U[]; next_cursor: string | null } => ({
  items: page.items.map(present),
  next_cursor: page.nextCursor,
});
