import type { TraderId } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';

/** How long opening an account waits for its stream; without one it is read all the same. */
const LISTENING_MS_MAX = 3_000;

interface Listening {
  readonly stop: () => void;
  readonly ready: Promise<void>;
}

export interface AccountStreamsOptions<Account> {
  readonly clock: Clock;
  /** Streams at one time; traders beyond are read, not heard. Default: any number. */
  readonly max?: number;
  /** Begins to listen; `isReady` is called once the venue tells everything from then on. Returns how it ends. */
  readonly listen: (account: Account, isReady: () => void) => () => void;
}

/** The streams of accounts, at most one for each trader. */
export class AccountStreams<Account extends { readonly traderId: TraderId }> {
  readonly #options: AccountStreamsOptions<Account>;
  readonly #streams = new Map<TraderId, Listening>();

  constructor(options: AccountStreamsOptions<Account>) {
    this.#options = options;
  }

  start(account: Account): void {
    const { max = Number.POSITIVE_INFINITY, listen } = this.#options;
    if (this.#streams.has(account.traderId) || this.#streams.size >= max) return;
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    this.#streams.set(account.traderId, { stop: listen(account, isReady), ready });
  }

  /** Resolves when the account is heard, or after a while when it is not. */
  async whenListening({ traderId }: Account): Promise<void> {
    const ready = this.#streams.get(traderId)?.ready;
    const waited = new AbortController();
    if (ready !== undefined) await Promise.race([ready, this.#options.clock.sleep(LISTENING_MS_MAX, waited.signal).catch(() => undefined)]);
    waited.abort();
  }

  stop(traderId: TraderId): void {
    this.#streams.get(traderId)?.stop();
    this.#streams.delete(traderId);
  }

  stopAll(): void {
    for (const traderId of [...this.#streams.keys()]) this.stop(traderId);
  }
}
