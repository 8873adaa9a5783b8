import { Readable } from 'node:stream';
import { AuditEntry as AuditEntryAnswer, AuditQuery, AuditVerifyAnswer } from '@hyperoru/contracts';
import { toIso } from '@hyperoru/domain';
import type { AuditEntry, OwnerScope } from '@hyperoru/engine';
import { z } from 'zod';
import type { HttpContext } from '../../context.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES } from '../route.ts';

const TAGS = ['records'];
/** Entries read at once; the export streams, so its memory does not grow with the log. */
const SLICE = 500;

/** Described like the schema, sent as a stream: the export is never in memory as a whole. */
const streamOf = <T extends z.ZodType>(schema: T) => z.union([schema, z.instanceof(Readable)]);

export const addAuditRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/audit',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Every audit entry of the caller, oldest first, as JSON lines or one JSON array',
        querystring: AuditQuery,
        response: {
          200: {
            description: 'Streamed; with jsonl one entry per line',
            content: {
              'application/x-ndjson': { schema: streamOf(AuditEntryAnswer) },
              'application/json': { schema: streamOf(z.array(AuditEntryAnswer)) },
            },
          },
          ...FAILURES,
        },
      },
    },
    async (request, reply) => {
      const { format } = request.query;
      const entries = everyEntry(context, callerOf(request).scope);
      const body = Readable.from(format === 'json' ? asArray(entries) : asLines(entries));
      reply.header('content-disposition', `attachment; filename="audit.${format}"`);
      return reply.type(format === 'json' ? 'application/json; charset=utf-8' : 'application/x-ndjson; charset=utf-8').send(body);
    },
  );

  api.get(
    '/api/audit/verify',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Recompute the hash chain of the instance', response: { 200: AuditVerifyAnswer, ...FAILURES } },
    },
    async () => {
      const result = await context.deps.readModel.verifyAudit();
      return { intact: result.firstBrokenSeq === null, entries: result.entries, first_broken_seq: result.firstBrokenSeq };
    },
  );
};

async function* everyEntry(context: HttpContext, scope: OwnerScope): AsyncGenerator<string> {
  let after = 0;
  for (;;) {
    const slice = await context.deps.readModel.auditEntries(scope, after, SLICE);
    for (const entry of slice) yield JSON.stringify(presentEntry(entry));
    const last = slice.at(-1);
    if (last === undefined || slice.length < SLICE) return;
    after = last.seq;
  }
}

async function* asLines(entries: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${entry}\n`;
}

async function* asArray(entries: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  yield '[';
  for await (const entry of entries) {
    yield isFirst ? entry : `,${entry}`;
    isFirst = false;
  }
  yield ']\n';
}

const presentEntry = (entry: AuditEntry): z.infer<typeof AuditEntryAnswer> => ({
  seq: entry.seq,
  at: toIso(entry.at),
  actor: entry.actor,
  action: entry.action,
  subject: entry.subject,
  detail: entry.detail,
  previous_hash: entry.previousHash,
  hash: entry.hash,
});
