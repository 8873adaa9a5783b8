import type { Symbol, Timestamp, TraderId } from '@hyperoru/domain';
import {
  type Clock,
  type ExchangePort,
  type Log,
  type OrderRequest,
  type SubmitOutcome,
  type VenueAccount,
  type VenueEvent,
  type VenueFill,
  type VenueFunding,
  type VenueOrder,
  VenueUnavailable,
} from '@hyperoru/engine';
import type { AccountStreams } from '../live/account-streams.ts';
import type { StartStream } from '../live/stream-port.ts';
import { Accounts, type BinanceAccount, type BinanceCredentials } from './accounts.ts';
import type { BinanceApi } from './api.ts';
import { History } from './history.ts';
import { InstrumentList, wireSymbol } from './instruments.ts';
import { ensureLeverage } from './leverage.ts';
import { OrderReader } from './order-reader.ts';
import { placeCall, problemOf } from './order-request.ts';
import { refusalOf } from './refusals.ts';
import { userStreams } from './user-streams.ts';
import { toVenueAccount, toVenueOrder } from './venue-records.ts';
import { ACCOUNT, ALGO_ORDERS, ALGO_PLACED, ORDERS, PLACED, POSITIONS, SYMBOL_CONFIGS } from './wire.ts';

export interface BinanceExchangeDeps {
  readonly api: BinanceApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly credentialsOf: (traderId: TraderId) => Promise<BinanceCredentials | null>;
  /** What may be traded here. The venue tells orders and executions per symbol, so others are not seen. */
  readonly symbols: readonly Symbol[];
}

/**
 * Binance USDⓈ-M futures in one environment, one-way position mode. Each signed request dies at its deadline at the venue;
 * the venue's own words alone are an outcome. A trader's account is opened by the first call that needs it and listens from then on.
 */
export class BinanceExchange implements ExchangePort {
  readonly #deps: BinanceExchangeDeps;
  readonly #accounts: Accounts;
  readonly #instruments: InstrumentList;
  readonly #reader: OrderReader;
  readonly #history: History;
  readonly #streams: AccountStreams<BinanceAccount>;
  /** Closed since the start: they are read without listening. */
  readonly #closed = new Set<TraderId>();
  readonly #listeners = new Set<(event: VenueEvent) => void>();

  constructor(deps: BinanceExchangeDeps) {
    this.#deps = deps;
    this.#accounts = new Accounts(deps.credentialsOf);
    this.#instruments = new InstrumentList(deps.api);
    this.#reader = new OrderReader(deps.api, deps.symbols.map(wireSymbol));
    this.#history = new History(deps.api, this.#reader, deps.log);
    this.#streams = userStreams({ ...deps, reader: this.#reader, history: this.#history, emit: (event) => this.#emit(event) });
  }

  /** Ends all streams. */
  stop(): void {
    this.#streams.stopAll();
  }

  async openAccount(traderId: TraderId): Promise<void> {
    this.#closed.delete(traderId);
    await this.#streams.whenListening(await this.#account(traderId));
  }

  async closeAccount(traderId: TraderId): Promise<void> {
    if (this.#closed.has(traderId)) return;
    // From here on no order leaves, so none can slip in behind the cancels.
    this.#closed.add(traderId);
    try {
      if ((await this.#deps.credentialsOf(traderId)) !== null) await this.#cancelAll(await this.#account(traderId));
    } catch (error) {
      this.#closed.delete(traderId);
      throw error;
    }
    this.#streams.stop(traderId);
    this.#accounts.forget(traderId);
  }

  async placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome> {
    if (this.#closed.has(traderId)) return { kind: 'not_sent', cause: 'This trader has no open account at Binance.' };
    try {
      const account = await this.#account(traderId);
      const instrument = this.#deps.symbols.includes(request.symbol) ? await this.#instruments.find(request.symbol) : null;
      if (instrument === null) return { kind: 'rejected', code: 'unknown_symbol', message: `${request.symbol} is not traded here.` };
      const problem = problemOf(request, instrument);
      if (problem !== null) return { kind: 'rejected', ...problem };
      const symbol = wireSymbol(request.symbol);
      const held = request.reduceOnly
        ? null
        : await account.inLeverageLane(symbol, () => ensureLeverage(this.#deps.api, account.signer, symbol, request.leverage));
      return held ?? (await this.#send(account, symbol, request));
    } catch (error) {
      if (error instanceof VenueUnavailable) return { kind: 'not_sent', cause: error.message };
      throw error;
    }
  }

  async #send(account: BinanceAccount, symbol: string, request: OrderRequest): Promise<SubmitOutcome> {
    if (!account.takeNonce(request.nonce)) return { kind: 'unknown', cause: 'A request with this number was sent before.' };
    const { kind, path, parameters } = placeCall(request);
    account.known.remember(request.clientOrderId, { symbol, kind });
    const answer = await this.#deps.api.act(account.signer, { method: 'POST', path, parameters, deadline: request.deadline });
    if (answer.kind === 'refused') return refusalOf(answer.code, answer.text);
    if (answer.kind === 'rate_limited')
      return { kind: 'rejected', code: 'rate_limited', message: 'The venue takes no more requests for now.' };
    if (answer.kind !== 'done') return answer;
    return kind === 'plain' ? placedPlain(account, { data: answer.data, symbol, request }) : placedAlgo(answer.data);
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'> {
    try {
      const account = await this.#account(traderId);
      const found = await this.#reader.find(account, clientOrderId);
      if (found === null || found.order === null) return 'not_found';
      const before = outcomeOf(found.order);
      if (before !== 'unknown') return before;
      const { kind, symbol } = found.known;
      const answer = await this.#deps.api.act(
        account.signer,
        kind === 'algo'
          ? { method: 'DELETE', path: '/fapi/v1/algoOrder', parameters: { clientAlgoId: clientOrderId } }
          : { method: 'DELETE', path: '/fapi/v1/order', parameters: { symbol, origClientOrderId: clientOrderId } },
      );
      if (answer.kind === 'done') return 'canceled';
      const after = await this.#reader.find(account, clientOrderId);
      return after === null || after.order === null ? 'unknown' : outcomeOf(after.order);
    } catch (error) {
      if (!(error instanceof VenueUnavailable)) throw error;
      this.#deps.log.warn('binance.cancel_failed', { traderId, clientOrderId, message: error.message });
      return 'unknown';
    }
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null> {
    return (await this.#reader.find(await this.#account(traderId), clientOrderId))?.order ?? null;
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    const account = await this.#account(traderId);
    const plain = await this.#deps.api.read(account.signer, '/fapi/v1/openOrders', {}, ORDERS);
    const algo = await this.#deps.api.read(account.signer, '/fapi/v1/openAlgoOrders', {}, ALGO_ORDERS);
    const orders: (VenueOrder | null)[] = plain.map(toVenueOrder);
    for (const order of algo) orders.push(await this.#reader.toVenueOrder(account, order));
    return orders.filter((order) => order !== null);
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    const { signer } = await this.#account(traderId);
    const { api } = this.#deps;
    const [account, positions, configs] = await Promise.all([
      api.read(signer, '/fapi/v3/account', {}, ACCOUNT),
      api.read(signer, '/fapi/v3/positionRisk', {}, POSITIONS),
      api.read(signer, '/fapi/v1/symbolConfig', {}, SYMBOL_CONFIGS),
    ]);
    return toVenueAccount(account, positions, new Map(configs.map(({ symbol, leverage }) => [symbol, leverage])));
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    const symbols = this.#deps.symbols.map(wireSymbol);
    return this.#history.fillsSince(await this.#account(traderId), symbols, since, this.#deps.clock.now());
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    return this.#history.fundingSince(await this.#account(traderId), since);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #emit(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async #account(traderId: TraderId): Promise<BinanceAccount> {
    const account = await this.#accounts.get(traderId);
    if (!this.#closed.has(traderId)) this.#streams.start(account);
    return account;
  }

  /** Cancels what carries a client order id of our form; what was placed by hand stays. */
  async #cancelAll({ traderId }: BinanceAccount): Promise<void> {
    const ours = async () =>
      (await this.openOrders(traderId)).flatMap(({ clientOrderId }) => (OURS.test(clientOrderId ?? '') ? [clientOrderId ?? ''] : []));
    for (const clientOrderId of await ours()) await this.cancelOrder(traderId, clientOrderId);
    if ((await ours()).length > 0) throw new VenueUnavailable('Orders are still open after they were canceled.');
  }
}

const OURS = /^0x[0-9a-f]{32}$/;

function outcomeOf({ state }: VenueOrder): 'canceled' | 'filled' | 'unknown' {
  if (state === 'open' || state === 'partially_filled') return 'unknown';
  return state === 'filled' ? 'filled' : 'canceled';
}

const WITHOUT_NUMBER: SubmitOutcome = { kind: 'unknown', cause: 'The venue answered without saying what became of the order.' };

function placedPlain(
  account: BinanceAccount,
  { data, symbol, request }: { readonly data: unknown; readonly symbol: string; readonly request: OrderRequest },
): SubmitOutcome {
  const placed = PLACED.safeParse(data);
  if (!placed.success) return WITHOUT_NUMBER;
  account.known.link(symbol, placed.data.orderId, request.clientOrderId);
  return { kind: 'accepted', venueOrderId: placed.data.orderId };
}

function placedAlgo(data: unknown): SubmitOutcome {
  const placed = ALGO_PLACED.safeParse(data);
  return placed.success ? { kind: 'accepted', venueOrderId: `algo-${placed.data.algoId}` } : WITHOUT_NUMBER;
}
