import {
  addMs,
  type Decimal,
  gt,
  isOpen,
  type Order,
  type OrderId,
  type Position,
  sub,
  sum,
  type Timestamp,
  type Trader,
  ZERO,
} from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { nextAttempt } from '../execution/make-intents.ts';
import { insertIntent, moveOrder } from '../execution/store-order.ts';
import type { StoreTx } from '../ports/store.ts';

/** Refusals per protective order before the failure policy takes over. */
export const PROTECT_ATTEMPTS_MAX = 3;
/** Pause after the first round of refusals; each further round makes it longer by as much. */
const PROTECT_PAUSE_MS = 60_000;
const PROTECT_PAUSE_MS_MAX = 3_600_000;

/** What protects the uncovered rest of an entry: an intent to send with the quantity it needs, or the venue refuses for now. */
export type NextProtective =
  | { readonly kind: 'send'; readonly id: OrderId; readonly quantity: Decimal }
  | { readonly kind: 'wait'; readonly trader: Trader; readonly entry: Order };

/**
 * The next step of covering an entry, stored as an intent; null when nothing is missing. While it waits the intent stays,
 * so that the entry remains on the list of what has to be looked after, also after a restart.
 */
export async function nextProtective(deps: EngineDeps, entryId: OrderId, purpose: Order['purpose']): Promise<NextProtective | null> {
  return deps.store.transaction(async (tx) => {
    const entry = await tx.orders.get(entryId);
    const trader = entry === null ? null : await tx.traders.get(entry.traderId);
    if (entry === null || trader === null || entry.decisionId === null) return null;
    const legs = (await tx.orders.listByDecision(entry.decisionId)).filter((order) => order.purpose === purpose);
    const last = legs.at(-1);
    if (last === undefined) return null;
    const intent = legs.find((order) => order.state === 'intent') ?? null;
    const missing = await uncovered(tx, entry, legs);
    if (!gt(missing, ZERO)) {
      await dropNeedless(deps, tx, { entry, intent, trader });
      return null;
    }
    const now = deps.clock.now();
    const next = intent ?? { ...nextAttempt(deps.ids, last, legs.length, now), quantity: missing };
    if (intent === null) await insertIntent(tx, next, trader);
    if (now < pausedUntil(legs)) return { kind: 'wait', trader, entry };
    return { kind: 'send', id: next.id, quantity: missing };
  });
}

async function uncovered(tx: StoreTx, entry: Order, legs: readonly Order[]): Promise<Decimal> {
  const position = await tx.portfolio.openPosition(entry.traderId, entry.symbol);
  if (position === null || !(await isPartOf(tx, entry, position))) return ZERO;
  const covering = legs.filter((order) => order.state !== 'intent' && (isOpen(order.state) || order.state === 'filled'));
  return sub(entry.filledQuantity, sum(covering.map((order) => order.quantity)));
}

/** An entry of a round trip that is over must not put its stop on the position that came after it. */
async function isPartOf(tx: StoreTx, entry: Order, position: Position): Promise<boolean> {
  if (position.openedByDecisionId === entry.decisionId) return true;
  const fills = await tx.portfolio.listFillsByOrder(entry.id);
  return fills.some((fill) => fill.filledAt >= position.openedAt);
}

async function dropNeedless(
  deps: EngineDeps,
  tx: StoreTx,
  { entry, intent, trader }: { readonly entry: Order; readonly intent: Order | null; readonly trader: Trader },
): Promise<void> {
  const isOver = !isOpen(entry.state) && !gt(entry.filledQuantity, ZERO);
  if (intent !== null && isOver)
    await moveOrder(deps, tx, { order: intent, to: 'dropped', change: { reason: 'The entry ended without a fill.' }, trader });
}

/** After every full round of refusals, or of orders that vanished, the venue is left alone, a little longer each time. */
function pausedUntil(legs: readonly Order[]): Timestamp {
  const refused = legs.filter((order) => !isOpen(order.state) && order.state !== 'filled' && order.state !== 'dropped');
  const newest = Math.max(0, ...refused.map((order) => order.updatedAt)) as Timestamp;
  if (refused.length === 0 || refused.length % PROTECT_ATTEMPTS_MAX !== 0) return newest;
  return addMs(newest, Math.min(PROTECT_PAUSE_MS_MAX, (PROTECT_PAUSE_MS * refused.length) / PROTECT_ATTEMPTS_MAX));
}
