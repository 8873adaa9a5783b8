import { type Timestamp, timestamp } from '@hyperoru/domain';
import { type Clock, type Log, type VenueEvent, type VenueFunding, VenueUnavailable } from '@hyperoru/engine';
import { AccountStreams } from '../live/account-streams.ts';
import type { StartStream, Stream } from '../live/stream-port.ts';
import type { BinanceAccount } from './accounts.ts';
import { jsonOf } from './answer.ts';
import { type BinanceApi, wordsOf } from './api.ts';
import type { History } from './history.ts';
import type { OrderReader } from './order-reader.ts';
import { isListenKeyGone } from './refusals.ts';
import { orderOf, toVenueFill, toVenueOrder, tradeOf } from './venue-records.ts';
import { ACCOUNT_EVENT, ALGO_EVENT, EVENT, LISTEN_KEY, ORDER_EVENT, type OrderEvent } from './wire.ts';

/** A listen key ends after 60 minutes without a sign. */
const KEEP_KEY_MS = 30 * 60_000;
const LISTEN_KEY_PATH = '/fapi/v1/listenKey';
/** Funding is looked for from this long before its event. */
const FUNDING_LOOKBACK_MS = 60_000;

export interface UserStreamsDeps {
  readonly api: BinanceApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly reader: OrderReader;
  readonly history: History;
  readonly emit: (event: VenueEvent) => void;
}

/** The streams of all accounts, told as events of the port. */
export function userStreams(deps: UserStreamsDeps): AccountStreams<BinanceAccount> {
  const listener = new UserListener(deps);
  return new AccountStreams({ clock: deps.clock, listen: (account, isReady) => listener.listen(account, isReady) });
}

/** Listens to accounts under listen keys of its own and keeps the keys alive. */
class UserListener {
  readonly #deps: UserStreamsDeps;

  constructor(deps: UserStreamsDeps) {
    this.#deps = deps;
  }

  listen(account: BinanceAccount, isReady: () => void): () => void {
    const { api, clock, emit, startStream, wsUrl } = this.#deps;
    const { traderId, signer } = account;
    const hear = this.#hearer(account, () => stream.reconnect());
    const stream: Stream = startStream({
      name: `binance/${traderId}`,
      keepAlive: null,
      url: async () => {
        const answer = await api.keyed(signer, 'POST', LISTEN_KEY_PATH);
        const key = answer.kind === 'done' ? LISTEN_KEY.safeParse(answer.data) : null;
        if (key?.success === true) return `${wsUrl}/private/ws/${key.data.listenKey}`;
        throw new VenueUnavailable(`Binance gave no listen key${answer.kind === 'done' ? '' : `: ${wordsOf(answer)}`}.`);
      },
      onOpen: () => {
        isReady();
        emit({ kind: 'gap', traderId });
      },
      onMessage: hear,
    });
    const cancel = clock.every(KEEP_KEY_MS, () => {
      void api.keyed(signer, 'PUT', LISTEN_KEY_PATH).then((answer) => {
        if (answer.kind === 'refused' && isListenKeyGone(answer.code)) stream.reconnect();
      });
    });
    return () => {
      cancel();
      stream.stop();
    };
  }

  /** Handles messages one after the other: some need a question before they can be told. */
  #hearer(account: BinanceAccount, reconnect: () => void): (text: string) => void {
    const { emit, log } = this.#deps;
    const { traderId } = account;
    let last: Promise<void> = Promise.resolve();
    return (text) => {
      const data = jsonOf(text);
      const event = EVENT.safeParse(data);
      if (!event.success) return;
      if (event.data.e === 'listenKeyExpired') return reconnect();
      const at = timestamp(event.data.E ?? this.#deps.clock.now());
      last = last
        .then(() => this.#take(account, event.data.e, { data, at }))
        .catch((error: unknown) => {
          log.warn('binance.stream_unreadable', { traderId, event: event.data.e, message: error instanceof Error ? error.message : '' });
          emit({ kind: 'gap', traderId });
        });
    };
  }

  async #take(account: BinanceAccount, kind: string, { data, at }: { readonly data: unknown; readonly at: Timestamp }): Promise<void> {
    if (kind === 'ORDER_TRADE_UPDATE') return this.#takeOrder(account, ORDER_EVENT.parse(data).o);
    if (kind === 'ALGO_UPDATE') {
      const { caid, s, ai } = ALGO_EVENT.parse(data).o;
      account.known.remember(caid, { symbol: s, kind: 'algo' });
      if (ai !== null) account.known.link(s, ai, caid);
      return this.#readAndTell(account, caid);
    }
    if (kind === 'ACCOUNT_UPDATE' && ACCOUNT_EVENT.parse(data).a.m === 'FUNDING_FEE') {
      const since = timestamp(Math.max(0, at - FUNDING_LOOKBACK_MS));
      const funding: readonly VenueFunding[] = await this.#deps.history.fundingSince(account, since);
      for (const paid of funding) this.#deps.emit({ kind: 'funding', traderId: account.traderId, funding: paid });
    }
  }

  async #takeOrder(account: BinanceAccount, event: OrderEvent): Promise<void> {
    const { reader, history, emit } = this.#deps;
    const { traderId } = account;
    const wire = orderOf(event);
    const owner = await reader.ownerOf(account, wire);
    account.known.link(wire.symbol, wire.orderId, owner);
    const trade = tradeOf(event);
    const fill = trade === null ? null : toVenueFill(trade, owner, history.feeOf(trade));
    if (fill !== null) emit({ kind: 'fill', traderId, fill });
    if (account.known.find(owner)?.kind === 'algo') return this.#readAndTell(account, owner);
    reader.remember(account, wire);
    const order = toVenueOrder(wire);
    if (order !== null) emit({ kind: 'order', traderId, order });
  }

  async #readAndTell(account: BinanceAccount, clientOrderId: string): Promise<void> {
    const found = await this.#deps.reader.find(account, clientOrderId);
    const { traderId } = account;
    if (found === null) this.#deps.emit({ kind: 'gap', traderId });
    else if (found.order !== null) this.#deps.emit({ kind: 'order', traderId, order: found.order });
  }
}
