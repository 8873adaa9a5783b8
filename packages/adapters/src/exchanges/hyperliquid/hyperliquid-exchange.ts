import { isPositive, isZero, min, type Timestamp, type TraderId } from '@hyperoru/domain';
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
import { Accounts, type HyperliquidAccount, type HyperliquidCredentials } from './accounts.ts';
import type { HyperliquidApi } from './api.ts';
import { type Asset, AssetList } from './assets.ts';
import { tradeIdOf } from './fill-tally.ts';
import { ensureLeverage } from './leverage.ts';
import { cancelAction, isClientOrderId, orderAction, problemOf } from './order-action.ts';
import { readPages } from './pages.ts';
import { placedBy } from './placed.ts';
import { refusalOf } from './refusals.ts';
import { userStreams } from './user-streams.ts';
import { type Executed, filledOf, toVenueAccount, toVenueFill, toVenueFunding, toVenueOrder } from './venue-records.ts';
import {
  CLEARINGHOUSE_STATE,
  FILLS,
  FUNDINGS,
  OPEN_ORDERS,
  ORDER_STATUS,
  STATUSES,
  type WireFill,
  type WireFundingRow,
  type WireOrder,
} from './wire.ts';

/** Rows of a full page. */
const FILL_PAGE = 2_000;
const FUNDING_PAGE = 500;

export interface HyperliquidExchangeDeps {
  readonly api: HyperliquidApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly credentialsOf: (traderId: TraderId) => Promise<HyperliquidCredentials | null>;
}

/**
 * Hyperliquid's perpetuals in one environment. Orders carry their stored number and expire at their deadline; the venue's own
 * words alone are an outcome. A trader's account is opened by the first call that needs it and listens from then on.
 */
export class HyperliquidExchange implements ExchangePort {
  readonly #deps: HyperliquidExchangeDeps;
  readonly #accounts: Accounts;
  readonly #assets: AssetList;
  readonly #streams: AccountStreams<HyperliquidAccount>;
  /** Closed since the start: they are read without listening. */
  readonly #closed = new Set<TraderId>();
  readonly #listeners = new Set<(event: VenueEvent) => void>();

  constructor(deps: HyperliquidExchangeDeps) {
    this.#deps = deps;
    this.#accounts = new Accounts(deps.credentialsOf, deps.clock);
    this.#assets = new AssetList(deps.api);
    this.#streams = userStreams({
      ...deps,
      emit: (event) => this.#emit(event),
      readOrder: (account, id) => this.#readOrder(account, id),
    });
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
    if (this.#closed.has(traderId)) return { kind: 'not_sent', cause: 'This trader has no open account at Hyperliquid.' };
    try {
      const account = await this.#account(traderId);
      const asset = await this.#assets.find(request.symbol);
      if (asset === null) return { kind: 'rejected', code: 'unknown_symbol', message: `Hyperliquid does not trade ${request.symbol}.` };
      const problem = problemOf(request, asset);
      if (problem !== null) return { kind: 'rejected', ...problem };
      const { leverage } = request;
      const held = request.reduceOnly
        ? null
        : await account.inLeverageLane(asset.coin, () => ensureLeverage(this.#deps.api, account, asset, leverage));
      return held ?? (await this.#send(account, asset, request));
    } catch (error) {
      if (error instanceof VenueUnavailable) return { kind: 'not_sent', cause: error.message };
      throw error;
    }
  }

  async #send(account: HyperliquidAccount, asset: Asset, request: OrderRequest): Promise<SubmitOutcome> {
    const { deadline, nonce, clientOrderId } = request;
    if (this.#deps.clock.now() > deadline)
      return { kind: 'rejected', code: 'expired_deadline', message: 'The deadline of the order had passed before it could be sent.' };
    const answer = await this.#deps.api.act(account.wallet, orderAction(request, asset), { nonce, expiresAfter: deadline });
    if (answer.kind === 'refused') return refusalOf(answer.text);
    if (answer.kind !== 'done') return answer;
    return placedBy(answer.data, async () => {
      const found = await this.#readOrder(account, clientOrderId).catch(() => null);
      return found?.venueOrderId ?? null;
    });
  }

  async cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'> {
    try {
      const account = await this.#account(traderId);
      const before = await this.#readOrder(account, clientOrderId);
      if (before === null) return 'not_found';
      if (before.state !== 'open' && before.state !== 'partially_filled') return before.state === 'filled' ? 'filled' : 'canceled';
      const asset = await this.#assets.find(before.symbol);
      if (asset === null) return 'unknown';
      const answer = await this.#deps.api.act(account.wallet, cancelAction(asset, clientOrderId), { nonce: account.nonces.next() });
      if (answer.kind === 'done' && statusOf(answer.data) === 'success') return 'canceled';
      const after = await this.#readOrder(account, clientOrderId);
      if (after === null || after.state === 'open' || after.state === 'partially_filled') return 'unknown';
      return after.state === 'filled' ? 'filled' : 'canceled';
    } catch (error) {
      this.#deps.log.warn('hyperliquid.cancel_failed', { traderId, clientOrderId, message: String(error) });
      return 'unknown';
    }
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null> {
    return this.#readOrder(await this.#account(traderId), clientOrderId);
  }

  async openOrders(traderId: TraderId): Promise<readonly VenueOrder[]> {
    const account = await this.#account(traderId);
    const orders = await this.#openOrders(account);
    const found: VenueOrder[] = [];
    for (const order of orders) {
      const seen = toVenueOrder(order, 'open', await this.#executed(account, order, 'open'));
      if (seen !== null) found.push(seen);
    }
    return found;
  }

  async account(traderId: TraderId): Promise<VenueAccount> {
    const { address } = await this.#account(traderId);
    return toVenueAccount(await this.#deps.api.info({ type: 'clearinghouseState', user: address }, CLEARINGHOUSE_STATE));
  }

  async fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]> {
    const account = await this.#account(traderId);
    const fills = await this.#readFills(account, since);
    return fills.flatMap((fill) => toVenueFill(fill, account.address) ?? []);
  }

  async fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]> {
    const { address } = await this.#account(traderId);
    const { api } = this.#deps;
    const rows = await readPages(Math.max(0, since), {
      rows: FUNDING_PAGE,
      key: ({ time, delta }: WireFundingRow) => `${delta.coin}-${time}`,
      page: (startTime, endTime) => api.info({ type: 'userFunding', user: address, startTime, ...ending(endTime) }, FUNDINGS),
    });
    return rows.flatMap(({ time, delta }) => toVenueFunding({ time, ...delta }) ?? []);
  }

  onEvent(listener: (event: VenueEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #emit(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async #account(traderId: TraderId): Promise<HyperliquidAccount> {
    const account = await this.#accounts.get(traderId);
    if (!this.#closed.has(traderId)) this.#streams.start(account);
    return account;
  }

  #openOrders({ address }: HyperliquidAccount): Promise<readonly WireOrder[]> {
    return this.#deps.api.info({ type: 'frontendOpenOrders', user: address }, OPEN_ORDERS);
  }

  /** Cancels what was placed through client order ids, as ours always are; what was placed by hand stays. */
  async #cancelAll(account: HyperliquidAccount): Promise<void> {
    for (const { cloid } of await this.#openOrders(account)) if (cloid) await this.cancelOrder(account.traderId, cloid);
    if ((await this.#openOrders(account)).some(({ cloid }) => cloid))
      throw new VenueUnavailable('Orders are still open after they were canceled.');
  }

  async #readOrder(account: HyperliquidAccount, id: string | number): Promise<VenueOrder | null> {
    if (typeof id === 'string' && !isClientOrderId(id)) return null;
    const found = await this.#deps.api.info({ type: 'orderStatus', user: account.address, oid: id }, ORDER_STATUS);
    if (found.status === 'unknownOid') return null;
    const { order, status } = found.order;
    return toVenueOrder(order, status, await this.#executed(account, order, status));
  }

  /**
   * What was executed of an order and at which price. A reduce-only order shrinks with its position and is called filled when there
   * is nothing more to reduce: what is missing of its size was not executed, so there the executions count.
   */
  async #executed(account: HyperliquidAccount, order: WireOrder, status: string): Promise<Executed> {
    const { oid, reduceOnly, timestamp } = order;
    const told = filledOf(order, status);
    if (isZero(told)) return { quantity: told, averagePrice: null };
    const known = account.tally.averagePrice(oid, told);
    if (known !== null) return { quantity: told, averagePrice: known };
    await this.#readFills(account, timestamp);
    const executed = account.tally.executed(oid);
    const isTold = !reduceOnly || (status === 'filled' && !isPositive(executed));
    const quantity = isTold ? told : min(told, executed);
    return { quantity, averagePrice: account.tally.averagePrice(oid, quantity) };
  }

  async #readFills(account: HyperliquidAccount, since: number): Promise<readonly WireFill[]> {
    const fills = await readPages(Math.max(0, since), {
      rows: FILL_PAGE,
      key: tradeIdOf,
      page: (startTime, endTime) =>
        this.#deps.api.info({ type: 'userFillsByTime', user: account.address, startTime, ...ending(endTime) }, FILLS),
    });
    account.tally.add(fills);
    return fills;
  }
}

const ending = (endTime: number | undefined) => (endTime === undefined ? {} : { endTime });

function statusOf(data: unknown): unknown {
  const read = STATUSES.safeParse(data);
  return read.success ? read.data.statuses[0] : null;
}
