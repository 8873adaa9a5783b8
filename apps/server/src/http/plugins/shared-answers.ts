import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify';
import type { SharedFeed } from '../../stream/shared-feed.ts';
import { type Answer, AnswerCache } from '../answers/answer-cache.ts';
import { entityTag, namesTag } from '../answers/entity-tag.ts';
import type { HttpContext } from '../context.ts';
import { callerOf } from './authentication.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Lets equal questions of one person share one answer for a moment (routes with `shared: true` only). Host, login, limits, policy and
 * schema are checked before, for every request. An answer ends with every event of its owner and with every write of its owner through
 * this API, before that write is answered: what a caller wrote, the same caller reads.
 */
export function addSharedAnswers(app: FastifyInstance, context: HttpContext, events: SharedFeed): void {
  const cache = lazyCache(context, events);
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    if (methods.some((method) => !SAFE_METHODS.has(method))) endWithWrite(route, cache);
    if (route.config?.shared !== true || !methods.includes('GET')) return;
    if (route.config.policy === 'public') throw new Error(`Expected a login at a route that shares answers, ${route.url} has none.`);
    route.handler = share(route.handler, cache, context);
  });
  app.addHook('onClose', async () => cache.stop());
}

type LazyCache = ReturnType<typeof lazyCache>;

/** Begins with the first question, because an app that is only built for its document has no store to follow. */
function lazyCache(context: HttpContext, events: SharedFeed) {
  let cache: AnswerCache | null = null;
  let isFollowing = false;
  const stops: (() => void)[] = [];
  const start = (): AnswerCache => {
    const started = new AnswerCache(context.deps.clock);
    stops.push(
      context.deps.store.onPublished((published) => {
        for (const { ownerId } of published) started.drop(ownerId);
      }),
      events.feed().onEvent(({ ownerId }) => started.drop(ownerId)),
    );
    return started;
  };
  /** Reads events of other processes; until that works, their changes show by age alone. */
  const follow = (): void => {
    isFollowing = true;
    events.started().catch((error: unknown) => {
      isFollowing = false;
      context.deps.log.warn('answers.feed_failed', { error: String(error) });
    });
  };
  return {
    answers: (): AnswerCache => {
      cache ??= start();
      if (!isFollowing) follow();
      return cache;
    },
    /** null while nothing was shared yet. */
    started: (): AnswerCache | null => cache,
    stop: (): void => {
      for (const stop of stops) stop();
    },
  };
}

/** Records without an event, such as prompts, change by this API only. */
function endWithWrite(route: RouteOptions, cache: LazyCache): void {
  const end = (request: FastifyRequest, _reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void): void => {
    if (request.caller !== null) cache.started()?.drop(request.caller.user.id);
    done(null, payload);
  };
  route.onSend = [...[route.onSend ?? []].flat(), end];
}

/** Not async: a remembered answer leaves in the same turn in which its request was let in. */
function share(handler: RouteHandlerMethod, cache: LazyCache, context: HttpContext): RouteHandlerMethod {
  return function (request, reply) {
    const answers = cache.answers();
    const ownerId = callerOf(request).user.id;
    const known = answers.get(ownerId, request.url);
    if (known !== null) {
      give(known, request, reply);
      return;
    }
    const compute = async (): Promise<Answer> => {
      const body = reply.serialize(await handler.call(this, request, reply));
      if (typeof body !== 'string') throw new Error(`Expected text as the answer of ${request.url}, was ${typeof body}.`);
      return { body, etag: entityTag(context.deps.ids.hash(body)) };
    };
    answers.read(ownerId, request.url, compute).then(
      (answer) => give(answer, request, reply),
      (error: unknown) => void reply.send(error),
    );
  };
}

function give(answer: Answer, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('etag', answer.etag);
  if (namesTag(request.headers['if-none-match'], answer.etag)) void reply.code(304).send();
  else void reply.type(JSON_TYPE).send(answer.body);
}
