import { toIso } from '@hyperoru/domain';
import { type AuditEntry, chainAudit } from '@hyperoru/engine';
import { jsonText, storableJson, storableText } from '../schema/columns.ts';
import type { TxContext } from '../transaction.ts';
import { EVENTS_PER_TRANSACTION_MAX } from './event-order.ts';

/** Lock of the audit chain's end; held from the last statements of a transaction to its commit. */
const AUDIT_LOCK = 7_301_002;

const INSERT_HISTORY = `insert into hyperoru.order_history (order_id, at, state, reason)
  select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[])`;
/** The number of an event is explained in event-order.ts. */
const INSERT_EVENTS = `insert into hyperoru.events (seq, at, owner_id, trader_id, topic, payload)
  select (pg_current_xact_id()::text::bigint + (select xid_offset from hyperoru.event_stream where id = 1)) * ${EVENTS_PER_TRANSACTION_MAX} + place - 1,
    at, owner_id, trader_id, topic, payload
  from unnest($1::timestamptz[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[])
    with ordinality as event (at, owner_id, trader_id, topic, payload, place)`;
const LAST_AUDIT = 'select seq, hash from hyperoru.audit_entries order by seq desc limit 1';
const INSERT_AUDIT = `insert into hyperoru.audit_entries (seq, at, owner_id, actor, action, subject, detail, previous_hash, hash)
  select * from unnest($1::bigint[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[], $9::text[])`;

/**
 * Writes what a transaction collected, as the last thing before its commit. The statements that are returned may still be underway;
 * their values are text already, so that none can fail before it is on the wire.
 */
export async function flushJournal(context: TxContext): Promise<readonly Promise<unknown>[]> {
  const underway = [...insertHistory(context), ...insertEvents(context)];
  if (context.pendingAudit.length === 0) return underway;
  const [end] = await Promise.all([lockedEndOfAudit(context), ...underway]);
  return [insertAudit(context, end)];
}

function insertHistory({ client, pendingHistory: rows }: TxContext): readonly Promise<unknown>[] {
  if (rows.length === 0) return [];
  const values = [
    rows.map(({ id }) => id),
    rows.map(({ updatedAt }) => toIso(updatedAt)),
    rows.map(({ state }) => state),
    rows.map(({ reason }) => (reason === null ? null : storableText(reason))),
  ];
  return [client.query({ name: 'order_history_insert', text: INSERT_HISTORY, values })];
}

function insertEvents({ client, pendingEvents: events }: TxContext): readonly Promise<unknown>[] {
  if (events.length === 0) return [];
  const values = [
    events.map(({ at }) => toIso(at)),
    events.map(({ ownerId }) => ownerId),
    events.map(({ traderId }) => traderId),
    events.map(({ topic }) => topic),
    events.map(({ payload }) => jsonText(payload)),
  ];
  return [client.query({ name: 'events_insert', text: INSERT_EVENTS, values })];
}

type AuditEnd = Pick<AuditEntry, 'seq' | 'hash'>;

/** The end of the chain, read by a statement of its own after the lock was got: whoever held it before has committed by then. */
async function lockedEndOfAudit({ client }: TxContext): Promise<AuditEnd | null> {
  const [, { rows }] = await Promise.all([
    client.query({ name: 'audit_lock', text: `select pg_advisory_xact_lock(${AUDIT_LOCK})` }),
    client.query<{ seq: string; hash: string }>({ name: 'audit_last', text: LAST_AUDIT }),
  ]);
  const [last] = rows;
  return last === undefined ? null : { seq: Number(last.seq), hash: last.hash };
}

function insertAudit({ client, ids, pendingAudit }: TxContext, end: AuditEnd | null): Promise<unknown> {
  const storable = pendingAudit.map((entry) => ({ ...entry, detail: storableJson(entry.detail) }));
  const chained = chainAudit(ids, end, storable);
  const values = [
    chained.map((link) => link.seq),
    chained.map(({ at }) => toIso(at)),
    chained.map(({ ownerId }) => ownerId),
    chained.map(({ actor }) => storableText(actor)),
    chained.map(({ action }) => storableText(action)),
    chained.map(({ subject }) => storableText(subject)),
    chained.map(({ detail }) => jsonText(detail)),
    chained.map((link) => link.previousHash),
    chained.map(({ hash }) => hash),
  ];
  return client.query({ name: 'audit_insert', text: INSERT_AUDIT, values });
}
