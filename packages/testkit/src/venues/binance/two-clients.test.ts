import { DerivativesTradingUsdsFutures, DerivativesTradingUsdsFuturesRestAPI as Official } from '@binance/derivatives-trading-usds-futures';
import { decimal, symbol, timestamp } from '@hyperoru/domain';
import { USDMClient } from 'binance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BinanceServer, startBinanceVenue } from './start-binance-venue.ts';
import { API_KEY, ED25519_KEY, ED25519_PRIVATE_PEM, ED25519_PUBLIC_PEM, SECRET } from './test-client.ts';

const BTC = symbol('BTCUSDT');

/** An order as both libraries report it. */
interface Seen {
  readonly status: string | undefined;
  readonly executedQty: string | undefined;
  readonly avgPrice: string | undefined;
}

/** What the script needs of a client, in words of neither library. */
interface Client {
  readonly time: () => Promise<number>;
  readonly tickOfBtc: () => Promise<string | undefined>;
  readonly setLeverage: (leverage: number) => Promise<number>;
  readonly buyAtMarket: (id: string, quantity: number) => Promise<string | undefined>;
  readonly placeLimit: (id: string, quantity: number, price: number) => Promise<string | undefined>;
  readonly find: (id: string) => Promise<Seen>;
  readonly cancel: (id: string) => Promise<string | undefined>;
  readonly openOrders: () => Promise<readonly (string | undefined)[]>;
  readonly placeStop: (id: string, quantity: number, triggerPrice: number) => Promise<string | undefined>;
  readonly findStop: (id: string) => Promise<{ readonly status: string | undefined; readonly actualOrderId: string | undefined }>;
  readonly openStops: () => Promise<readonly (string | undefined)[]>;
  readonly cancelStop: (id: string) => Promise<void>;
  readonly position: () => Promise<string | undefined>;
  readonly wallet: () => Promise<string | undefined>;
  readonly trades: () => Promise<readonly { readonly price: string | undefined; readonly fee: string | undefined }[]>;
  readonly listenKey: () => Promise<string | undefined>;
}

interface Credentials {
  readonly apiKey: string;
  readonly secret: string;
  readonly isHmac: boolean;
}

function sieblyio(server: BinanceServer, { apiKey, secret }: Credentials): Client {
  const client = new USDMClient({
    api_key: apiKey,
    api_secret: secret,
    baseUrl: server.url,
    disableTimeSync: true,
    beautifyResponses: false,
  });
  const id = (text: string) => `${client.getOrderIdPrefix()}${text}`;
  return {
    time: () => client.getServerTime(),
    tickOfBtc: async () => {
      const { symbols } = await client.getExchangeInfo();
      const filter = symbols.find((one) => one.symbol === BTC)?.filters.find((one) => one.filterType === 'PRICE_FILTER');
      return filter?.filterType === 'PRICE_FILTER' ? String(filter.tickSize) : undefined;
    },
    setLeverage: async (leverage) => (await client.setLeverage({ symbol: BTC, leverage })).leverage,
    buyAtMarket: async (name, quantity) =>
      (
        await client.submitNewOrder({
          symbol: BTC,
          side: 'BUY',
          type: 'MARKET',
          quantity,
          newClientOrderId: id(name),
          newOrderRespType: 'RESULT',
        })
      ).status,
    placeLimit: async (name, quantity, price) =>
      (
        await client.submitNewOrder({
          symbol: BTC,
          side: 'BUY',
          type: 'LIMIT',
          timeInForce: 'GTC',
          quantity,
          price,
          newClientOrderId: id(name),
        })
      ).status,
    find: async (name) => {
      const order = await client.getOrder({ symbol: BTC, origClientOrderId: id(name) });
      return { status: order.status, executedQty: String(order.executedQty), avgPrice: String(order.avgPrice) };
    },
    cancel: async (name) => (await client.cancelOrder({ symbol: BTC, origClientOrderId: id(name) })).status,
    openOrders: async () => (await client.getAllOpenOrders({ symbol: BTC })).map((order) => order.clientOrderId.replace(id(''), '')),
    placeStop: async (name, quantity, triggerPrice) =>
      (
        await client.submitNewAlgoOrder({
          algoType: 'CONDITIONAL',
          symbol: BTC,
          side: 'SELL',
          type: 'STOP_MARKET',
          quantity: String(quantity),
          triggerPrice: String(triggerPrice),
          workingType: 'MARK_PRICE',
          reduceOnly: 'true',
          clientAlgoId: id(name),
        })
      ).algoStatus,
    findStop: async (name) => {
      const order = await client.getAlgoOrder({ clientAlgoId: id(name) });
      return { status: order.algoStatus, actualOrderId: String(order.actualOrderId) };
    },
    openStops: async () => (await client.getOpenAlgoOrders({ symbol: BTC })).map((order) => order.clientAlgoId.replace(id(''), '')),
    cancelStop: async (name) => void (await client.cancelAlgoOrder({ clientAlgoId: id(name) })),
    position: async () => (await client.getPositionsV3({ symbol: BTC })).map((one) => String(one.positionAmt))[0],
    wallet: async () => (await client.getBalanceV3()).map((one) => String(one.balance))[0],
    trades: async () =>
      (await client.getAccountTrades({ symbol: BTC })).map((one) => ({ price: String(one.price), fee: String(one.commission) })),
    listenKey: async () => (await client.getFuturesUserDataListenKey()).listenKey,
  };
}

function official(server: BinanceServer, { apiKey, secret, isHmac }: Credentials): Client {
  const { restAPI: rest } = new DerivativesTradingUsdsFutures({
    configurationRestAPI: { apiKey, basePath: server.url, timeout: 10_000, ...(isHmac ? { apiSecret: secret } : { privateKey: secret }) },
  });
  const body = async <T>(answer: Promise<{ data: () => Promise<T> }>): Promise<T> => (await answer).data();
  return {
    time: async () => Number((await body(rest.checkServerTime())).serverTime),
    tickOfBtc: async () => {
      const { symbols } = await body(rest.exchangeInformation());
      return symbols?.find((one) => one.symbol === BTC)?.filters?.find((one) => one.filterType === 'PRICE_FILTER')?.tickSize;
    },
    setLeverage: async (leverage) => Number((await body(rest.changeInitialLeverage({ symbol: BTC, leverage }))).leverage),
    buyAtMarket: async (newClientOrderId, quantity) =>
      (
        await body(
          rest.newOrder({
            symbol: BTC,
            side: Official.NewOrderSideEnum.BUY,
            type: Official.NewOrderTypeEnum.MARKET,
            quantity,
            newClientOrderId,
            newOrderRespType: Official.NewOrderNewOrderRespTypeEnum.RESULT,
          }),
        )
      ).status,
    placeLimit: async (newClientOrderId, quantity, price) =>
      (
        await body(
          rest.newOrder({
            symbol: BTC,
            side: Official.NewOrderSideEnum.BUY,
            type: Official.NewOrderTypeEnum.LIMIT,
            timeInForce: Official.NewOrderTimeInForceEnum.GTC,
            quantity,
            price,
            newClientOrderId,
          }),
        )
      ).status,
    find: async (origClientOrderId) => {
      const { status, executedQty, avgPrice } = await body(rest.queryOrder({ symbol: BTC, origClientOrderId }));
      return { status, executedQty, avgPrice };
    },
    cancel: async (origClientOrderId) => (await body(rest.cancelOrder({ symbol: BTC, origClientOrderId }))).status,
    openOrders: async () => (await body(rest.currentAllOpenOrders({ symbol: BTC }))).map((order) => order.clientOrderId),
    placeStop: async (clientAlgoId, quantity, triggerPrice) =>
      (
        await body(
          rest.newAlgoOrder({
            algoType: Official.NewAlgoOrderAlgoTypeEnum.CONDITIONAL,
            symbol: BTC,
            side: Official.NewAlgoOrderSideEnum.SELL,
            type: Official.NewAlgoOrderTypeEnum.STOP_MARKET,
            quantity,
            triggerPrice,
            workingType: Official.NewAlgoOrderWorkingTypeEnum.MARK_PRICE,
            reduceOnly: Official.NewAlgoOrderReduceOnlyEnum.TRUE,
            clientAlgoId,
          }),
        )
      ).algoStatus,
    findStop: async (clientAlgoId) => {
      const { algoStatus, actualOrderId } = await body(rest.queryAlgoOrder({ clientAlgoId }));
      return { status: algoStatus, actualOrderId };
    },
    openStops: async () => (await body(rest.currentAllAlgoOpenOrders({ symbol: BTC }))).map((order) => order.clientAlgoId),
    cancelStop: async (clientAlgoId) => void (await body(rest.cancelAlgoOrder({ clientAlgoId }))),
    position: async () => (await body(rest.positionInformationV3({ symbol: BTC })))[0]?.positionAmt,
    wallet: async () => (await body(rest.futuresAccountBalanceV3()))[0]?.balance,
    trades: async () => (await body(rest.accountTradeList({ symbol: BTC }))).map((one) => ({ price: one.price, fee: one.commission })),
    listenKey: async () => (await body(rest.startUserDataStream())).listenKey,
  };
}

const HMAC: Credentials = { apiKey: API_KEY, secret: SECRET, isHmac: true };
const ED25519: Credentials = { apiKey: ED25519_KEY, secret: ED25519_PRIVATE_PEM, isHmac: false };

describe.each([
  { name: 'binance with HMAC', make: sieblyio, credentials: HMAC },
  { name: 'binance with Ed25519', make: sieblyio, credentials: ED25519 },
  { name: '@binance/derivatives-trading-usds-futures with HMAC', make: official, credentials: HMAC },
  { name: '@binance/derivatives-trading-usds-futures with Ed25519', make: official, credentials: ED25519 },
])('the client $name', ({ make, credentials }) => {
  let server: BinanceServer;
  let client: Client;

  beforeAll(async () => {
    const keys = [
      { apiKey: API_KEY, signing: { kind: 'hmac', secret: SECRET } },
      { apiKey: ED25519_KEY, signing: { kind: 'ed25519', publicKeyPem: ED25519_PUBLIC_PEM } },
    ] as const;
    server = await startBinanceVenue({ now: () => timestamp(Date.now()), accounts: [{ id: 'a', deposit: '10000', keys }] });
    client = make(server, credentials);
  });
  afterAll(() => server.stop());

  it('reads the clock and the filters', async () => {
    expect(Math.abs((await client.time()) - server.dialect.venue.now())).toBeLessThan(60_000);
    expect(await client.tickOfBtc()).toBe('0.1');
  });

  it('sets the leverage, rests a limit order and cancels it', async () => {
    expect(await client.setLeverage(10)).toBe(10);
    expect(await client.placeLimit('rest-1', 0.01, 48_000.5)).toBe('NEW');
    expect(await client.openOrders()).toEqual(['rest-1']);
    expect(await client.find('rest-1')).toMatchObject({ status: 'NEW', executedQty: '0' });
    expect(await client.cancel('rest-1')).toBe('CANCELED');
    expect(await client.find('rest-1')).toMatchObject({ status: 'CANCELED', executedQty: '0' });
    expect(await client.openOrders()).toEqual([]);
    await expect(client.cancel('rest-1')).rejects.toMatchObject({ code: -2011 });
  });

  it('buys at the market and sees fill, position and balance', async () => {
    expect(await client.buyAtMarket('entry-1', 0.1)).toBe('FILLED');
    expect(await client.find('entry-1')).toEqual({ status: 'FILLED', executedQty: '0.1', avgPrice: '50001' });
    expect(await client.position()).toBe('0.1');
    expect(await client.trades()).toEqual([{ price: '50001', fee: '2.50005' }]);
    expect(await client.wallet()).toBe('9997.49995');
  });

  it('protects the position, and finds the order that the stop became', async () => {
    expect(await client.placeStop('stop-1', 0.1, 47_000)).toBe('NEW');
    expect(await client.placeStop('stop-2', 0.1, 49_000)).toBe('NEW');
    expect(await client.openStops()).toEqual(['stop-1', 'stop-2']);
    await client.cancelStop('stop-1');
    expect(await client.openStops()).toEqual(['stop-2']);
    server.dialect.venue.movePrice(BTC, { mark: decimal('48900') });
    const stop = await client.findStop('stop-2');
    expect(stop.status).toBe('FINISHED');
    expect(await client.find('stop-2')).toMatchObject({ status: 'FILLED', executedQty: '0.1' });
    expect(stop.actualOrderId).toMatch(/^\d+$/);
    expect(await client.position()).toBeUndefined();
  });

  it('hears the reason of a refusal', async () => {
    await expect(client.placeLimit('bad-1', 0.01, 48_000.05)).rejects.toMatchObject({ code: -4014 });
    await expect(client.placeLimit('bad-2', 0.001, 48_000)).rejects.toMatchObject({ code: -4164 });
    await expect(client.buyAtMarket('bad-3', 100)).rejects.toMatchObject({ code: -2019 });
    await expect(client.find('never-1')).rejects.toMatchObject({ code: -2013 });
  });

  it('gets a key of the user stream', async () => {
    expect(await client.listenKey()).toMatch(/^[0-9a-f]{64}$/);
  });
});
