import type { Clock, ReadModel } from '@hyperoru/engine';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Age up to which an answer is given again, ms; bounds how late a moved price shows. */
const FRESH_MS = 250;
const ANSWERS_MAX = 500;
const ANSWER_CHARACTERS_MAX = 512 * 1024;

interface SharedAnswer {
  readonly body: string;
  readonly atMs: number;
  readonly version: number;
}

export interface SharedAnswersDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly readModel: Pick<ReadModel, 'onEvents'>;
}

/**
 * Lets equal questions of one person share one answer for a moment. Everything that changes records ends it: each write of
 * this API before its own answer leaves, and each event of the store. What a caller wrote, the same caller reads.
 */
export function addSharedAnswers(app: FastifyInstance, deps: () => SharedAnswersDeps): void {
  const answers = new Map<string, SharedAnswer>();
  let version = 0;
  let unsubscribe: (() => void) | null = null;
  const nowMs = (): number => deps().clock.monotonicMs();

  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    unsubscribe ??= deps().readModel.onEvents(() => {
      version += 1;
    });
    request.answerVersion = version;
    const known = answers.get(key);
    if (known === undefined || known.version !== version || nowMs() - known.atMs > FRESH_MS) return;
    request.answerVersion = null;
    return reply.type('application/json; charset=utf-8').serializer(asItIs).send(known.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') version += 1;
    const key = keyOf(request);
    // Read before a change that came meanwhile: true when it was asked, but not to be given again.
    const isCurrent = request.answerVersion === version;
    if (key === null || !isCurrent || reply.statusCode !== 200 || typeof payload !== 'string' || payload.length > ANSWER_CHARACTERS_MAX)
      return payload;
    answers.delete(key);
    answers.set(key, { body: payload, atMs: nowMs(), version });
    const oldest = answers.keys().next();
    if (answers.size > ANSWERS_MAX && !oldest.done) answers.delete(oldest.value);
    return payload;
  });

  app.decorateRequest('answerVersion', null);
  app.addHook('onClose', async () => unsubscribe?.());
}

const asItIs = (body: unknown): string => String(body);

/** Whose question it is, word for word; null when the route does not share. */
function keyOf(request: FastifyRequest): string | null {
  if (request.routeOptions.config.shared !== true || request.caller === null) return null;
  return `${request.caller.user.id} ${request.url}`;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** State of the records when this question was asked; null = not to be remembered. */
    answerVersion: number | null;
  }
}
