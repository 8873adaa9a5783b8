import type { Order, TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { errorFields } from '../error-fields.ts';
import { applyVenueOrder, isKnown } from '../execution/settle-order.ts';
import { expected } from '../expected.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import { bookFunding } from '../portfolio/book-funding.ts';
import type { VenueEvent } from '../ports/exchange.ts';
import { keepProtected } from '../protection/watch-protection.ts';
import { judgeFills } from './external-activity.ts';

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
        deps.log.error('venue.event_failed', { traderId: event.traderId, kind: event.kind, ...errorFields(error) });
      });
  };
  return connection.exchange.onEvent(handle);
}

function clientOrderIdOf(event: VenueReport): string | null {
  if (event.kind === 'funding') return null;
  return event.kind === 'order' ? event.order.clientOrderId : event.fill.clientOrderId;
}

async function take(deps: EngineDeps, connection: VenueConnection, event: VenueReport): Promise<void> {
  if (event.kind === 'funding') {
    await bookFunding(deps, event.traderId, event.funding);
    return;
  }
  const order = await readOrder(deps, clientOrderIdOf(event));
  const { symbol } = event.kind === 'order' ? event.order : event.fill;
  if (event.kind === 'fill') await takeFill(deps, event);
  else if (order === null) return;
  else if (!isKnown(order, event.order)) await applyVenueOrder(deps, order.id, event.order);
  if (event.kind === 'order' && event.order.state === 'open') return;
  // A fill and the state of its order are two events, in either order: each looks after what it left.
  await keepProtected(deps, connection, { traderId: event.traderId, symbol });
}

/** What others did on the account is judged when it is first heard of. */
async function takeFill(deps: EngineDeps, { traderId, fill }: Extract<VenueReport, { kind: 'fill' }>): Promise<void> {
  if (!(await bookFill(deps, traderId, fill))) return;
  const trader = await deps.store.transaction((tx) => tx.traders.get(traderId));
  await judgeFills(deps, expected(trader, `trader ${traderId} to be stored`), [fill]);
}

async function readOrder(deps: EngineDeps, clientOrderId: string | null): Promise<Order | null> {
  return clientOrderId === null ? null : deps.store.transaction((tx) => tx.orders.findByClientOrderId(clientOrderId));
}
