import type { Alert, ExternalOrder, Fill, Trader } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps } from '../deps.ts';
import { hasOurPrefix } from '../execution/order-ids.ts';
import { expected } from '../expected.ts';
import type { VenueFill, VenueOrder } from '../ports/exchange.ts';
import type { StoreTx } from '../ports/store.ts';

/**
 * What is on the account and not of our decisions, by the trader's policy. Positions follow the fills under every policy, because a
 * venue nets them and the books must equal it; what a policy changes:
 * `adopt` – a position nobody of ours opened is looked after like ours, with the stop the limits ask for;
 * `ignore` – orders are recorded, such a position is held in the books and otherwise left alone;
 * `alarm` – as `ignore`, with a critical alert.
 * What is added by hand to a position of ours is covered with it. An order with our mark that none of our records explains is a second
 * instance on this account, or our records were restored from an old backup: the trader is paused.
 */
export async function recordExternal(
  deps: EngineDeps,
  trader: Trader,
  seen: { readonly openOrders: readonly VenueOrder[]; readonly newFills: readonly VenueFill[] },
): Promise<void> {
  const alert = await deps.store.transaction((tx) => followOrders(deps, tx, trader, seen.openOrders));
  if (alert !== null) await notifyAlerts(deps, [alert]);
  await judgeFills(deps, trader, seen.newFills);
}

/** The same for executions, right after they were booked. */
export async function judgeFills(deps: EngineDeps, trader: Trader, fills: readonly VenueFill[]): Promise<void> {
  if (fills.length === 0) return;
  const alert = await deps.store.transaction((tx) => judge(deps, tx, trader, fills));
  if (alert !== null) await notifyAlerts(deps, [alert]);
}

async function followOrders(deps: EngineDeps, tx: StoreTx, trader: Trader, open: readonly VenueOrder[]): Promise<Alert | null> {
  // Two processes that follow the same account write the same rows.
  await tx.traders.lock(trader.id);
  const known = await tx.safety.listExternalOrders(trader.id);
  const now = deps.clock.now();
  for (const order of known)
    if (!open.some(({ venueOrderId }) => venueOrderId === order.venueOrderId))
      await tx.safety.saveExternalOrder({ ...order, endedAt: now });
  const fresh: ExternalOrder[] = [];
  for (const order of open) {
    if (known.some(({ venueOrderId }) => venueOrderId === order.venueOrderId) || (await isInRecords(tx, order.clientOrderId))) continue;
    const { venueOrderId, clientOrderId, symbol, side, quantity, reduceOnly } = order;
    const policy = trader.risk.onExternalActivity;
    fresh.push({
      traderId: trader.id,
      venueOrderId,
      clientOrderId,
      symbol,
      side,
      quantity,
      reduceOnly,
      policy,
      firstSeenAt: now,
      endedAt: null,
    });
  }
  for (const order of fresh) await tx.safety.saveExternalOrder(order);
  const stranger = fresh.find(({ clientOrderId }) => isMarked(trader, clientOrderId));
  if (stranger !== undefined) return pauseForSecondInstance(deps, tx, trader, `an order in ${stranger.symbol}`);
  const [first] = fresh;
  return first === undefined ? null : alarm(deps, tx, trader, `an order to ${first.side} ${first.quantity} ${first.symbol}`);
}

async function judge(deps: EngineDeps, tx: StoreTx, trader: Trader, fills: readonly VenueFill[]): Promise<Alert | null> {
  const foreign: VenueFill[] = [];
  for (const fill of fills) if (!(await isInRecords(tx, fill.clientOrderId))) foreign.push(fill);
  const liquidation = foreign.find(({ isLiquidation }) => isLiquidation);
  if (liquidation !== undefined) {
    const message = `The venue closed ${liquidation.quantity} ${liquidation.symbol} at ${liquidation.price} by itself (liquidation or deleveraging). Its stops are taken away; look at margin and leverage.`;
    return raiseAlert(deps, tx, { trader, severity: 'critical', code: 'liquidated', message });
  }
  const stranger = foreign.find(({ clientOrderId }) => isMarked(trader, clientOrderId));
  if (stranger !== undefined) return pauseForSecondInstance(deps, tx, trader, `an execution in ${stranger.symbol}`);
  const [first] = foreign;
  return first === undefined ? null : alarm(deps, tx, trader, `an execution: ${first.side} ${first.quantity} ${first.symbol}`);
}

const isInRecords = async (tx: StoreTx, clientOrderId: Fill['clientOrderId']): Promise<boolean> =>
  clientOrderId !== null && (await tx.orders.findByClientOrderId(clientOrderId)) !== null;

const isMarked = ({ exchange }: Trader, clientOrderId: string | null): boolean =>
  exchange !== null && hasOurPrefix(clientOrderId, exchange.environment);

async function alarm(deps: EngineDeps, tx: StoreTx, trader: Trader, what: string): Promise<Alert | null> {
  if (trader.risk.onExternalActivity !== 'alarm') return null;
  const message = `There is activity on the account of "${trader.name}" that is not ours: ${what}. It is recorded and left alone; set on_external_activity to adopt or ignore if you trade there yourself.`;
  return raiseAlert(deps, tx, { trader, severity: 'critical', code: 'external_activity', message });
}

async function pauseForSecondInstance(deps: EngineDeps, tx: StoreTx, before: Trader, what: string): Promise<Alert | null> {
  const trader = expected(await tx.traders.lock(before.id), `trader ${before.id} to be stored`);
  const at = deps.clock.now();
  await tx.traders.update({ ...trader, isActive: false, generation: trader.generation + 1 });
  const payload = { trader_id: trader.id, name: trader.name, change: 'trader.paused' };
  await tx.journal.publish({ at, ownerId: trader.ownerId, traderId: trader.id, topic: 'trader.changed', payload });
  const detail = { cause: 'second_instance', generation: trader.generation + 1 };
  await tx.journal.audit({ at, ownerId: trader.ownerId, actor: 'system', action: 'trader.paused', subject: `trader:${trader.id}`, detail });
  await tx.jobs.wake(trader.id);
  const message = `The account of "${trader.name}" shows ${what} that was made by this program and is in no record here. Either a second instance trades on the same account, or the database was restored from an old backup. The trader is paused: stop the other instance, check positions and orders at the venue, then resume.`;
  return raiseAlert(deps, tx, { trader, severity: 'critical', code: 'second_instance', message });
}
