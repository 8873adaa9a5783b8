import {
  advancePrice,
  cancelAllMatchedOrders,
  cancelMatchedOrder,
  type Decimal,
  duplicateRejection,
  followedBy,
  isQuiet,
  lastBoundary,
  type MatchingMarket,
  type MatchingOutcome,
  type MatchingRules,
  matchOrder,
  newMatchingAccount,
  type PriceStep,
  quietBands,
  type Symbol,
  type Timestamp,
  type TraderId,
  unchanged,
} from '@hyperoru/domain';
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
import { AccountBook, type AccountBookDeps } from './account-book.ts';
import type { PaperFault, PaperFaults } from './faults.ts';
import { Pace } from './pace.ts';
import type { PaperAccount } from './paper-account.ts';
import { toVenueAccount } from './venue-account.ts';
import { fillOf, fundingOf, orderOf, toVenueOrder } from './venue-records.ts';

export interface PaperExchangeDeps extends AccountBookDeps {
  readonly rules: ReadonlyMap<Symbol, MatchingRules>;
  readonly faults?: PaperFaults;
}

/**
 * The paper venue: all traders' accounts in one process on the matching engine. What it answers or tells is durable before.
 * Orders of one trader run one after the other, those of different traders side by side. Funding falls due at full hours of
 * market time. A closed account stands still: its positions are neither funded nor liquidated.
 */
export class PaperExchange implements ExchangePort {
  readonly #deps: PaperExchangeDeps;
  readonly #book: AccountBook;
  /** Client order id → monotonic moment until which lookups deny it; filled by faults only. */
  readonly #hiddenUntilMs = new Map<string, number>();
  #unfollow: (() => void) | null = null;

  private constructor(deps: PaperExchangeDeps) {
    this.#deps = deps;
    this.#book = new AccountBook(deps);
  }

  /** Loads every account and begins to follow the market. Throws when rows cannot be read or are damaged. */
  static async open(deps: PaperExchangeDeps): Promise<PaperExchange> {
    const exchange = new PaperExchange(deps);
    await exchange.#book.load();
    exchange.#unfollow = deps.market.onSteps((steps) => exchange.#advance(steps));
    return exchange;
  }

  /** Stops following the market and stores where it stands. Resolves when everything underway is durable or has failed. */
  async stop(): Promise<void> {
    this.#unfollow?.();
    await this.#book.idle();
    await this.#book.saveMarket();
  }

  async openAccount(traderId: TraderId, options: { readonly startBalance: Decimal }): Promise<void> {
    await this.#book.inLane(traderId, async (account) => {
      if (account.state === null)
        return this.#book.commit(account, unchanged(newMatchingAccount(options.startBalance)), { isClosed: false });
      if (!account.isClosed) return;
      // A closed account stood still: the hours in between cost no funding.
      const state = { ...account.state, fundedUntil: lastBoundary(this.#deps.market.marketTime()) };
      await this.#book.commit(account, unchanged(state), { isClosed: false });
    });
  }

  async closeAccount(traderId: TraderId): Promise<void> {
    await this.#book.inLane(traderId, async (account) => {
      if (account.state === null || account.isClosed) return;
      await this.#book.commit(account, cancelAllMatchedOrders(account.state, 'account_closed'), { isClosed: true });
    });
  }

  async placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome> {
    const fault = this.#deps.faults?.take(traderId, request) ?? null;
    if (fault?.kind === 'reject') return { kind: 'rejected', code: fault.code, message: fault.message };
    if (fault?.kind === 'hide') this.#hiddenUntilMs.set(request.clientOrderId, this.#deps.clock.monotonicMs() + fault.forMs);
    try {
      const outcome = await this.#book.inLane(traderId, (account) => this.#place(account, request));
      return outcome.kind === 'accepted' ? answerUnder(fault, outcome) : outcome;
    } catch (error) {
      this.#deps.log.error('paper.place_failed', { traderId, clientOrderId: request.clientOrderId, error });
      return { kind: 'unknown', cause: `The paper venue did not store the order for certain: ${messageOf(error)}` };
    }
  }

  async #place(account: PaperAccount, request: OrderRequest): Promise<SubmitOutcome> {
    if (account.state === null || account.isClosed) return NO_ACCOUNT;
    const known = await this.#deps.rows.findOrder(account.traderId, request.clientOrderId);
    const placed = known === null ? matchOrder(account.state, request, this.#view()) : duplicateRejection(request.clientOrderId);
    if (!placed.ok) return { kind: 'rejected', ...placed.error };
    await this.#book.commit(account, placed.value);
    return { kind: 'accepted', venueOrderId: placed.value.venueOrderId };
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'> {
    try {
      return await this.#book.inLane(traderId, async (account) => {
        const outcome = account.state === null ? null : cancelMatchedOrder(account.state, clientOrderId);
        if (outcome === null) return this.#finalState(traderId, clientOrderId);
        await this.#book.commit(account, outcome);
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
    await this.#book.settled(traderId);
    if (this.#isHidden(clientOrderId)) return null;
    const state = await this.#book.readable(traderId);
    const resting = state.orders.find((order) => order.clientOrderId === clientOrderId);
    if (resting !== undefined) return toVenueOrder(resting);
    const row = await read(() => this.#deps.rows.findOrder(traderId, clientOrderId));
    return row === null ? null : toVenueOrder(orderOf(row));
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    await this.#book.settled(traderId);
    const { orders } = await this.#book.readable(traderId);
    return orders.filter((order) => !this.#isHidden(order.clientOrderId)).map(toVenueOrder);
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    return toVenueAccount(await this.#book.readable(traderId), this.#view());
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    await this.#book.settled(traderId);
    return (await read(() => this.#deps.rows.fillsSince(traderId, since))).map(fillOf);
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    await this.#book.settled(traderId);
    return (await read(() => this.#deps.rows.fundingSince(traderId, since))).map(fundingOf);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    return this.#book.onEvent(listener);
  }

  async #advance(steps: readonly PriceStep[]): Promise<void> {
    const market = this.#view();
    // An account that sleeps through the steps costs a few comparisons; one in the middle of something is asked in its turn.
    const touched = this.#book.exposed().filter((account) => account.isBusy || !sleepsThrough(account, steps, market.marketTime));
    // All take their place in the lanes at once, so that no order slips in before its step; the work itself is spread out.
    const pace = new Pace();
    await Promise.all(touched.map((account) => this.#advanceAccount(account.traderId, steps, pace.nextTurn())));
    await this.#book.saveMarketWhenDue();
  }

  async #advanceAccount(traderId: TraderId, steps: readonly PriceStep[], turn: Promise<void>): Promise<void> {
    try {
      await this.#book.inLane(traderId, async (account) => {
        await turn;
        if (account.state === null || !account.isExposed || sleepsThrough(account, steps, this.#deps.market.marketTime())) return;
        const market = this.#view();
        const outcome = steps.reduce<MatchingOutcome>(
          (before, step) => followedBy(before, (state) => advancePrice(state, step, market)),
          unchanged(account.state),
        );
        if (outcome.events.length > 0) await this.#book.commit(account, outcome);
        else account.quiet = quietBands(account.state, market);
      });
    } catch (error) {
      // The account stays as it was stored; the next step finds the stops that the price has passed.
      this.#deps.log.error('paper.step_failed', { traderId, error });
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
}

function sleepsThrough({ quiet }: PaperAccount, steps: readonly PriceStep[], marketTime: Timestamp): boolean {
  return quiet !== null && steps.every((step) => isQuiet(quiet, step, marketTime));
}

const NO_ACCOUNT: SubmitOutcome = {
  kind: 'rejected',
  code: 'account_closed',
  message: 'This trader has no open account at the paper venue.',
};

function answerUnder(fault: PaperFault | null, accepted: SubmitOutcome): SubmitOutcome {
  if (fault?.kind === 'lose_answer') return { kind: 'unknown', cause: 'No answer arrived in time.' };
  if (fault?.kind === 'accept_then_error') return { kind: 'unknown', cause: 'The venue answered with status 502.' };
  return accepted;
}

async function read<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new VenueUnavailable('The paper venue could not read its records.', { cause: error });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
