import { authenticate } from '@hyperoru/engine';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, HttpContext, Policy } from '../context.ts';
import { apiError } from '../errors.ts';
import { refuseCrossSite } from './host-guard.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const TOKEN_CHARACTERS_MAX = 300;
const MS_PER_DAY = 86_400_000;

/** `__Host-` makes the browser insist on https, on no domain and on the whole site. */
export const sessionCookieName = (isSecure: boolean): string => (isSecure ? '__Host-hyperoru_session' : 'hyperoru_session');

/** Finds out who calls. Anonymous is no failure here; the policy decides. */
export function addAuthentication(app: FastifyInstance, context: HttpContext): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = await identify(context, request);
  });
}

/** Runs after rate limits and before the body is read: an anonymous caller cannot make us parse anything. */
export function addPolicyCheck(app: FastifyInstance, isWorking: () => boolean): void {
  app.addHook('preParsing', async (request) => {
    // Nothing is there to protect; whether something is there is no secret, the API is public.
    if (request.is404) return;
    const isStateChange = !SAFE_METHODS.has(request.method);
    if (isStateChange) refuseCrossSite(request, { mustProve: request.caller?.via === 'cookie' });
    const { policy, whileStarting } = request.routeOptions.config;
    enforce(policy, request.caller);
    if (whileStarting !== true && request.url.startsWith('/api/') && !isWorking()) {
      throw apiError('NOT_READY', 'The instance is still starting.', { headers: { 'retry-after': '1' } });
    }
  });
}

/** Throws unless the caller may use a route of this policy. No policy is a bug that must not open a door. */
export function enforce(policy: Policy | undefined, caller: Caller | null): void {
  if (policy === 'public') return;
  if (caller === null) throw apiError('UNAUTHENTICATED', 'This needs a login.', { headers: { 'www-authenticate': 'Bearer' } });
  if (policy === 'user') return;
  if (policy === 'owner' && caller.user.role === 'owner') return;
  throw apiError('FORBIDDEN', 'This needs the role owner.');
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw apiError('UNAUTHENTICATED', 'This needs a login.', { headers: { 'www-authenticate': 'Bearer' } });
  return request.caller;
}

/** user_id is accepted only when it says what the session says. */
export function checkUserId(request: FastifyRequest, userId: string | undefined): void {
  if (userId !== undefined && userId !== callerOf(request).user.id) {
    throw apiError('USER_ID_MISMATCH', 'user_id names another user.', { details: [{ field: 'user_id', message: 'Must be your own id.' }] });
  }
}

export function setSessionCookie(reply: FastifyReply, context: HttpContext, token: string): void {
  reply.setCookie(sessionCookieName(context.network.isSecure), token, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: context.network.isSecure,
    maxAge: Math.floor((context.access.sessionDays * MS_PER_DAY) / 1000),
  });
}

export function clearSessionCookie(reply: FastifyReply, context: HttpContext): void {
  reply.clearCookie(sessionCookieName(context.network.isSecure), {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: context.network.isSecure,
  });
}

/** The token in the header wins; a wrong one is not rescued by a cookie. */
export function tokenOf(request: FastifyRequest, isSecure: boolean): { readonly token: string; readonly via: Caller['via'] } | null {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const token = /^Bearer ([\x21-\x7e]+)$/i.exec(header)?.[1];
    return token === undefined || token.length > TOKEN_CHARACTERS_MAX ? null : { token, via: 'bearer' };
  }
  const cookie = request.cookies[sessionCookieName(isSecure)];
  return cookie === undefined || cookie === '' || cookie.length > TOKEN_CHARACTERS_MAX ? null : { token: cookie, via: 'cookie' };
}

async function identify(context: HttpContext, request: FastifyRequest): Promise<Caller | null> {
  const given = tokenOf(request, context.network.isSecure);
  if (given === null) return null;
  const known = await authenticate(context.deps, given.token, context.access.sessions);
  return known === null ? null : { ...known, via: given.via };
}
