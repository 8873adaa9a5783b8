import { asId, type Json, type Kill, type KillId, type Trader, type TraderId, type UserId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';

export interface KillRequest {
  /** null = every trader of the instance. */
  readonly traderId: TraderId | null;
  readonly isDrill: boolean;
  /** `user:<id>` or `system`. */
  readonly actor: string;
  readonly reason: string;
}

/**
 * Stores a kill and pauses every trader it stops under a new generation, in the caller's transaction: from its commit on no
 * order leaves that could open anything (I8). Whoever marks an order as sent holds its trader's row, and so do we: an order
 * that was quicker is at the venue or on its way, and the kill finds it there.
 */
export async function armKill(deps: Pick<EngineDeps, 'clock' | 'ids'>, tx: StoreTx, request: KillRequest): Promise<Kill> {
  const startedAt = deps.clock.now();
  const stopped = await lockStopped(tx, request.traderId);
  const kill: Kill = {
    ...request,
    id: asId<KillId>(deps.ids.uuid()),
    startedAt,
    blockedAt: deps.clock.now(),
    finishedAt: null,
    traders: stopped.map(({ id }) => ({
      traderId: id,
      canceledOrders: 0,
      closedPositions: 0,
      isFlat: false,
      flatAfterMs: null,
      problem: 'The venue was not read yet.',
    })),
    disarmedAt: null,
    disarmedBy: null,
  };
  await tx.safety.insertKill(kill);
  for (const trader of stopped) await pause(deps, tx, trader);
  await announceKill(deps, tx, kill, { action: 'kill.armed', actor: kill.actor });
  return kill;
}

/** In the order of ids, so that two kills do not wait for each other in a circle. Deleted ones too, while something of theirs is open. */
async function lockStopped(tx: StoreTx, traderId: TraderId | null): Promise<readonly Trader[]> {
  const ids =
    traderId === null
      ? [...(await tx.traders.listLive()).map(({ id }) => id), ...(await tx.orders.listTradersWithOpenOrders())]
      : [traderId];
  const stopped: Trader[] = [];
  for (const id of [...new Set(ids)].sort()) stopped.push(expected(await tx.traders.lock(id), `trader ${id} to be stored`));
  return stopped;
}

async function pause(deps: Pick<EngineDeps, 'clock'>, tx: StoreTx, trader: Trader): Promise<void> {
  await tx.traders.update({ ...trader, isActive: false, generation: trader.generation + 1 });
  const payload = { trader_id: trader.id, name: trader.name, change: 'trader.killed' };
  await tx.journal.publish({ at: deps.clock.now(), ownerId: trader.ownerId, traderId: trader.id, topic: 'trader.changed', payload });
  // Queued runs of a paused trader end as skipped, each with its reason.
  if (trader.isActive) await tx.jobs.wake(trader.id);
}

/** Tells everyone whom a kill concerns, and their audit trails, that it was armed, has ended, or was disarmed. */
export async function announceKill(
  deps: Pick<EngineDeps, 'clock'>,
  tx: StoreTx,
  kill: Kill,
  { action, actor }: { readonly action: string; readonly actor: string },
): Promise<void> {
  const at = deps.clock.now();
  for (const ownerId of await concerned(tx, kill)) {
    await tx.journal.publish({ at, ownerId, traderId: kill.traderId, topic: 'kill.changed', payload: payloadOf(kill, action) });
    const detail = { reason: kill.reason, trader_id: kill.traderId, drill: kill.isDrill, traders: kill.traders.length };
    await tx.journal.audit({ at, ownerId, actor, action, subject: `kill:${kill.id}`, detail });
  }
}

export const payloadOf = (kill: Kill, change: string): Json => ({
  kill_id: kill.id,
  trader_id: kill.traderId,
  change,
  drill: kill.isDrill,
  traders: kill.traders.length,
  flat: kill.traders.filter(({ isFlat }) => isFlat).length,
});

async function concerned(tx: StoreTx, { traderId }: Kill): Promise<readonly UserId[]> {
  if (traderId === null) return (await tx.users.list()).map(({ id }) => id);
  return [expected(await tx.traders.get(traderId), `trader ${traderId} to be stored`).ownerId];
}
