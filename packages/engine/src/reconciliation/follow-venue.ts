import { isProtective, type Order, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { applyVenueOrder, isKnown } from '../execution/settle-order.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import { bookFunding } from '../portfolio/book-funding.ts';
import type { VenueEvent } from '../ports/exchange.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { protectEntry } from '../protection/protect-entry.ts';

type VenueReport = Exclude<VenueEvent, { kind: 'gap' }>;

/**
 * Books what a venue tells by itself: fills of resting and protective orders, funding, cancellations. Events may repeat or miss;
 * recovery reads the truth. `onGap` is told whose events may have been missed.
 */
export function followVenue(deps: EngineDeps, connection: VenueConnection, onGap: (traderId: TraderId) => void): () => void {
  const handle = (event: VenueEvent): void => {
    if (event.kind === 'gap') {
      onGap(event.traderId);
      return;
    }
    const clientOrderId = clientOrderIdOf(event);
    if (clientOrderId !== null && deps.inFlight.defer(clientOrderId, () => handle(event))) return;
    deps
      .mutex(`venue-event/${event.traderId}`, () => take(deps, connection, event))
      .catch((error: unknown) => {
        const fields = { traderId: event.traderId, kind: event.kind, error: error instanceof Error ? error.stack : String(error) };
        deps.log.error('venue.event_failed', fields);
      });
  };
  return connection.exchange.onEvent(handle);
}

function clientOrderIdOf(event: VenueReport): string | null {
  if (event.kind === 'funding') return null;
  return event.kind === 'order' ? event.order.clientOrderId : event.fill.clientOrderId;
}

async function take(deps: EngineDeps, connection: VenueConnection, event: VenueReport): Promise<void> {
  if (event.kind === 'funding') return bookFunding(deps, event.traderId, event.funding);
  const order = await readOrder(deps, clientOrderIdOf(event));
  if (event.kind === 'fill') await bookFill(deps, event.traderId, event.fill);
  else if (order === null) return;
  else if (!isKnown(order, event.order)) await applyVenueOrder(deps, order.id, event.order);
  if (event.kind === 'order' && event.order.state === 'open') return;
  // A fill and the state of its order are two events, in either order: each looks after what it left.
  const entry = order === null ? null : await entryOf(deps, order);
  if (entry !== null) await protectEntry(deps, connection, entry.id);
  if (order?.purpose !== 'entry')
    await cleanUpFlat(deps, connection, event.traderId, event.kind === 'order' ? event.order.symbol : event.fill.symbol);
  if (order !== null && isProtective(order.purpose)) await protectAgain(deps, connection, order);
}

/** A stop-loss that ended without our doing left a position bare: its entry is covered again at once. */
async function protectAgain(deps: EngineDeps, connection: VenueConnection, { decisionId }: Order): Promise<void> {
  if (decisionId === null) return;
  const legs = await deps.store.transaction((tx) => tx.orders.listByDecision(decisionId));
  const entry = legs.find((order) => order.purpose === 'entry');
  if (entry !== undefined) await protectEntry(deps, connection, entry.id);
}

/** The entry whose protection an event may have changed: itself, or the one that a vanished stop-loss or take-profit belonged to. */
async function entryOf(deps: EngineDeps, order: Order): Promise<Order | null> {
  if (order.purpose === 'entry') return order;
  const { decisionId } = order;
  if (decisionId === null || !isProtective(order.purpose)) return null;
  const legs = await deps.store.transaction((tx) => tx.orders.listByDecision(decisionId));
  return legs.find((leg) => leg.purpose === 'entry') ?? null;
}

async function readOrder(deps: EngineDeps, clientOrderId: string | null): Promise<Order | null> {
  return clientOrderId === null ? null : deps.store.transaction((tx) => tx.orders.findByClientOrderId(clientOrderId));
}
