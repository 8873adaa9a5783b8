import type { AccountState, MatchingOutcome, TraderId } from '@hyperoru/domain';
import { type Clock, type Log, type PaperRows, type VenueEvent, VenueUnavailable } from '@hyperoru/engine';
import { decodeAccount, encodeAccount, type StoredAccount } from './account-row.ts';
import { Committer } from './committer.ts';
import { PaperAccount } from './paper-account.ts';
import type { SteppedMarket } from './stepped-market.ts';
import { rowsOf, toVenueEvents } from './venue-records.ts';

/** How far the market may run on before its state is stored although no account changed. */
const MARKET_SAVE_INTERVAL_MS = 10_000;

export interface AccountBookDeps {
  readonly rows: PaperRows;
  readonly market: SteppedMarket;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * All accounts in memory, behind their rows: a change is committed before memory and listeners learn of it,
 * and an account whose commit failed is read again before anything else happens to it.
 */
export class AccountBook {
  readonly #deps: AccountBookDeps;
  readonly #committer: Committer;
  readonly #accounts = new Map<TraderId, PaperAccount>();
  /** Accounts that a price can touch; the others cost nothing per tick. */
  readonly #exposed = new Set<PaperAccount>();
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  #marketSavedAtMs: number;

  constructor(deps: AccountBookDeps) {
    this.#deps = deps;
    this.#committer = new Committer(deps.rows, () => deps.market.savedState());
    this.#marketSavedAtMs = deps.clock.monotonicMs();
  }

  /** Reads every account. Throws when rows cannot be read or are damaged. */
  async load(): Promise<void> {
    for (const row of await this.#deps.rows.loadAccounts()) this.#adopt(this.#obtain(row.traderId), decodeAccount(row));
  }

  exposed(): readonly PaperAccount[] {
    return [...this.#exposed];
  }

  /** Runs the work in the account's lane, its memory agreeing with its rows. The account may be new: then its state is null. */
  inLane<T>(traderId: TraderId, work: (account: PaperAccount) => Promise<T>): Promise<T> {
    const account = this.#obtain(traderId);
    return account.inLane(async () => {
      await this.#settleDoubt(account);
      return work(account);
    });
  }

  /** The state to read from, as it is now. Throws VenueUnavailable when there is no account or its rows cannot be read. */
  async readable(traderId: TraderId): Promise<AccountState> {
    const account = this.#accounts.get(traderId);
    if (account?.isDoubtful) await this.settled(traderId);
    const state = account?.state ?? null;
    if (state === null) throw new VenueUnavailable(`The paper venue has no account of trader ${traderId}; open one first.`);
    return state;
  }

  /**
   * Resolves when everything that is underway for the account has been stored or has failed. Whoever asks whether an order
   * exists waits for this: "no" would be a lie while one is being stored.
   */
  async settled(traderId: TraderId): Promise<void> {
    const account = this.#accounts.get(traderId);
    if (account !== undefined) await account.inLane(() => this.#settleDoubt(account));
  }

  /** Stores the outcome, then lets memory and listeners know. When storing fails nothing changes and the account is in doubt. */
  async commit(account: PaperAccount, outcome: MatchingOutcome, change: { readonly isClosed: boolean } = account): Promise<void> {
    const { traderId } = account;
    const stored: StoredAccount = { isClosed: change.isClosed, account: outcome.state };
    try {
      const rows = rowsOf(traderId, outcome.events, this.#deps.clock.now());
      await this.#committer.submit({ accounts: [{ traderId, state: encodeAccount(stored) }], ...rows });
    } catch (error) {
      account.isDoubtful = true;
      throw new VenueUnavailable('The paper venue could not store a change.', { cause: error });
    }
    this.#marketSavedAtMs = this.#deps.clock.monotonicMs();
    this.#adopt(account, stored);
    for (const event of toVenueEvents(traderId, outcome.events)) this.#tell(event);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Stores where the market stands, unless that was done a moment ago together with an account. */
  async saveMarketWhenDue(): Promise<void> {
    if (this.#deps.clock.monotonicMs() - this.#marketSavedAtMs >= MARKET_SAVE_INTERVAL_MS) await this.saveMarket();
  }

  async saveMarket(): Promise<void> {
    this.#marketSavedAtMs = this.#deps.clock.monotonicMs();
    try {
      await this.#committer.submitMarket();
    } catch (error) {
      this.#deps.log.warn('paper.market_not_saved', { error });
    }
  }

  /** Resolves when all work in all lanes is done. */
  async idle(): Promise<void> {
    await Promise.all([...this.#accounts.values()].map((account) => account.inLane(async () => null)));
  }

  #obtain(traderId: TraderId): PaperAccount {
    const known = this.#accounts.get(traderId);
    if (known !== undefined) return known;
    const account = new PaperAccount(traderId);
    this.#accounts.set(traderId, account);
    return account;
  }

  /** After a failed commit either the old or the new state is stored; only the rows know. */
  async #settleDoubt(account: PaperAccount): Promise<void> {
    if (!account.isDoubtful) return;
    try {
      const row = (await this.#deps.rows.loadAccounts()).find((other) => other.traderId === account.traderId);
      if (row !== undefined) this.#adopt(account, decodeAccount(row));
      account.isDoubtful = false;
    } catch (error) {
      throw new VenueUnavailable('The paper venue could not read an account again after a failed commit.', { cause: error });
    }
  }

  #adopt(account: PaperAccount, stored: StoredAccount): void {
    account.state = stored.account;
    account.isClosed = stored.isClosed;
    account.quiet = null;
    if (account.isExposed) this.#exposed.add(account);
    else this.#exposed.delete(account);
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
