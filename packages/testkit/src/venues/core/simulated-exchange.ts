import type { Decimal, Timestamp, TraderId } from '@hyperoru/domain';
import type {
  ExchangePort,
  OrderRequest,
  SubmitOutcome,
  VenueAccount,
  VenueEvent,
  VenueFill,
  VenueFunding,
  VenueOrder,
} from '@hyperoru/engine';
import { SCRIPT_START, type ScriptedMarket } from '../../paper/scripted-market.ts';
import { toVenueAccount, toVenueEvent, toVenueFill, toVenueFunding, toVenueOrder } from './port-records.ts';
import type { SimulatedVenue } from './simulated-venue.ts';

/** The exchange port straight on a simulated venue whose prices follow a script: no network, every answer is there at once. */
export class SimulatedExchange implements ExchangePort {
  readonly #venue: SimulatedVenue;

  constructor(venue: SimulatedVenue, market: ScriptedMarket) {
    this.#venue = venue;
    market.onSteps(async (steps) => {
      // Time that the script lets pass counts for funding only; deadlines go by the clock of the test.
      venue.clockOffsetMs = market.marketTime() - SCRIPT_START;
      for (const { symbol, ...move } of steps) venue.movePrice(symbol, move);
      venue.clockOffsetMs = 0;
    });
  }

  async openAccount(traderId: TraderId, { startBalance }: { readonly startBalance: Decimal }): Promise<void> {
    if (this.#venue.account(traderId) === null) this.#venue.deposit(traderId, startBalance);
  }

  async closeAccount(traderId: TraderId): Promise<void> {
    this.#venue.cancelAll(traderId, 'account_closed');
  }

  async placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome> {
    const { clientOrderId, symbol, side, type, quantity, reduceOnly, leverage } = request;
    if (this.#venue.now() > request.deadline) return { kind: 'rejected', code: 'expired', message: 'The request is past its deadline.' };
    const holds = this.#venue.books.account(traderId).state.positions.some((held) => held.symbol === symbol);
    if (!holds && !reduceOnly) this.#venue.setLeverage(traderId, symbol, { leverage, isCross: true });
    const placed = this.#venue.place(traderId, { clientOrderId, symbol, side, type, quantity, reduceOnly });
    if (placed.kind === 'accepted') return { kind: 'accepted', venueOrderId: String(placed.order.id) };
    return { kind: 'rejected', code: placed.code, message: placed.message };
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found'> {
    const order = this.#venue.orderByClientId(traderId, clientOrderId);
    if (order === null) return 'not_found';
    this.#venue.cancel(traderId, order.id);
    return this.#venue.order(order.id)?.status === 'filled' ? 'filled' : 'canceled';
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null> {
    const order = this.#venue.orderByClientId(traderId, clientOrderId);
    return order === null ? null : toVenueOrder(order);
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    return this.#venue.openOrders(traderId).map(toVenueOrder);
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    return toVenueAccount(this.#venue, traderId);
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    return this.#venue.fillsOf(traderId, since).map(toVenueFill);
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    return this.#venue.fundingOf(traderId, since).map(toVenueFunding);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    return this.#venue.onChange((change) => {
      const event = toVenueEvent(change);
      if (event !== null) listener(event);
    });
  }
}
