import {
  type AccountState,
  advancePrice,
  cancelAllMatchedOrders,
  cancelMatchedOrder,
  type Decimal,
  duplicateRejection,
  followedBy,
  lastBoundary,
  type MatchingMarket,
  type MatchingOutcome,
  type MatchingRules,
  matchOrder,
  newMatchingAccount,
  type PriceStep,
  type Symbol,
  type Timestamp,
  type TraderId,
  unchanged,
} from '@hyperoru/domain';
import {
  type Clock,
  type ExchangePort,
  type Log,
  type OrderRequest,
  type PaperRows,
  type SubmitOutcome,
  type VenueAccount,
  type VenueEvent,
  type VenueFill,
  type VenueFunding,
  type VenueOrder,
  VenueUnavailable,
} from '@hyperoru/engine';
import { decodeAccount, encodeAccount } from './account-row.ts';
import { Committer } from './committer.ts';
import type { PaperFault, PaperFaults } from './faults.ts';
import { PaperAccount } from './paper-account.ts';
import type { SteppedMarket } from './stepped-market.ts';
import { toVenueAccount } from './venue-account.ts';
import { fillOf, fundingOf, orderOf, rowsOf, toVenueEvents, toVenueOrder } from './venue-records.ts';

/** How far the market may run on before its state is stored although no account changed. */
const MARKET_SAVE_INTERVAL_MS = 10_000;

export interface PaperExchangeDeps {
  readonly rows: PaperRows;
  readonly market: SteppedMarket;
  readonly rules: ReadonlyMap<Symbol, MatchingRules>;
  readonly clock: Clock;
  readonly log: Log;
  readonly faults?: PaperFaults;
}

/**
 * The paper venue: all traders' accounts in one process on the matching engine. Memory follows the rows, never the other
 * way round: a change is committed before it is answered, told or used, and one whose commit failed is read again first.
 */
export class PaperExchange implements ExchangePort {
  readonly #deps: PaperExchangeDeps;
  readonly #committer: Committer;
  readonly #accounts = new Map<TraderId, PaperAccount>();
  /** Accounts that a price can touch; the others cost nothing per tick. */
  readonly #exposed = new Set<PaperAccount>();
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  /** Client order id → monotonic moment until which lookups deny it; filled by faults only. */
  readonly #hiddenUntilMs = new Map<string, number>();
  #marketSavedAtMs: number;
  #unsubscribe: (() => void) | null = null;

  private constructor(deps: PaperExchangeDeps) {
    this.#deps = deps;
    this.#committer = new Committer(deps.rows, () => deps.market.savedState());
    this.#marketSavedAtMs = deps.clock.monotonicMs();
  }

  /** Loads every account and begins to follow the market. Throws when rows cannot be read or are damaged. */
  static async open(deps: PaperExchangeDeps): Promise<PaperExchange> {
    const exchange = new PaperExchange(deps);
    for (const row of await deps.rows.loadAccounts()) exchange.#restore(row.traderId, decodeAccount(row));
    exchange.#unsubscribe = deps.market.onSteps((steps) => exchange.#advance(steps));
    return exchange;
  }

  /** Stops following the market and stores where it stands. Resolves when everything underway is durable or has failed. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all([...this.#accounts.values()].map((account) => account.inLane(async () => null)));
    await this.#saveMarket();
  }

  async openAccount(traderId: TraderId, options: { readonly startBalance: Decimal }): Promise<void> {
    const account = this.#accounts.get(traderId) ?? new PaperAccount(traderId);
    this.#accounts.set(traderId, account);
    await account.inLane(async () => {
      await this.#settleDoubt(account);
      if (account.state === null) return this.#commit(account, unchanged(newMatchingAccount(options.startBalance)), { isClosed: false });
      if (!account.isClosed) return;
      // A closed account stood still: the hours in between cost no funding.
      const state = { ...account.state, fundedUntil: lastBoundary(this.#deps.market.marketTime()) };
      await this.#commit(account, unchanged(state), { isClosed: false });
    });
  }

  async closeAccount(traderId: TraderId): Promise<void> {
    const account = this.#accounts.get(traderId);
    if (account === undefined) return;
    await account.inLane(async () => {
      await this.#settleDoubt(account);
      if (account.state === null || account.isClosed) return;
      await this.#commit(account, cancelAllMatchedOrders(account.state, 'account_closed'), { isClosed: true });
    });
  }

  async placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome> {
    const fault = this.#deps.faults?.take(traderId, request) ?? null;
    if (fault?.kind === 'reject') return { kind: 'rejected', code: fault.code, message: fault.message };
    const account = this.#accounts.get(traderId);
    if (account === undefined) return noAccount();
    if (fault?.kind === 'hide') this.#hiddenUntilMs.set(request.clientOrderId, this.#deps.clock.monotonicMs() + fault.forMs);
    try {
      const outcome = await account.inLane(() => this.#place(account, request));
      return outcome.kind === 'accepted' ? answerUnder(fault, outcome) : outcome;
    } catch (error) {
      this.#deps.log.error('paper.place_failed', { traderId, clientOrderId: request.clientOrderId, error });
      return { kind: 'unknown', cause: `The paper venue could not store the order: ${messageOf(error)}` };
    }
  }

  async #place(account: PaperAccount, request: OrderRequest): Promise<SubmitOutcome> {
    await this.#settleDoubt(account);
    if (account.state === null || account.isClosed) return noAccount();
    const known = await this.#deps.rows.findOrder(account.traderId, request.clientOrderId);
    const placed = known === null ? matchOrder(account.state, request, this.#view()) : duplicateRejection(request.clientOrderId);
    if (!placed.ok) return { kind: 'rejected', ...placed.error };
    await this.#commit(account, placed.value);
    return { kind: 'accepted', venueOrderId: placed.value.venueOrderId };
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'> {
    const account = this.#accounts.get(traderId);
    if (account === undefined) return 'not_found';
    try {
      return await account.inLane(async () => {
        await this.#settleDoubt(account);
        const outcome = account.state === null ? null : cancelMatchedOrder(account.state, clientOrderId);
        if (outcome === null) return await this.#finalState(traderId, clientOrderId);
        await this.#commit(account, outcome);
        return 'canceled';
      });
    } catch (error) {
      this.#deps.log.error('paper.cancel_failed', { traderId, clientOrderId, error });
      return 'unknown';
    }
  }

  async #finalState(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found'> {
    const row = await this.#deps.rows.findOrder(traderId, clientOrderId);
    if (row === null) return 'not_found';
    return orderOf(row).state === 'filled' ? 'filled' : 'canceled';
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null> {
    if (this.#isHidden(clientOrderId)) return null;
    const account = await this.#readable(traderId);
    const resting = account.state.orders.find((order) => order.clientOrderId === clientOrderId);
    if (resting !== undefined) return toVenueOrder(resting);
    const row = await this.#read(() => this.#deps.rows.findOrder(traderId, clientOrderId));
    return row === null ? null : toVenueOrder(orderOf(row));
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    const { state } = await this.#readable(traderId);
    return state.orders.filter((order) => !this.#isHidden(order.clientOrderId)).map(toVenueOrder);
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    const { state } = await this.#readable(traderId);
    return toVenueAccount(state, this.#view());
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    return (await this.#read(() => this.#deps.rows.fillsSince(traderId, since))).map(fillOf);
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    return (await this.#read(() => this.#deps.rows.fundingSince(traderId, since))).map(fundingOf);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #advance(steps: readonly PriceStep[]): Promise<void> {
    await Promise.all([...this.#exposed].map((account) => account.inLane(() => this.#advanceAccount(account, steps))));
    if (this.#deps.clock.monotonicMs() - this.#marketSavedAtMs >= MARKET_SAVE_INTERVAL_MS) await this.#saveMarket();
  }

  async #advanceAccount(account: PaperAccount, steps: readonly PriceStep[]): Promise<void> {
    try {
      await this.#settleDoubt(account);
      if (account.state === null || !account.isExposed) return;
      const market = this.#view();
      const outcome = steps.reduce<MatchingOutcome>(
        (before, step) => followedBy(before, (state) => advancePrice(state, step, market)),
        unchanged(account.state),
      );
      if (outcome.events.length > 0) await this.#commit(account, outcome);
    } catch (error) {
      // The account stays as it was stored; the next step finds stops that the price has passed.
      this.#deps.log.error('paper.step_failed', { traderId: account.traderId, error });
    }
  }

  /** Stores the outcome, then lets memory and listeners know. When storing fails nothing changes and the account is in doubt. */
  async #commit(account: PaperAccount, outcome: MatchingOutcome, change: { readonly isClosed: boolean } = account): Promise<void> {
    const { traderId } = account;
    const { isClosed } = change;
    const rows = rowsOf(traderId, outcome.events, this.#deps.clock.now());
    try {
      await this.#committer.submit({ accounts: [{ traderId, state: encodeAccount({ isClosed, account: outcome.state }) }], ...rows });
    } catch (error) {
      account.isDoubtful = true;
      throw new VenueUnavailable('The paper venue could not store a change.', { cause: error });
    }
    this.#marketSavedAtMs = this.#deps.clock.monotonicMs();
    this.#adopt(account, { isClosed, account: outcome.state });
    for (const event of toVenueEvents(traderId, outcome.events)) this.#tell(event);
  }

  /** After a failed commit either the old or the new state is stored; only the rows know. */
  async #settleDoubt(account: PaperAccount): Promise<void> {
    if (!account.isDoubtful) return;
    const stored = await this.#read(() => this.#deps.rows.loadAccounts());
    const row = stored.find((other) => other.traderId === account.traderId);
    if (row !== undefined) this.#adopt(account, decodeAccount(row));
    account.isDoubtful = false;
  }

  #restore(traderId: TraderId, stored: { readonly isClosed: boolean; readonly account: AccountState }): void {
    const account = new PaperAccount(traderId);
    this.#accounts.set(traderId, account);
    this.#adopt(account, stored);
  }

  #adopt(account: PaperAccount, stored: { readonly isClosed: boolean; readonly account: AccountState }): void {
    account.state = stored.account;
    account.isClosed = stored.isClosed;
    if (account.isExposed) this.#exposed.add(account);
    else this.#exposed.delete(account);
  }

  async #readable(traderId: TraderId): Promise<{ readonly state: AccountState }> {
    const account = this.#accounts.get(traderId);
    if (account?.isDoubtful) await account.inLane(() => this.#settleDoubt(account));
    if (account === undefined || account.state === null) throw new VenueUnavailable(`The paper venue has no account of trader ${traderId}; open one first.`);
    return { state: account.state };
  }

  async #read<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new VenueUnavailable('The paper venue could not read its records.', { cause: error });
    }
  }

  async #saveMarket(): Promise<void> {
    this.#marketSavedAtMs = this.#deps.clock.monotonicMs();
    try {
      await this.#committer.submitMarket();
    } catch (error) {
      this.#deps.log.warn('paper.market_not_saved', { error });
    }
  }

  #view(): MatchingMarket {
    const { market, rules, clock } = this.#deps;
    const marks = new Map<Symbol, Decimal>();
    for (const symbol of rules.keys()) {
      const quote = market.quote(symbol);
      if (quote !== null) marks.set(symbol, quote.mark);
    }
    return { rules, marks, marketTime: market.marketTime(), now: clock.now() };
  }

  #isHidden(clientOrderId: string): boolean {
    const untilMs = this.#hiddenUntilMs.get(clientOrderId);
    return untilMs !== undefined && this.#deps.clock.monotonicMs() < untilMs;
  }

  #tell(event: VenueEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#deps.log.error('paper.listener_failed', { traderId: event.traderId, error });
      }
    }
  }
}

const noAccount = (): SubmitOutcome => ({ kind: 'rejected', code: 'account_closed', message: 'This trader has no open account at the paper venue.' });

function answerUnder(fault: PaperFault | null, accepted: SubmitOutcome): SubmitOutcome {
  if (fault?.kind === 'lose_answer') return { kind: 'unknown', cause: 'No answer arrived in time.' };
  if (fault?.kind === 'accept_then_error') return { kind: 'unknown', cause: 'The venue answered with status 502.' };
  return accepted;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
