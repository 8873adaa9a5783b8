import {
  type AccountMargin,
  type AccountState,
  accountMargin,
  cancelMatchedOrder,
  type Decimal,
  decimal,
  depositToAccount,
  fillOrder,
  isNegative,
  lastBoundary,
  liquidationPriceOf,
  type MatchingOutcome,
  positionOf,
  type Symbol,
  sub,
  symbol as symbolNamed,
  type Timestamp,
  timestamp,
} from '@hyperoru/domain';
import { CandleHistory } from './candle-history.ts';
import { type Fault, FaultBook, isWaitingFault } from './faults.ts';
import { advanceAccount, cancelCrossed, payFunding, resolveChildren, settleChanges } from './follow-up.ts';
import { injectNow } from './inject-now.ts';
import type { InstrumentChange, PriceMove, VenueInstrument } from './instruments.ts';
import { type PlaceResult, placeOnVenue, subjectOf } from './place-on-venue.ts';
import { SeededRandom } from './random.ts';
import {
  type HidingPlace,
  isOpenStatus,
  type LeverageSetting,
  type VenueAccountRecord,
  type VenueChange,
  type VenueFillRecord,
  type VenueFundingRecord,
  type VenueOrderRecord,
  type VenueOrderTicket,
} from './records.ts';
import { VenueBooks } from './venue-books.ts';
import { dumpVenue, loadVenue, type VenueDump } from './venue-dump.ts';
import { VenueMarket } from './venue-market.ts';
import type { VenueParts } from './venue-parts.ts';

export interface VenueOptions {
  /** Time of the world; the venue's own clock is this plus its offset. */
  readonly now: () => Timestamp;
  readonly instruments: readonly VenueInstrument[];
  /** First marks by symbol. */
  readonly prices: Readonly<Record<string, string>>;
  /** Decides every draw of a fault. Default 1. */
  readonly seed?: number;
  /** First id of orders, fills and payments; they share one rising sequence. Default 1,000,001. */
  readonly firstId?: number;
  /** How often a client id may be used. Default `any`. */
  readonly clientIds?: 'any' | 'unique_while_open' | 'unique_for_ever';
  /** Triggers need no position and outlive it (Binance) instead of being refused and canceled (Hyperliquid). Default false. */
  readonly keepsTriggers?: boolean;
  /** Leverage of a symbol nobody has set. Default 20, at most the symbol's maximum. */
  readonly defaultLeverage?: number;
}

/**
 * One simulated exchange: accounts, orders, fills, funding and prices on top of the product's own matching engine.
 *
 * It is driven synchronously and has no timers and no sockets: a dialect translates requests into calls of `place`, `cancel`,
 * `setLeverage` and the reads, streams are made of `onChange`, and a test moves the market with `movePrice`. Each of these first
 * catches up with the clock (funding, dead man's switches); `catchUp` does only that. Ids are numbers that rise over all accounts.
 * `inject` arms a fault of the catalogue or makes it happen at once; `dump` and `load` carry everything over a restart.
 * Programming errors throw RangeError; what a venue refuses is a value.
 */
export class SimulatedVenue implements VenueParts {
  readonly faults: FaultBook;
  readonly market: VenueMarket;
  readonly candles = new CandleHistory();
  readonly random: SeededRandom;
  readonly books: VenueBooks;
  readonly #options: VenueOptions;
  /** Triggers need no position and outlive it. */
  readonly keepsTriggers: boolean;
  readonly #listeners = new Set<(change: VenueChange) => void>();
  clockOffsetMs = 0;
  fundedUntil: Timestamp;

  constructor(options: VenueOptions) {
    this.#options = options;
    this.keepsTriggers = options.keepsTriggers ?? false;
    this.random = new SeededRandom(options.seed ?? 1);
    this.faults = new FaultBook(this.random);
    this.market = new VenueMarket(options.instruments);
    this.books = new VenueBooks(this.market, { firstId: options.firstId ?? 1_000_001, keepsTriggers: this.keepsTriggers });
    this.fundedUntil = lastBoundary(options.now());
    for (const { rules } of options.instruments) {
      const price = options.prices[rules.instrument.symbol];
      if (price !== undefined) this.candles.move(this.market.move(rules.instrument.symbol, { mark: decimal(price) }), options.now());
    }
  }

  /** Time of the world: heartbeats go by it, whatever the venue's clock was set to. */
  worldNow(): Timestamp {
    return this.#options.now();
  }

  /** The venue's clock, ms. */
  now(): Timestamp {
    return timestamp(this.#options.now() + this.clockOffsetMs);
  }

  /** Hears everything that happens, after the venue's state has taken it in. Returns the way to stop. */
  onChange(listener: (change: VenueChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Opens an account or adds to it. */
  deposit(accountId: string, amount: Decimal): VenueAccountRecord {
    const account = this.books.openAccount(accountId);
    this.books.setState(accountId, depositToAccount(account.state, amount));
    this.emit([{ kind: 'balance', accountId, reason: isNegative(amount) ? 'transfer' : 'deposit' }]);
    return this.books.account(accountId);
  }

  /** null when the venue has no such account. */
  account(accountId: string): VenueAccountRecord | null {
    return this.books.accounts.get(accountId) ?? null;
  }

  margin(accountId: string): AccountMargin {
    return accountMargin(this.books.account(accountId).state, this.market.matching(this.now()));
  }

  /** null without a position, or when no positive price liquidates it. */
  liquidationPrice(accountId: string, symbol: Symbol): Decimal | null {
    return liquidationPriceOf(this.books.account(accountId).state, symbol, this.market.matching(this.now()));
  }

  leverageOf(accountId: string, symbol: Symbol): LeverageSetting {
    const known = this.books.account(accountId).leverages[symbol];
    if (known !== undefined) return known;
    const leverageMax = this.market.instrument(symbol)?.rules.instrument.leverageMax ?? 1;
    return { leverage: Math.min(this.#options.defaultLeverage ?? 20, leverageMax), isCross: true };
  }

  setLeverage(
    accountId: string,
    symbol: Symbol,
    setting: LeverageSetting,
  ): { readonly kind: 'set' } | { readonly kind: 'refused'; readonly code: 'invalid_leverage' | 'position_open' | 'insufficient_margin' } {
    this.catchUp();
    const account = this.books.account(accountId);
    const leverageMax = this.market.instrument(symbol)?.rules.instrument.leverageMax ?? 0;
    if (!Number.isInteger(setting.leverage) || setting.leverage < 1 || setting.leverage > leverageMax)
      return { kind: 'refused', code: 'invalid_leverage' };
    const held = positionOf(account.state, symbol);
    if (held !== null && setting.isCross !== this.leverageOf(accountId, symbol).isCross) return { kind: 'refused', code: 'position_open' };
    const positions = account.state.positions.map((one) => (one === held ? { ...one, leverage: setting.leverage } : one));
    const state: AccountState = { ...account.state, positions };
    const isLower = held !== null && setting.leverage < held.leverage;
    if (isLower && isNegative(accountMargin(state, this.market.matching(this.now())).free))
      return { kind: 'refused', code: 'insufficient_margin' };
    this.books.accounts.set(accountId, { ...account, state, leverages: { ...account.leverages, [symbol]: setting } });
    this.emit([{ kind: 'leverage', accountId, symbol, setting }]);
    return { kind: 'set' };
  }

  /** Takes an order in. A market order fills what the book holds; what rests is matched by later moves of the price. */
  place(accountId: string, ticket: VenueOrderTicket): PlaceResult {
    this.catchUp();
    const { books, market, faults } = this;
    const { result, changes } = placeOnVenue(
      {
        books,
        market,
        faults,
        now: this.now(),
        clientIds: this.#options.clientIds ?? 'any',
        keepsTriggers: this.keepsTriggers,
        leverageOf: (id, symbol) => this.leverageOf(id, symbol),
      },
      accountId,
      ticket,
    );
    settleChanges(this, accountId, changes);
    cancelCrossed(this, result.order);
    const parent = ticket.parentId === undefined ? null : this.order(ticket.parentId);
    if (parent !== null && !this.books.orders.isLive(parent)) resolveChildren(this, parent);
    return result.kind === 'accepted' ? { kind: 'accepted', order: this.order(result.order.id) ?? result.order } : result;
  }

  /** `gone` = it was final already or never existed. */
  cancel(accountId: string, orderId: number, reason = 'canceled_by_request'): 'canceled' | 'gone' {
    this.catchUp();
    const order = this.books.orders.get(orderId);
    if (order === null || order.accountId !== accountId || !this.books.orders.isLive(order)) return 'gone';
    if (
      reason === 'canceled_by_request' &&
      this.faults.takeEngine('fill_before_cancel', { ...subjectOf(accountId, order), operation: 'cancel' })
    ) {
      if (this.fillResting(orderId, sub(order.quantity, order.filledQuantity))) return 'gone';
    }
    this.finish(order, 'canceled', reason);
    return 'canceled';
  }

  /** Cancels everything live of the account, or of one symbol of it. Returns the number. */
  cancelAll(accountId: string, reason: string, symbol?: Symbol): number {
    const live = this.books.orders.live(accountId).filter((order) => symbol === undefined || order.symbol === symbol);
    for (const order of live) this.cancel(accountId, order.id, reason);
    return live.length;
  }

  /** Fills part of a resting limit order at its price, as if the market had traded there. False when it does not rest. */
  fillResting(orderId: number, quantity: Decimal): boolean {
    const order = this.books.orders.get(orderId);
    const state = order === null ? null : this.books.account(order.accountId).state;
    const resting = state?.orders.find((other) => other.clientOrderId === String(orderId));
    if (order === null || state === null || resting === undefined || resting.type.kind !== 'limit') return false;
    const levels = [{ price: resting.type.price, quantity }];
    this.apply(
      order.accountId,
      fillOrder(state, resting, { levels, liquidity: 'maker', rest: { kind: 'rests' } }, this.market.matching(this.now())),
    );
    return true;
  }

  order(id: number): VenueOrderRecord | null {
    return this.books.orders.get(id);
  }

  /** The newest order of the account with this client id. */
  orderByClientId(accountId: string, clientOrderId: string): VenueOrderRecord | null {
    return this.books.orders.byClientId(accountId, clientOrderId).at(-1) ?? null;
  }

  /** Orders that rest, without children that wait for their parent. */
  openOrders(accountId: string): readonly VenueOrderRecord[] {
    return this.books.orders.live(accountId).filter((order) => isOpenStatus(order.status));
  }

  /** Whether the order is not to be seen there yet, by a `hide_order` fault. */
  isHidden(order: VenueOrderRecord, place: HidingPlace): boolean {
    return order.hidden !== null && order.hidden.until > this.now() && order.hidden.from.includes(place);
  }

  /** Fills of the account at or after the moment, oldest first. */
  fillsOf(accountId: string, since: number = 0): readonly VenueFillRecord[] {
    return this.books.fillsOf(accountId).filter((fill) => fill.at >= since);
  }

  fundingOf(accountId: string, since: number = 0): readonly VenueFundingRecord[] {
    return this.books.funding.filter((payment) => payment.accountId === accountId && payment.at >= since);
  }

  /** Moves the price of a symbol; everything it touches happens now. */
  movePrice(symbol: Symbol, move: PriceMove): void {
    this.catchUp();
    const step = this.market.move(symbol, move);
    this.candles.move(step, this.now());
    for (const accountId of this.books.accounts.keys()) advanceAccount(this, accountId, step);
    this.emit([{ kind: 'price', symbol }]);
  }

  changeInstrument(symbol: Symbol, change: InstrumentChange): void {
    this.market.change(symbol, change);
    this.emit([{ kind: 'instrument', symbol }]);
  }

  /** Sets or clears (null) the moment at which everything open of the account, or of one symbol, is canceled. */
  setCancelAt(accountId: string, at: Timestamp | null, symbol: Symbol | '*' = '*'): void {
    const account = this.books.account(accountId);
    const { [symbol]: _, ...others } = account.cancelAt;
    this.books.accounts.set(accountId, { ...account, cancelAt: at === null ? others : { ...others, [symbol]: at } });
  }

  /** Does what time alone brings about: funding at full hours, dead man's switches. */
  catchUp(): void {
    payFunding(this);
    const now = this.now();
    for (const [accountId, { cancelAt }] of this.books.accounts) {
      for (const [name, at] of Object.entries(cancelAt)) {
        if (at > now) continue;
        const scope = name === '*' ? name : symbolNamed(name);
        this.setCancelAt(accountId, null, scope);
        this.cancelAll(accountId, 'dead_man', scope === '*' ? undefined : scope);
      }
    }
  }

  /** Arms a fault that waits for its request, or makes one happen now. */
  inject(fault: Fault): void {
    if (isWaitingFault(fault)) this.faults.arm(fault);
    else if (fault.kind === 'venue_restart') this.load(JSON.parse(JSON.stringify(this.dump())));
    else injectNow(this, fault);
  }

  dump(): VenueDump {
    return dumpVenue(this);
  }

  /** Goes on from a dump as after a restart: listeners hear `restart`, faults that wait stay armed. */
  load(dump: VenueDump): void {
    loadVenue(this, dump);
    this.emit([{ kind: 'restart' }]);
  }

  /** Writes an outcome of the matching engine down and lets everything follow from it. For faults and tests. */
  apply(accountId: string, outcome: MatchingOutcome, cause: 'order' | 'adl' = 'order'): void {
    settleChanges(this, accountId, this.books.apply(accountId, outcome, this.now(), cause));
  }

  /** Ends a live order without a fill. */
  finish(order: VenueOrderRecord, status: 'canceled' | 'rejected', reason: string): void {
    const outcome = cancelMatchedOrder(this.books.account(order.accountId).state, String(order.id));
    if (outcome !== null) this.books.setState(order.accountId, outcome.state);
    const known = this.books.orders.get(order.id) ?? order;
    const done: VenueOrderRecord = { ...known, status, reason, updatedAt: this.now() };
    this.books.orders.put(done);
    settleChanges(this, order.accountId, [{ kind: 'order', accountId: order.accountId, order: done }]);
  }

  emit(changes: readonly VenueChange[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }
}
