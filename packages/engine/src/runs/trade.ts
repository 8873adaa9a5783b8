import type { Order, Timestamp, Trader } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import type { StoredDecision } from '../execution/decide.ts';
import { DROP_REASONS, ORDER_VALIDITY_MS, sendOrder } from '../execution/send-order.ts';
import type { LaneLease } from '../ports/jobs.ts';
import { cancelEntries } from '../protection/cancel-entries.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { protectEntry } from '../protection/protect-entry.ts';
import { tripKillSwitch } from '../safety/kill-switch.ts';

/** A lease must outlive the request it sends by this much (I14). */
const SEND_MARGIN_MS = 2_000;

/** The order of a decision that passed the gate. */
interface Approved {
  readonly order: Order;
  readonly decidedAt: Timestamp;
  /** The trader's generation it was decided under. */
  readonly generation: number;
  readonly isByHand: boolean;
}

/**
 * Sends the order of an approved decision under the lane's epoch and the trader's generation it was decided under, and covers what it
 * opened. Before a close, entries that rest in the symbol are canceled.
 */
export async function trade(
  deps: EngineDeps,
  lease: LaneLease,
  { connection, trader }: { readonly connection: VenueConnection; readonly trader: Trader },
  { order, decidedAt, generation, isByHand }: Approved,
): Promise<Order> {
  const isEntry = order.purpose === 'entry';
  if (!isEntry) await cancelEntries(deps, connection, trader.id, order.symbol);
  const sent = await sendOrder(deps, connection, order.id, {
    ...(isEntry ? { generation, decidedAt, isByHand } : { generation: null }),
    epoch: lease.epoch,
    assertMaySend: () => lease.assertHeldFor(ORDER_VALIDITY_MS + SEND_MARGIN_MS),
  });
  if (isEntry) await protectEntry(deps, connection, sent.id);
  else await cleanUpFlat(deps, connection, trader.id, sent.symbol);
  return sent;
}

/** More entries than the budget of the instance stop all of it, whether the gate saw it or the last look before sending. */
export async function tripWhenOverBudget(deps: EngineDeps, { record, order }: StoredDecision): Promise<void> {
  const reason = DROP_REASONS.order_budget_exceeded;
  const wasDropped = order?.state === 'dropped' && order.reason === reason;
  if (wasDropped || record.verdict.code === 'order_budget_exceeded') await tripKillSwitch(deps, reason);
}
