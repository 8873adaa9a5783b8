import type { Decimal, Symbol, Timestamp, TraderId } from '@hyperoru/domain';
import {
  type ExchangePort,
  type OrderRequest,
  type SubmitOutcome,
  type VenueAccount,
  type VenueEvent,
  type VenueFill,
  type VenueFunding,
  type VenueOrder,
  VenueUnavailable,
} from '@hyperoru/engine';
import {
  type HidingPlace,
  type Operation,
  type PlaceResult,
  type SimulatedVenue,
  type Subject,
  toVenueAccount,
  toVenueFill,
  toVenueFunding,
  toVenueOrder,
  type VenueOrderRecord,
} from '@hyperoru/testkit';
import type { EventStream } from './event-stream.ts';
import type { SideWorld } from './side.ts';
import type { Reply, Wire } from './wire.ts';

/** The exchange port straight on the venue's core: the network between them is modelled, a wire protocol is not. */
export class PlainExchange implements ExchangePort {
  readonly #venue: SimulatedVenue;
  readonly #wire: Wire;
  readonly #stream: EventStream;
  readonly #arrived: SideWorld['arrived'];
  /** Numbers of requests that the venue has seen; they outlive the process. */
  readonly #nonces: Set<string>;

  constructor(parts: {
    readonly venue: SimulatedVenue;
    readonly wire: Wire;
    readonly stream: EventStream;
    readonly arrived: SideWorld['arrived'];
    readonly nonces: Set<string>;
  }) {
    this.#venue = parts.venue;
    this.#wire = parts.wire;
    this.#stream = parts.stream;
    this.#arrived = parts.arrived;
    this.#nonces = parts.nonces;
  }

  async openAccount(traderId: TraderId, { startBalance }: { readonly startBalance: Decimal }): Promise<void> {
    await this.#read(traderId, 'other', () => {
      if (this.#venue.account(traderId) === null) this.#venue.deposit(traderId, startBalance);
    });
  }

  async closeAccount(traderId: TraderId): Promise<void> {
    await this.#read(traderId, 'other', () => void this.#venue.cancelAll(traderId, 'account_closed'));
  }

  async placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome> {
    const subject = subjectOf('place', traderId, request.symbol, request.clientOrderId);
    const reply = await this.#wire.call(subject, () => this.#execute(traderId, request));
    return outcomeOf(reply);
  }

  #execute(
    traderId: TraderId,
    request: OrderRequest,
  ): PlaceResult | { readonly kind: 'refused'; readonly code: string; readonly message: string } {
    const { type: wanted } = request;
    const limitPrice = wanted.kind === 'limit' ? wanted.price : null;
    this.#arrived({ ...request, limitPrice, triggerPrice: wanted.kind === 'trigger' ? wanted.triggerPrice : null });
    const nonce = `${traderId} ${request.nonce}`;
    if (this.#venue.now() > request.deadline) return { kind: 'refused', code: 'expired', message: 'The request is past its deadline.' };
    if (this.#nonces.has(nonce)) return { kind: 'refused', code: 'nonce_used', message: 'The number was used before.' };
    this.#nonces.add(nonce);
    const held = this.#venue.books.account(traderId).state.positions.some(({ symbol }) => symbol === request.symbol);
    if (!held && !request.reduceOnly) this.#venue.setLeverage(traderId, request.symbol, { leverage: request.leverage, isCross: true });
    const { clientOrderId, symbol, side, type, quantity, reduceOnly } = request;
    return this.#venue.place(traderId, { clientOrderId, symbol, side, type, quantity, reduceOnly });
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'> {
    const reply = await this.#wire.call(subjectOf('cancel', traderId, null, clientOrderId), () => {
      const order = this.#venue.orderByClientId(traderId, clientOrderId);
      if (order === null) return 'not_found' as const;
      if (this.#venue.cancel(traderId, order.id) === 'canceled') return 'canceled' as const;
      return this.#venue.order(order.id)?.status === 'filled' ? ('filled' as const) : ('canceled' as const);
    });
    return reply.kind === 'answer' ? reply.value : 'unknown';
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null> {
    return this.#read(traderId, 'find_order', () => {
      const order = this.#venue.orderByClientId(traderId, clientOrderId);
      return order === null || wasRefused(order) || this.#isHidden(order, 'lookup') ? null : toVenueOrder(order);
    });
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    return this.#read(traderId, 'open_orders', () =>
      this.#venue
        .openOrders(traderId)
        .filter((order) => !this.#isHidden(order, 'open_orders'))
        .map(toVenueOrder),
    );
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    return this.#read(traderId, 'account', () => toVenueAccount(this.#venue, traderId));
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    return this.#read(traderId, 'fills', () => this.#venue.fillsOf(traderId, since).map(toVenueFill));
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    return this.#read(traderId, 'funding', () => this.#venue.fundingOf(traderId, since).map(toVenueFunding));
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    return this.#stream.onEvent(listener);
  }

  async #read<T>(traderId: TraderId, operation: Operation, execute: () => T): Promise<T> {
    const reply = await this.#wire.call(subjectOf(operation, traderId, null, null), execute);
    if (reply.kind === 'answer') return reply.value;
    throw new VenueUnavailable(`The venue gave no answer to ${operation}: ${reply.kind}.`);
  }

  #isHidden({ hidden }: VenueOrderRecord, place: HidingPlace): boolean {
    return hidden?.from.includes(place) === true && this.#venue.now() < hidden.until;
  }
}

/** Never in the book; one that was refused when its trigger was reached is known to the venue. */
const wasRefused = ({ status, reason }: VenueOrderRecord): boolean => status === 'rejected' && reason?.endsWith('_at_trigger') !== true;

function outcomeOf(
  reply: Reply<PlaceResult | { readonly kind: 'refused'; readonly code: string; readonly message: string }>,
): SubmitOutcome {
  switch (reply.kind) {
    case 'answer':
      return reply.value.kind === 'accepted'
        ? { kind: 'accepted', venueOrderId: String(reply.value.order.id) }
        : { kind: 'rejected', code: reply.value.code, message: reply.value.message };
    case 'refused':
      return { kind: 'rejected', code: reply.code, message: 'The venue takes no requests now.' };
    case 'unreachable':
      return { kind: 'not_sent', cause: 'The connection was refused.' };
    case 'lost':
      return { kind: 'unknown', cause: reply.cause };
  }
}

const subjectOf = (operation: Operation, accountId: string, symbol: Symbol | null, clientOrderId: string | null): Subject => ({
  operation,
  accountId,
  symbols: symbol === null ? [] : [symbol],
  clientOrderIds: clientOrderId === null ? [] : [clientOrderId],
});
