import type { TraderId } from '@hyperoru/domain';
import type { Clock, Log, VenueEvent, VenueOrder } from '@hyperoru/engine';
import type { HyperliquidAccount } from './accounts.ts';
import type { StartStream, Stream } from './stream-port.ts';
import { startUserStream } from './user-stream.ts';
import { toVenueFill, toVenueFunding } from './venue-records.ts';

/** The venue lets one address of the internet listen on this many connections; traders beyond are read, not heard. */
const STREAMS_MAX = 10;
/** How long opening an account waits for its stream; without one it is read all the same. */
const LISTENING_MS_MAX = 3_000;

export interface UserStreamsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly emit: (event: VenueEvent) => void;
  readonly readOrder: (account: HyperliquidAccount, id: string | number) => Promise<VenueOrder | null>;
}

interface Listening {
  readonly stream: Stream;
  readonly ready: Promise<void>;
}

/** The streams of all accounts, told as events of the port. */
export class UserStreams {
  readonly #deps: UserStreamsDeps;
  readonly #streams = new Map<TraderId, Listening>();

  constructor(deps: UserStreamsDeps) {
    this.#deps = deps;
  }

  start(account: HyperliquidAccount): void {
    if (this.#streams.has(account.traderId) || this.#streams.size >= STREAMS_MAX) return;
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    this.#streams.set(account.traderId, { stream: this.#listen(account, isReady), ready });
  }

  /** Resolves when the account is heard, or after a while when it is not. */
  async whenListening({ traderId }: HyperliquidAccount): Promise<void> {
    const ready = this.#streams.get(traderId)?.ready;
    const waited = new AbortController();
    if (ready !== undefined) await Promise.race([ready, this.#deps.clock.sleep(LISTENING_MS_MAX, waited.signal).catch(() => undefined)]);
    waited.abort();
  }

  stop(traderId: TraderId): void {
    this.#streams.get(traderId)?.stream.stop();
    this.#streams.delete(traderId);
  }

  stopAll(): void {
    for (const traderId of [...this.#streams.keys()]) this.stop(traderId);
  }

  #listen(account: HyperliquidAccount, isReady: () => void): Stream {
    const { emit, log, startStream, wsUrl } = this.#deps;
    const { traderId, address, tally } = account;
    const ordersChanged = this.#orderReader(account);
    return startUserStream(startStream, {
      wsUrl,
      address,
      name: `hyperliquid/${traderId}`,
      events: {
        ready: () => {
          isReady();
          emit({ kind: 'gap', traderId });
        },
        ordersChanged,
        fills: (fills, isNew) => {
          tally.add(fills);
          if (!isNew) return;
          for (const wire of fills) {
            const fill = toVenueFill(wire, address);
            if (fill !== null) emit({ kind: 'fill', traderId, fill });
          }
        },
        fundings: (fundings) => {
          for (const wire of fundings) {
            const funding = toVenueFunding(wire);
            if (funding !== null) emit({ kind: 'funding', traderId, funding });
          }
        },
        unreadable: (channel) => {
          log.warn('hyperliquid.stream_unreadable', { traderId, channel });
          emit({ kind: 'gap', traderId });
        },
      },
    });
  }

  /** Reads orders that changed one after the other; one that changes again while it waits is read once. */
  #orderReader(account: HyperliquidAccount): (ids: readonly (string | number)[]) => void {
    const { emit, readOrder } = this.#deps;
    const { traderId } = account;
    const waiting = new Set<string | number>();
    let isReading = false;
    const readAll = async (): Promise<void> => {
      for (const id of waiting) {
        waiting.delete(id);
        const order = await readOrder(account, id).catch(() => null);
        emit(order === null ? { kind: 'gap', traderId } : { kind: 'order', traderId, order });
      }
      isReading = false;
    };
    return (ids) => {
      for (const id of ids) waiting.add(id);
      if (isReading) return;
      isReading = true;
      void readAll();
    };
  }
}
