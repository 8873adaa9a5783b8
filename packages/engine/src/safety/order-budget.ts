import { addMs, type Timestamp } from '@hyperoru/domain';
import type { StoreTx } from '../ports/store.ts';
import { instanceLimits, lockInstanceGate } from './instance-limits.ts';

/** The window of InstanceLimits.maxOrdersPerMinute. */
const BUDGET_WINDOW_MS = 60_000;
/** More transactions than may run at once; while that many would still fit into the budget, nobody has to wait for anybody. */
const SENDERS_AT_ONCE_MAX = 64;

/** Entries of all traders that left in the last minute. */
export const entriesLastMinute = (tx: StoreTx, now: Timestamp): Promise<number> =>
  tx.orders.countEntriesSentSince(addMs(now, -BUDGET_WINDOW_MS));

/**
 * True when one more entry would break the budget of the instance. Asked in the transaction that marks the entry as sent, so
 * that many traders at once cannot send more than the budget together: near its end they wait for each other.
 */
export async function isBudgetSpent(tx: StoreTx, now: Timestamp): Promise<boolean> {
  const limits = await instanceLimits(tx);
  if (limits === null) return true;
  if ((await entriesLastMinute(tx, now)) + SENDERS_AT_ONCE_MAX <= limits.maxOrdersPerMinute) return false;
  await lockInstanceGate(tx, now);
  return (await entriesLastMinute(tx, now)) >= limits.maxOrdersPerMinute;
}
