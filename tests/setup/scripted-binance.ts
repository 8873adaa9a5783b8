import { type BinanceVenue, type HttpTransport, type OpenSocket, openBinance } from '@hyperoru/adapters';
import { symbol, type TraderId } from '@hyperoru/domain';
import type { VenueEvent } from '@hyperoru/engine';
import { FakeClock, memoryLog, seededIds, testId } from '@hyperoru/testkit';

export const BTC = symbol('BTC');
export const TRADER = testId<TraderId>(1);
/** A client order id in the form of ours. */
export const CLIENT_ID = `0x4879${'0'.repeat(28)}`;
/** The venue's clock is this far ahead of ours. */
export const SKEW_MS = 700;

export interface Sent {
  readonly call: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}
interface Answer {
  readonly status: number;
  readonly body: string;
}
export const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });
export const refusal = (code: number, msg: string): Answer => ({ status: 400, body: JSON.stringify({ code, msg }) });

const EXCHANGE_INFO = {
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      contractType: 'PERPETUAL',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      requiredMarginPercent: '5.0000',
      maintMarginPercent: '2.5000',
      filters: [
        { filterType: 'PRICE_FILTER', tickSize: '0.10' },
        { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.001' },
        { filterType: 'MIN_NOTIONAL', notional: '100' },
      ],
    },
    { symbol: 'BTCUSDT_260327', status: 'TRADING', contractType: 'CURRENT_QUARTER', baseAsset: 'BTC', quoteAsset: 'USDT', filters: [] },
  ],
};

type SocketEvents = Parameters<OpenSocket>[1];

/** Binance's end of the wire, answered by the test. */
export class ScriptedBinance {
  readonly clock = new FakeClock();
  readonly sent: Sent[] = [];
  readonly sockets: { readonly url: string; readonly events: SocketEvents }[] = [];
  readonly events: VenueEvent[] = [];
  leverage = 10;
  readonly answers: Record<string, (parameters: Readonly<Record<string, string>>) => Answer> = {
    'GET /fapi/v1/time': () => ok({ serverTime: this.clock.now() + SKEW_MS }),
    'GET /fapi/v1/exchangeInfo': () => ok(EXCHANGE_INFO),
    'GET /fapi/v1/ticker/bookTicker': () => ok([{ symbol: 'BTCUSDT', bidPrice: '49999.9', askPrice: '50000.1' }]),
    'GET /fapi/v1/premiumIndex': () => ok([{ symbol: 'BTCUSDT', markPrice: '50000.00000000' }]),
    'GET /fapi/v1/symbolConfig': () => ok([{ symbol: 'BTCUSDT', marginType: 'CROSSED', leverage: this.leverage }]),
    'GET /fapi/v3/positionRisk': () => ok([]),
    'POST /fapi/v1/leverage': (parameters) => {
      this.leverage = Number(parameters['leverage']);
      return ok({ leverage: this.leverage, symbol: 'BTCUSDT' });
    },
    'POST /fapi/v1/order': () => ok({ orderId: 8389765535838234000, status: 'NEW' }),
    'POST /fapi/v1/algoOrder': () => ok({ algoId: 7, algoStatus: 'NEW' }),
    'POST /fapi/v1/listenKey': () => ok({ listenKey: 'listen' }),
    'PUT /fapi/v1/listenKey': () => ok({ listenKey: 'listen' }),
    'GET /fapi/v1/order': () => refusal(-2013, 'Order does not exist.'),
    'GET /fapi/v1/algoOrder': () => refusal(-2013, 'Order does not exist.'),
    'GET /fapi/v1/openOrders': () => ok([]),
    'GET /fapi/v1/openAlgoOrders': () => ok([]),
    'GET /fapi/v1/allAlgoOrders': () => ok([]),
    'GET /fapi/v1/userTrades': () => ok([]),
  };

  readonly transport: HttpTransport = async ({ method, url, headers }) => {
    const at = new URL(url);
    const parameters = Object.fromEntries(at.searchParams);
    const call = `${method} ${at.pathname}`;
    this.sent.push({ call, parameters, headers });
    return this.answers[call]?.(parameters) ?? { status: 404, body: 'not found' };
  };

  readonly openSocket: OpenSocket = (url, events) => {
    this.sockets.push({ url, events });
    return { send: () => undefined, ping: () => undefined, close: () => undefined };
  };

  /** The adapter on this wire; what it tells is in `events`. */
  async open(symbols = [BTC]): Promise<BinanceVenue> {
    const venue = await openBinance({
      environment: 'testnet',
      apiUrl: 'http://venue',
      wsUrl: 'ws://venue',
      clock: this.clock,
      ids: seededIds(1),
      log: memoryLog(),
      credentialsOf: async () => ({ apiKey: 'the-key', secret: 'the-secret' }),
      symbols,
      transport: this.transport,
      openSocket: this.openSocket,
    });
    venue.exchange.onEvent((event) => this.events.push(event));
    return venue;
  }

  get calls(): readonly string[] {
    return this.sent.map(({ call }) => call);
  }

  sentTo(call: string): Sent {
    const found = this.sent.find((entry) => entry.call === call);
    if (found === undefined) throw new Error(`Expected a request to ${call}.`);
    return found;
  }
}

export const position = () => ({
  symbol: 'BTCUSDT',
  positionSide: 'BOTH',
  positionAmt: '-0.100',
  entryPrice: '50000.0',
  markPrice: '51000.00000000',
  unRealizedProfit: '-100.00000000',
  liquidationPrice: '0',
  positionInitialMargin: '510.00000000',
});
export const wireOrder = (changes: Record<string, unknown> = {}) => ({
  orderId: 5,
  symbol: 'BTCUSDT',
  status: 'FILLED',
  clientOrderId: CLIENT_ID,
  price: '50000.00',
  avgPrice: '49990.50000',
  origQty: '0.100',
  executedQty: '0.100',
  timeInForce: 'IOC',
  type: 'LIMIT',
  stopPrice: '0.00',
  reduceOnly: false,
  side: 'BUY',
  ...changes,
});
export const algoOrder = (changes: Record<string, unknown> = {}) => ({
  algoId: 7,
  clientAlgoId: CLIENT_ID,
  algoType: 'CONDITIONAL',
  orderType: 'STOP_MARKET',
  symbol: 'BTCUSDT',
  side: 'SELL',
  quantity: '0.100',
  algoStatus: 'NEW',
  triggerPrice: '49000.00',
  reduceOnly: true,
  actualOrderId: '',
  ...changes,
});
export const trade = (time: number, changes: Record<string, unknown> = {}) => ({
  id: 11,
  orderId: 5,
  symbol: 'BTCUSDT',
  side: 'BUY',
  price: '49990.50',
  qty: '0.100',
  commission: '2.49952500',
  commissionAsset: 'USDT',
  maker: false,
  time,
  ...changes,
});
