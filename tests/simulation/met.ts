import type { OrderState } from '@hyperoru/domain';
import type { MemoryDatabase } from '@hyperoru/testkit';

/** Situations that the records of a seed show: how orders moved, what was settled, which kills there were, how runs ended. */
export function* metIn({ orderHistory, adjustments, kills, runs, alerts, traders }: MemoryDatabase['tables']): Iterable<string> {
  const last = new Map<string, OrderState>();
  for (const { orderId, state } of orderHistory.all(null)) {
    const before = last.get(orderId);
    if (before !== undefined) yield `order ${before} → ${state}`;
    last.set(orderId, state);
  }
  for (const { kind } of adjustments.all(null)) yield `adjustment of ${kind}`;
  for (const { traderId, actor, finishedAt, disarmedAt } of kills.all(null)) {
    yield `kill of ${traderId === null ? 'all' : 'one trader'}`;
    if (actor === 'system') yield 'kill that tripped by itself';
    if (disarmedAt !== null) yield 'kill disarmed';
    if (finishedAt !== null && disarmedAt === null) yield 'kill finished';
  }
  for (const { run } of runs.all(null)) if (run.code !== null) yield `run ended ${run.code}`;
  for (const { code } of alerts.all(null)) yield `alert ${code}`;
  for (const { deletedAt } of traders.all(null)) if (deletedAt !== null) yield 'trader deleted';
}
