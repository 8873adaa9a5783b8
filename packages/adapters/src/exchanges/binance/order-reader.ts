import { type VenueOrder, VenueUnavailable } from '@hyperoru/engine';
import type { BinanceAccount } from './accounts.ts';
import { type BinanceApi, wordsOf } from './api.ts';
import type { KnownOrder } from './known-orders.ts';
import { isClientOrderId } from './order-request.ts';
import { isNotFound } from './refusals.ts';
import type { Parameters } from './signer.ts';
import { isForced, toVenueAlgoOrder, toVenueOrder } from './venue-records.ts';
import { ALGO_ORDER, ALGO_ORDERS, ORDER, type WireAlgoOrder, type WireOrder } from './wire.ts';

const ORDER_PATH = '/fapi/v1/order';
const ALGO_PATH = '/fapi/v1/algoOrder';

export interface FoundOrder {
  readonly known: KnownOrder;
  /** null for what is no USDT perpetual. */
  readonly order: VenueOrder | null;
}

/**
 * Finds orders by client order id. The venue wants the symbol and keeps trigger orders apart: what is not remembered is looked
 * for among the trigger orders and then under every symbol that is traded.
 */
export class OrderReader {
  readonly #api: BinanceApi;
  readonly #symbols: readonly string[];

  /** `symbols` in the venue's names. */
  constructor(api: BinanceApi, symbols: readonly string[]) {
    this.#api = api;
    this.#symbols = symbols;
  }

  /** Throws VenueUnavailable when the venue does not answer. */
  async find(account: BinanceAccount, clientOrderId: string): Promise<FoundOrder | null> {
    if (!isClientOrderId(clientOrderId)) return null;
    const known = account.known.find(clientOrderId);
    if (known?.kind !== 'plain') {
      const algo = await this.#read(account, ALGO_PATH, { clientAlgoId: clientOrderId }, ALGO_ORDER);
      if (algo !== null) return { known: this.#rememberAlgo(account, algo), order: await this.toVenueOrder(account, algo) };
      if (known !== null) return null;
    }
    for (const symbol of known === null ? this.#symbols : [known.symbol]) {
      const order = await this.#read(account, ORDER_PATH, { symbol, origClientOrderId: clientOrderId }, ORDER);
      if (order !== null) return { known: this.remember(account, order), order: toVenueOrder(order) };
    }
    return null;
  }

  /** A trigger order together with the order it fired. */
  async toVenueOrder(account: BinanceAccount, algo: WireAlgoOrder): Promise<VenueOrder | null> {
    const { actualOrderId, symbol } = algo;
    const fired = actualOrderId === null ? null : await this.#read(account, ORDER_PATH, { symbol, orderId: actualOrderId }, ORDER);
    return toVenueAlgoOrder(algo, fired);
  }

  /** The client order id behind an order number: that of the trigger order where one fired it. null when the venue knows none. */
  async clientIdOf(account: BinanceAccount, symbol: string, orderId: string): Promise<string | null> {
    const known = account.known.clientIdOf(symbol, orderId);
    if (known !== null) return known;
    const order = await this.#read(account, ORDER_PATH, { symbol, orderId }, ORDER);
    if (order === null) return null;
    const clientOrderId = await this.ownerOf(account, order);
    account.known.link(symbol, orderId, clientOrderId);
    return clientOrderId;
  }

  /** The client order id an order belongs to; asks for trigger orders only when its own id is none that we give. */
  async ownerOf(account: BinanceAccount, { symbol, orderId, clientOrderId }: WireOrder): Promise<string> {
    const known = account.known.clientIdOf(symbol, orderId);
    if (known !== null) return known;
    if (account.known.find(clientOrderId) !== null || OURS.test(clientOrderId) || isForced(clientOrderId)) return clientOrderId;
    const algos = await this.#api.read(account.signer, '/fapi/v1/allAlgoOrders', { symbol, limit: ALGO_ROWS }, ALGO_ORDERS);
    for (const algo of algos) this.#rememberAlgo(account, algo);
    return account.known.clientIdOf(symbol, orderId) ?? clientOrderId;
  }

  remember(account: BinanceAccount, { symbol, orderId, clientOrderId }: WireOrder): KnownOrder {
    const known: KnownOrder = { symbol, kind: 'plain' };
    account.known.remember(clientOrderId, known);
    account.known.link(symbol, orderId, clientOrderId);
    return known;
  }

  #rememberAlgo(account: BinanceAccount, { symbol, clientAlgoId, actualOrderId }: WireAlgoOrder): KnownOrder {
    const known: KnownOrder = { symbol, kind: 'algo' };
    account.known.remember(clientAlgoId, known);
    if (actualOrderId !== null) account.known.link(symbol, actualOrderId, clientAlgoId);
    return known;
  }

  async #read<T>(account: BinanceAccount, path: string, parameters: Parameters, schema: Readable<T>): Promise<T | null> {
    const answer = await this.#api.ask(account.signer, path, parameters);
    if (answer.kind === 'refused' && isNotFound(answer.code)) return null;
    if (answer.kind !== 'done') throw new VenueUnavailable(`Binance did not answer ${path}: ${wordsOf(answer)}`);
    const read = schema.safeParse(answer.data);
    if (!read.success) throw new VenueUnavailable(`Binance answered ${path} in an unknown form.`);
    return read.data;
  }
}

/** The form of our own client order ids. */
const OURS = /^0x[0-9a-f]{32}$/;
/** Newest trigger orders of a symbol that are asked for. */
const ALGO_ROWS = 100;

interface Readable<T> {
  safeParse(data: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}
