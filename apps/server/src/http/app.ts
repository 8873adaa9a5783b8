import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { sharedFeed } from '../stream/shared-feed.ts';
import { addStream } from '../stream/stream.ts';
import type { HttpContext } from './context.ts';
import { addDocsPage } from './docs-page.ts';
import { openApiOptions } from './openapi-options.ts';
import { addAuthentication, addPolicyCheck } from './plugins/authentication.ts';
import { addErrorAnswers, sendFailure, toApiError } from './plugins/error-answers.ts';
import { addHostGuard } from './plugins/host-guard.ts';
import { addJsonBody, BODY_BYTES_MAX } from './plugins/json-body.ts';
import { addNotFound } from './plugins/not-found.ts';
import { endOpenSockets } from './plugins/open-sockets.ts';
import { addRateLimits } from './plugins/rate-limits.ts';
import { addRequestLog } from './plugins/request-log.ts';
import { assertEveryRouteHasPolicy, collectRoutes, type RegisteredRoute } from './plugins/route-policies.ts';
import { addSecurityHeaders } from './plugins/security-headers.ts';
import { addSharedAnswers } from './plugins/shared-answers.ts';
import { addMetrics } from './routes/metrics/routes.ts';
import { ROUTES } from './routes/routes.ts';
import { addDashboard } from './static-files.ts';

/** The whole request must have arrived by then; a slow sender cannot hold a socket longer. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 5_000;
const PATH_PART_CHARACTERS_MAX = 200;
const REQUEST_ID_BYTES = 9;

export interface HttpApp {
  readonly server: FastifyInstance;
  /** Every route with its policy, for the tests that walk them. */
  readonly routes: readonly RegisteredRoute[];
}

/** Adds more routes before the app is sealed. */
export type AddRoutes = (app: FastifyInstance) => void;

/**
 * Builds the app without listening. Order of one request: host → who → rate limit → cross-site and policy → body → schema → use case → answer.
 * Rejects when a route has no policy.
 */
export async function buildApp(context: HttpContext, addRoutes: AddRoutes = () => undefined): Promise<HttpApp> {
  const app = createFastify(context);
  const routesOf = collectRoutes(app);
  const feed = sharedFeed(context);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  addErrorAnswers(app, () => context.deps.log);
  endOpenSockets(app, () => context.deps.clock);
  addJsonBody(app);
  addHostGuard(app, context.network);
  await addSecurityHeaders(app, context);
  addSharedAnswers(app, context, feed);
  await app.register(cookie);
  await app.register(compress, { global: true, threshold: 1024, encodings: ['br', 'gzip', 'identity'] });
  addAuthentication(app, context);
  await addRateLimits(app, context);
  addPolicyCheck(app, context.isWorking);
  addRequestLog(app, context);
  await app.register(swagger, openApiOptions(context.version));
  const api = app.withTypeProvider<ZodTypeProvider>();
  for (const add of ROUTES) add(api, context);
  addMetrics(app, context);
  await addStream(app, context, feed);
  await addDocsPage(app);
  addRoutes(app);
  await addDashboard(app, context.webRoot);
  addNotFound(app, routesOf);
  await app.ready();
  const routes = routesOf();
  assertEveryRouteHasPolicy(routes);
  return { server: app, routes };
}

function createFastify(context: HttpContext): FastifyInstance {
  const { tls, trustedProxies } = context.network;
  return Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: requestIds(context),
    frameworkErrors: (error, request, reply) => sendFailure(toApiError(error), request, reply),
    routerOptions: { maxParamLength: PATH_PART_CHARACTERS_MAX },
    serverFactory: (handler) => {
      const server = tls === null ? createServer(handler) : createTlsServer({ cert: tls.cert, key: tls.key }, handler);
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      server.headersTimeout = HEADERS_TIMEOUT_MS;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      return server;
    },
  });
}

/** Unique in the instance and across its starts: a random part of this start and a count, because the generator costs more than the rest of the id. */
function requestIds(context: HttpContext): () => string {
  let start: string | null = null;
  let count = 0;
  return () => {
    start ??= context.deps.ids.token(REQUEST_ID_BYTES);
    count += 1;
    return `req_${start}_${count}`;
  };
}
