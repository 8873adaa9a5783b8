import type { Adjustment, Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

/** Stores one difference that was settled in the venue's favor, and tells stream and audit log; returns its id. */
export async function bookAdjustment(
  deps: Pick<EngineDeps, 'clock' | 'ids'>,
  tx: StoreTx,
  trader: Pick<Trader, 'id' | 'ownerId'>,
  found: Omit<Adjustment, 'id' | 'traderId' | 'at'>,
): Promise<string> {
  const at = deps.clock.now();
  const subject = found.orderId ?? found.symbol ?? 'balance';
  const id = deps.ids.derived('adjustment', trader.id, found.kind, subject, String(at));
  if (!(await tx.safety.insertAdjustment({ ...found, id, traderId: trader.id, at }))) return id;
  const { kind, symbol, recorded, reported, reason } = found;
  const payload = { adjustment_id: id, kind, symbol, recorded, reported, reason };
  await tx.journal.publish({ at, ownerId: trader.ownerId, traderId: trader.id, topic: 'adjustment.booked', payload });
  await tx.journal.audit({
    at,
    ownerId: trader.ownerId,
    actor: 'system',
    action: 'adjustment.booked',
    subject: `adjustment:${id}`,
    detail: { kind, symbol, recorded, reported, reason },
  });
  return id;
}
