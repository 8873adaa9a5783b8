import type { Decimal, Timestamp, TraderId } from '@hyperoru/domain';
import {
  type ExchangePort,
  type OrderRequest,
  type SubmitOutcome,
  type VenueAccount,
  type VenueEvent,
  type VenueFill,
  type VenueFunding,
  type VenueOrder,
  type VenuePosition,
  VenueUnavailable,
} from '@hyperoru/engine';

/** What a test does around one order on its way to the venue. */
export interface Probe {
  /** Runs before the venue has the order; a promise that never settles is a process that died. */
  readonly before?: (request: OrderRequest) => Promise<void> | void;
  /** Replaces what the venue answered. */
  readonly answer?: (outcome: SubmitOutcome) => Promise<SubmitOutcome> | SubmitOutcome;
  /** Answers instead of the venue, which never sees the order. */
  readonly instead?: (request: OrderRequest) => Promise<SubmitOutcome>;
}

/** Stands between engine and venue: counts what is sent and lets a test disturb it. */
export class ProbedExchange implements ExchangePort {
  /** The venue itself, as others see it. */
  readonly venue: ExchangePort;
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  /** Every request that left, in order. */
  readonly sent: { readonly traderId: TraderId; readonly request: OrderRequest }[] = [];
  /** Chooses what happens around an order; null = nothing. */
  probe: (request: OrderRequest) => Probe | null = () => null;
  /** Every read fails, as when the venue is down. */
  isDown = false;
  /** Reads of these traders fail. */
  readonly downFor = new Set<TraderId>();
  /** Lookups of these client order ids find nothing, in any read. */
  readonly hidden = new Set<string>();
  /** What every account shows in place of its positions; null = what it has. */
  positions: readonly VenuePosition[] | null = null;
  /** Open orders alone cannot be read. */
  hidesOpenOrders = false;
  /** Changes what the venue says of the account. */
  accountAs: (account: VenueAccount) => VenueAccount = (account) => account;
  /** Cancels are lost on the way, and their answer with them. */
  losesCancels = false;
  /** Runs before fills are read. */
  beforeFills: (traderId: TraderId) => Promise<void> | void = () => undefined;
  /** Events the venue tells are lost on the way. */
  losesEvents = false;

  constructor(venue: ExchangePort) {
    this.venue = venue;
    venue.onEvent((event) => {
      if (!this.losesEvents) this.tell(event);
    });
  }

  async placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome> {
    this.sent.push({ traderId, request });
    const probe = this.probe(request) ?? {};
    await probe.before?.(request);
    if (probe.instead !== undefined) return probe.instead(request);
    const outcome = await this.venue.placeOrder(traderId, request);
    return probe.answer === undefined ? outcome : probe.answer(outcome);
  }

  openAccount(traderId: TraderId, options: { readonly startBalance: Decimal }): Promise<void> {
    return this.venue.openAccount(traderId, options);
  }

  closeAccount(traderId: TraderId): Promise<void> {
    return this.venue.closeAccount(traderId);
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'> {
    return this.isDown || this.losesCancels ? 'unknown' : this.venue.cancelOrder(traderId, clientOrderId);
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null> {
    this.#assertUp(traderId);
    return this.hidden.has(clientOrderId) ? null : this.venue.findOrder(traderId, clientOrderId);
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    this.#assertUp(traderId);
    if (this.hidesOpenOrders) throw new VenueUnavailable('Open orders cannot be read.');
    return (await this.venue.openOrders(traderId)).filter((order) => !this.hidden.has(order.clientOrderId ?? ''));
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    this.#assertUp(traderId);
    const account = await this.venue.account(traderId);
    return this.accountAs(this.positions === null ? account : { ...account, positions: this.positions });
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    await this.beforeFills(traderId);
    this.#assertUp(traderId);
    return (await this.venue.fillsSince(traderId, since)).filter((fill) => !this.hidden.has(fill.clientOrderId ?? ''));
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    this.#assertUp(traderId);
    return this.venue.fundingSince(traderId, since);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells every listener, whether the venue said so or the test. */
  tell(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Ends every disturbance. */
  calm(): void {
    this.probe = () => null;
    this.isDown = false;
    this.hidesOpenOrders = false;
    this.accountAs = (account) => account;
    this.losesCancels = false;
    this.losesEvents = false;
    this.hidden.clear();
  }

  #assertUp(traderId: TraderId): void {
    if (this.isDown || this.downFor.has(traderId)) throw new VenueUnavailable('The venue is down.');
  }
}
