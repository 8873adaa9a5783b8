import { asId, isUuid, type Json, type Trader, type TraderId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { releaseVenue } from './release-venue.ts';
import { LLM_KEY_FIELD } from './reveal-llm-key.ts';
import { setUpLane } from './set-up-lane.ts';

/** Ids of deleted traders that the venue or the vault may still know. */
const PENDING = 'traders.pending_deletion';
/** Written before the list is read, so that changes of it wait for each other at this row. */
const PENDING_LOCK = 'traders.pending_deletion_lock';

/** Notes, in the deleting transaction, that work outside the store remains. */
export async function markDeletion(tx: StoreTx, traderId: TraderId): Promise<void> {
  await changePending(tx, (ids) => [...new Set([...ids, traderId])]);
}

/** True while a deletion has not left the venue yet. */
export async function isDeletionPending(tx: StoreTx, traderId: TraderId): Promise<boolean> {
  return pendingIds(await tx.journal.getSetting(PENDING)).includes(traderId);
}

/**
 * What a deletion does outside the store: leaves the venue, destroys the secrets. Idempotent. While the venue does not answer, only
 * what it needs for leaving is kept; then it is tried again with every sweep.
 */
export async function finishDeletion(deps: EngineDeps, trader: Trader): Promise<void> {
  if (!(await releaseVenue(deps, trader))) {
    await deps.secrets.destroy(trader.id, LLM_KEY_FIELD);
    return;
  }
  await deps.secrets.destroyAll(trader.id);
  await deps.store.transaction((tx) => changePending(tx, (ids) => ids.filter((id) => id !== trader.id)));
}

/** Deleted traders that have not left their venue yet. */
export async function listLeaving(tx: StoreTx): Promise<readonly Trader[]> {
  const found: Trader[] = [];
  for (const id of pendingIds(await tx.journal.getSetting(PENDING))) {
    const trader = await tx.traders.get(id);
    if (trader !== null) found.push(trader);
  }
  return found;
}

/** Finishes deletions that a crash, a silent venue or a doubt held up; part of every start and sweep. Returns how many there were. */
export async function resumeDeletions(deps: EngineDeps): Promise<number> {
  const traders = await deps.store.transaction((tx) => listLeaving(tx));
  for (const trader of traders) await deps.mutex(setUpLane(trader.id), () => finishDeletion(deps, trader));
  return traders.length;
}

async function changePending(tx: StoreTx, change: (ids: readonly TraderId[]) => readonly TraderId[]): Promise<void> {
  await tx.journal.putSetting(PENDING_LOCK, true);
  await tx.journal.putSetting(PENDING, change(pendingIds(await tx.journal.getSetting(PENDING))));
}

function pendingIds(value: Json | null): readonly TraderId[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((id: Json) => (typeof id === 'string' && isUuid(id) ? [asId<TraderId>(id)] : []));
}
