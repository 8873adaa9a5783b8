import type { EngineDeps, VenueConnection } from '../deps.ts';
import { applyVenueOrder } from '../execution/settle-order.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import { bookFunding } from '../portfolio/book-funding.ts';
import type { VenueEvent } from '../ports/exchange.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { protectEntry } from '../protection/protect-entry.ts';

/** Books what a venue tells by itself: fills of resting and protective orders, funding, cancellations. Events may repeat or miss; recovery reads the truth. */
export function followVenue(deps: EngineDeps, connection: VenueConnection): () => void {
  return connection.exchange.onEvent((event) => {
    deps
      .mutex(`venue-event/${event.traderId}`, () => take(deps, connection, event))
      .catch((error: unknown) => {
        deps.log.error('venue.event_failed', {
          traderId: event.traderId,
          kind: event.kind,
          error: error instanceof Error ? error.stack : String(error),
        });
      });
  });
}

async function take(deps: EngineDeps, connection: VenueConnection, event: VenueEvent): Promise<void> {
  if (event.kind === 'funding') return bookFunding(deps, event.traderId, event.funding);
  const { clientOrderId, symbol } = event.kind === 'order' ? event.order : event.fill;
  const order = clientOrderId === null ? null : await deps.store.transaction((tx) => tx.orders.findByClientOrderId(clientOrderId));
  if (event.kind === 'fill') await bookFill(deps, event.traderId, event.fill);
  else if (order === null) return;
  else await applyVenueOrder(deps, order.id, event.order);
  if (event.kind === 'order' && event.order.state === 'open') return;
  // A fill and the state of its order are two events, in either order: each looks after what it left.
  if (order?.purpose === 'entry') await protectEntry(deps, connection, order.id);
  else await cleanUpFlat(deps, connection, event.traderId, symbol);
}
