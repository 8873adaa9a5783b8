import { type Decimal, gt, isOpen, type Order, type OrderId, sub, sum, ZERO } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { nextAttempt } from '../execution/make-intents.ts';
import { sendOrder } from '../execution/send-order.ts';
import { insertIntent, moveOrder } from '../execution/store-order.ts';
import { flatten } from './flatten.ts';

/** Tries per protective order before the failure policy takes over. */
const PROTECT_ATTEMPTS_MAX = 3;

/**
 * Covers what an entry has filled with its stop-loss and take-profit, and drops the legs of an entry that ended without a
 * fill. Safe to repeat after every fill: only what is not covered yet is sent. Protective orders may be re-sent (rule 3.2-7).
 */
export async function protectEntry(deps: EngineDeps, connection: VenueConnection, entryId: OrderId): Promise<void> {
  const entry = await deps.store.transaction((tx) => tx.orders.get(entryId));
  if (entry === null || entry.decisionId === null) return;
  await deps.mutex(`protection/${entry.traderId}`, async () => {
    for (const purpose of ['stop_loss', 'take_profit'] as const) await cover(deps, connection, entryId, purpose);
  });
}

async function cover(deps: EngineDeps, connection: VenueConnection, entryId: OrderId, purpose: 'stop_loss' | 'take_profit'): Promise<void> {
  for (let attempt = 0; attempt < PROTECT_ATTEMPTS_MAX; attempt++) {
    const next = await nextProtective(deps, entryId, purpose);
    if (next === null) return;
    const sent = await sendOrder(deps, connection, next.id, { generation: null, quantity: next.quantity });
    if (isOpen(sent.state) || sent.state === 'filled') return;
    deps.log.warn('protection.rejected', { orderId: sent.id, purpose, reason: sent.reason });
  }
  await onProtectionFailure(deps, connection, entryId, purpose);
}

/** The intent that covers the uncovered rest, with the quantity it needs; null when nothing is missing. */
async function nextProtective(
  deps: EngineDeps,
  entryId: OrderId,
  purpose: Order['purpose'],
): Promise<{ readonly id: OrderId; readonly quantity: Decimal } | null> {
  return deps.store.transaction(async (tx) => {
    const entry = await tx.orders.get(entryId);
    const trader = entry === null ? null : await tx.traders.get(entry.traderId);
    if (entry === null || trader === null) return null;
    if (entry.decisionId === null) return null;
    const legs = (await tx.orders.listByDecision(entry.decisionId)).filter((order) => order.purpose === purpose);
    const last = legs.at(-1);
    if (last === undefined) return null;
    const intent = legs.find((order) => order.state === 'intent') ?? null;
    const covered = sum(
      legs.filter((order) => order !== intent && (isOpen(order.state) || order.state === 'filled')).map((order) => order.quantity),
    );
    const position = await tx.portfolio.openPosition(entry.traderId, entry.symbol);
    const missing = position === null ? ZERO : sub(entry.filledQuantity, covered);
    if (!gt(missing, ZERO)) {
      const isOver = !isOpen(entry.state) && !gt(entry.filledQuantity, ZERO);
      if (intent !== null && isOver)
        await moveOrder(deps, tx, { order: intent, to: 'dropped', change: { reason: 'The entry ended without a fill.' }, trader });
      return null;
    }
    if (intent !== null) return { id: intent.id, quantity: missing };
    const again = { ...nextAttempt(deps.ids, last, legs.length, deps.clock.now()), quantity: missing };
    await insertIntent(tx, again, trader);
    return { id: again.id, quantity: missing };
  });
}

async function onProtectionFailure(
  deps: EngineDeps,
  connection: VenueConnection,
  entryId: OrderId,
  purpose: 'stop_loss' | 'take_profit',
): Promise<void> {
  const failure = await deps.store.transaction(async (tx) => {
    const entry = await tx.orders.get(entryId);
    const trader = entry === null ? null : await tx.traders.get(entry.traderId);
    if (entry === null || trader === null) return null;
    const flattens = purpose === 'stop_loss' && trader.risk.onProtectionFailure === 'flatten';
    const alert = await raiseAlert(deps, tx, {
      trader,
      severity: purpose === 'stop_loss' ? 'critical' : 'warning',
      code: `${purpose}_failed`,
      message: `The ${purpose.replace('_', ' ')} of ${entry.symbol} could not be placed after ${PROTECT_ATTEMPTS_MAX} tries; ${flattens ? 'the position is being closed' : 'the position stays open'}.`,
    });
    return { traderId: trader.id, symbol: entry.symbol, flattens, alert };
  });
  if (failure === null) return;
  if (failure.flattens) await flatten(deps, connection, failure.traderId, failure.symbol, `protection/${entryId}/${deps.ids.uuid()}`);
  if (failure.alert !== null) await notifyAlerts(deps, [failure.alert]);
}
