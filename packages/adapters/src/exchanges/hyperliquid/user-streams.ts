import type { Clock, Log, VenueEvent, VenueOrder } from '@hyperoru/engine';
import { AccountStreams } from '../live/account-streams.ts';
import type { StartStream, Stream } from '../live/stream-port.ts';
import type { HyperliquidAccount } from './accounts.ts';
import { startUserStream } from './user-stream.ts';
import { toVenueFill, toVenueFunding } from './venue-records.ts';

/** The venue lets one address of the internet listen on this many connections; traders beyond are read, not heard. */
const STREAMS_MAX = 10;

export interface UserStreamsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly emit: (event: VenueEvent) => void;
  readonly readOrder: (account: HyperliquidAccount, id: string | number) => Promise<VenueOrder | null>;
}

/** The streams of all accounts, told as events of the port. */
export function userStreams(deps: UserStreamsDeps): AccountStreams<HyperliquidAccount> {
  return new AccountStreams({
    clock: deps.clock,
    max: STREAMS_MAX,
    listen: (account, isReady) => {
      const stream = listen(deps, account, isReady);
      return () => stream.stop();
    },
  });
}

function listen(deps: UserStreamsDeps, account: HyperliquidAccount, isReady: () => void): Stream {
  const { emit, log, startStream, wsUrl } = deps;
  const { traderId, address, tally } = account;
  const ordersChanged = orderReader(deps, account);
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
function orderReader({ emit, readOrder }: UserStreamsDeps, account: HyperliquidAccount): (ids: readonly (string | number)[]) => void {
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
