import { canonicalJson } from '@hyperoru/domain';
import type { Ids } from '@hyperoru/engine';
import type { MemoryDatabase } from '@hyperoru/testkit';
import type { Finding } from './oracle.ts';

/** Every link of the chain holds, and whatever was decided, booked or stopped has its entry in it (I13). */
export function* judgeTrail(tables: MemoryDatabase['tables'], ids: Pick<Ids, 'hash'>): Iterable<Finding> {
  let previous = '';
  const told = new Set<string>();
  for (const entry of tables.journal.audit) {
    const { hash, ...rest } = entry;
    told.add(`${entry.action} ${entry.subject}`);
    if (entry.previousHash !== previous && previous !== '') yield ['I13', `audit entry ${entry.seq} does not follow the one before`];
    previous = hash;
    if (ids.hash(entry.previousHash + canonicalJson(rest)) !== hash) yield ['I13', `audit entry ${entry.seq} does not have its own hash`];
  }
  for (const what of audited(tables)) if (!told.has(what)) yield ['I13', `there is no audit entry of ${what}`];
  for (const { orderId, clientOrderId, tradeId } of tables.fills.all(null))
    if (clientOrderId !== null && orderId === null && tables.orders.find(null, tables.orders.rule('orders_client_order_id'), clientOrderId))
      yield ['I13', `fill ${tradeId} does not name its order ${clientOrderId}`];
}

function* audited({ fills, decisions, runs, kills, adjustments }: MemoryDatabase['tables']): Iterable<string> {
  for (const { id } of fills.all(null)) yield `fill.booked fill:${id}`;
  for (const { id } of decisions.all(null)) yield `decision.made decision:${id}`;
  for (const { run } of runs.all(null)) if (run.state === 'finished' && run.outcome !== 'duplicate') yield `run.finished run:${run.id}`;
  for (const { id } of adjustments.all(null)) yield `adjustment.booked adjustment:${id}`;
  for (const { id, finishedAt, disarmedAt } of kills.all(null)) {
    yield `kill.armed kill:${id}`;
    if (finishedAt !== null && disarmedAt === null) yield `kill.finished kill:${id}`;
    if (disarmedAt !== null) yield `kill.disarmed kill:${id}`;
  }
}
