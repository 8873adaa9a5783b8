import type { Reconciliation, Timestamp, Trader, TraderId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

/** Without a successful look at the venue for this long, nothing is entered. */
export const BLIND_MS_MAX = 30_000;

/** Stores how a comparison of a trader with its venue ended; tells the stream when that is news. */
export async function noteReconciliation(
  deps: Pick<EngineDeps, 'clock' | 'store'>,
  trader: Pick<Trader, 'id' | 'ownerId'>,
  ended: { readonly startedAt: Timestamp; readonly status: Reconciliation['status']; readonly message: string | null },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const before = await tx.safety.getReconciliation(trader.id);
    const at = deps.clock.now();
    const isGood = ended.status !== 'failed';
    const next: Reconciliation = {
      ...ended,
      traderId: trader.id,
      finishedAt: isGood ? at : null,
      lastGoodAt: isGood ? at : (before?.lastGoodAt ?? null),
    };
    await tx.safety.saveReconciliation(next);
    if (before?.status === next.status && before.message === next.message) return;
    const payload = { status: next.status, message: next.message };
    await tx.journal.publish({ at, ownerId: trader.ownerId, traderId: trader.id, topic: 'reconciliation.finished', payload });
  });
}

/**
 * True while the venue has not been read for longer than BLIND_MS_MAX. Judged by what the last comparison stored, so that it
 * holds in every process and after a restart; a trader that was never compared is not blind, its recovery comes first.
 */
export async function isBlind(tx: StoreTx, traderId: TraderId, now: Timestamp): Promise<boolean> {
  const last = await tx.safety.getReconciliation(traderId);
  return last !== null && last.status === 'failed' && now - (last.lastGoodAt ?? 0) > BLIND_MS_MAX;
}
