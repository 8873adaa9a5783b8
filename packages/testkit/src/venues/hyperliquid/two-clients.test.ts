import { decimal, symbol, timestamp } from '@hyperoru/domain';
import { ExchangeClient, HttpTransport, InfoClient } from '@nktkas/hyperliquid';
import { CancelByCloidRequest, CancelRequest, OrderRequest, UpdateLeverageRequest } from '@nktkas/hyperliquid/api/exchange';
import ccxt from 'ccxt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HyperliquidServer, startHyperliquidVenue } from './start-hyperliquid-venue.ts';
import { AGENT, AGENT_KEY, MASTER, testWallet } from './test-wallet.ts';

const BTC = symbol('BTC');

/** What the script needs of a client, in words of neither library. */
interface Client {
  readonly loadMarkets: () => Promise<{ readonly assetOfBtc: number; readonly leverageMax: number }>;
  readonly setLeverage: (leverage: number) => Promise<void>;
  readonly placeLimit: (cloid: string, size: string, price: string) => Promise<number>;
  /** An order that takes what is there at once; returns what it filled. */
  readonly enter: (cloid: string, size: string, limit: string) => Promise<{ readonly filled: number; readonly average: number }>;
  readonly placeStop: (cloid: string, size: string, triggerPrice: string) => Promise<number>;
  readonly statusByCloid: (cloid: string) => Promise<'open' | 'closed' | 'canceled' | 'missing'>;
  readonly cancel: (oid: number, cloid: string) => Promise<void>;
  readonly fills: () => Promise<readonly { readonly size: number; readonly fee: number }[]>;
  readonly position: () => Promise<{ readonly size: number; readonly entry: number; readonly leverage: number } | null>;
  readonly openOids: () => Promise<readonly number[]>;
}

function nktkas(server: HyperliquidServer): Client {
  const transport = new HttpTransport({ apiUrl: server.url });
  const info = new InfoClient({ transport });
  const exchange = new ExchangeClient({ transport, wallet: testWallet(AGENT_KEY) });
  const user = MASTER as `0x${string}`;
  const oidOf = (answer: Awaited<ReturnType<typeof exchange.order>>): number => {
    const status = answer.response.data.statuses[0];
    return typeof status === 'object' && 'resting' in status ? status.resting.oid : 0;
  };
  return {
    loadMarkets: async () => {
      const { universe } = await info.meta();
      const asset = universe.findIndex((one) => one.name === 'BTC');
      return { assetOfBtc: asset, leverageMax: universe[asset]?.maxLeverage ?? 0 };
    },
    setLeverage: async (leverage) => {
      await exchange.updateLeverage({ asset: 0, isCross: true, leverage });
    },
    placeLimit: async (c, s, p) =>
      oidOf(
        await exchange.order({
          orders: [{ a: 0, b: true, p, s, r: false, t: { limit: { tif: 'Gtc' } }, c: c as `0x${string}` }],
          grouping: 'na',
        }),
      ),
    enter: async (c, s, p) => {
      const answer = await exchange.order({
        orders: [{ a: 0, b: true, p, s, r: false, t: { limit: { tif: 'Ioc' } }, c: c as `0x${string}` }],
        grouping: 'na',
      });
      const status = answer.response.data.statuses[0];
      if (typeof status !== 'object' || !('filled' in status)) throw new Error('Expected a fill.');
      return { filled: Number(status.filled.totalSz), average: Number(status.filled.avgPx) };
    },
    placeStop: async (c, s, triggerPx) =>
      oidOf(
        await exchange.order({
          orders: [
            { a: 0, b: false, p: '40000', s, r: true, t: { trigger: { isMarket: true, triggerPx, tpsl: 'sl' } }, c: c as `0x${string}` },
          ],
          grouping: 'na',
        }),
      ),
    statusByCloid: async (cloid) => {
      const answer = await info.orderStatus({ user, oid: cloid as `0x${string}` });
      if (answer.status === 'unknownOid') return 'missing';
      return answer.order.status === 'filled' ? 'closed' : answer.order.status === 'open' ? 'open' : 'canceled';
    },
    cancel: async (_, cloid) => {
      await exchange.cancelByCloid({ cancels: [{ asset: 0, cloid: cloid as `0x${string}` }] });
    },
    fills: async () => (await info.userFills({ user })).map((fill) => ({ size: Number(fill.sz), fee: Number(fill.fee) })),
    position: async () => {
      const { assetPositions } = await info.clearinghouseState({ user });
      const position = assetPositions[0]?.position;
      return position === undefined
        ? null
        : { size: Number(position.szi), entry: Number(position.entryPx), leverage: position.leverage.value };
    },
    openOids: async () => (await info.frontendOpenOrders({ user })).map((order) => order.oid),
  };
}

function ccxtClient(server: HyperliquidServer): Client {
  const exchange = new ccxt.hyperliquid({
    walletAddress: MASTER,
    privateKey: AGENT_KEY,
    enableRateLimit: false,
    // The library would sign a fee approval and a referral on its own.
    options: { builderFee: false, approvedBuilderFee: true, refSet: true, fetchMarkets: { types: ['swap'] } },
  });
  exchange.urls['api'] = { public: server.url, private: server.url };
  const market = 'BTC/USDC:USDC';
  const create = (type: string, side: 'buy' | 'sell', size: string, price: string, params: object) =>
    exchange.createOrder(market, type, side, Number(size), Number(price), params);
  return {
    loadMarkets: async () => {
      await exchange.loadMarkets();
      const btc = exchange.market(market);
      return { assetOfBtc: Number(btc['baseId']), leverageMax: Number(btc.limits.leverage?.max) };
    },
    setLeverage: async (leverage) => {
      await exchange.setLeverage(leverage, market, { marginMode: 'cross' });
    },
    placeLimit: async (cloid, size, price) => Number((await create('limit', 'buy', size, price, { clientOrderId: cloid })).id),
    enter: async (cloid, size, limit) => {
      const order = await create('limit', 'buy', size, limit, { clientOrderId: cloid, timeInForce: 'IOC' });
      return { filled: Number(order.filled), average: Number(order.average) };
    },
    placeStop: async (cloid, size, triggerPrice) =>
      Number(
        (await create('market', 'sell', size, '50000', { clientOrderId: cloid, stopLossPrice: Number(triggerPrice), reduceOnly: true })).id,
      ),
    statusByCloid: async (cloid) => {
      try {
        const order = await exchange.fetchOrder('', market, { clientOrderId: cloid });
        return order.status === 'open' || order.status === 'closed' ? order.status : 'canceled';
      } catch (error) {
        if (error instanceof ccxt.OrderNotFound) return 'missing';
        throw error;
      }
    },
    cancel: async (oid) => {
      await exchange.cancelOrder(String(oid), market);
    },
    fills: async () =>
      (await exchange.fetchMyTrades(market)).map((trade) => ({ size: Number(trade.amount), fee: Number(trade.fee?.cost) })),
    position: async () => {
      const position = (await exchange.fetchPositions([market]))[0];
      return position === undefined
        ? null
        : { size: Number(position.contracts), entry: Number(position.entryPrice), leverage: Number(position.leverage) };
    },
    openOids: async () => (await exchange.fetchOpenOrders(market)).map((order) => Number(order.id)),
  };
}

describe.each([
  ['@nktkas/hyperliquid', nktkas],
  ['ccxt', ccxtClient],
])('%s, unmodified, on the simulated venue', (_, clientOf) => {
  let server: HyperliquidServer;
  let client: Client;
  // Not near zero: the first library reads a cloid below 2^53 as the number of an order.
  const cloid = (n: number) => `0xfeed${String(n).padStart(28, '0')}`;

  beforeAll(async () => {
    server = await startHyperliquidVenue({
      // Nonces of both libraries come from the real clock.
      now: () => timestamp(Date.now()),
      accounts: [{ address: MASTER, deposit: '10000', agents: [{ address: AGENT, name: 'trader' }] }],
      prices: { BTC: '50000', ETH: '2500', SOL: '150' },
    });
    client = clientOf(server);
  });
  afterAll(() => server.stop());

  it('runs the script from reading the market to reading what came of it', async () => {
    expect(await client.loadMarkets()).toEqual({ assetOfBtc: 0, leverageMax: 40 });
    await client.setLeverage(10);
    const resting = await client.placeLimit(cloid(1), '0.01', '49000');
    expect(await client.openOids()).toEqual([resting]);
    expect(await client.enter(cloid(2), '0.1', '50500')).toEqual({ filled: 0.1, average: 50_001 });
    const stop = await client.placeStop(cloid(3), '0.1', '48000');
    expect([...(await client.openOids())].sort()).toEqual([resting, stop].sort());
    expect(await client.statusByCloid(cloid(1))).toBe('open');
    expect(await client.statusByCloid(cloid(2))).toBe('closed');
    expect(await client.statusByCloid(cloid(4))).toBe('missing');
    await client.cancel(resting, cloid(1));
    expect(await client.statusByCloid(cloid(1))).toBe('canceled');
    expect(await client.position()).toEqual({ size: 0.1, entry: 50_001, leverage: 10 });
    expect(await client.fills()).toEqual([{ size: 0.1, fee: 2.250045 }]);
  });

  it('sees the stop close the position once the mark passes it', async () => {
    server.dialect.venue.movePrice(BTC, { mark: decimal('47000') });
    expect(await client.statusByCloid(cloid(3))).toBe('closed');
    expect(await client.position()).toBeNull();
    expect(await client.fills()).toHaveLength(2);
    expect(await client.openOids()).toEqual([]);
  });

  it('sends only bodies that fit the published schemas of requests', () => {
    const schemas = {
      order: OrderRequest,
      cancel: CancelRequest,
      cancelByCloid: CancelByCloidRequest,
      updateLeverage: UpdateLeverageRequest,
    };
    const bodies = server.requests.filter((request) => request.path === '/exchange').map((request) => JSON.parse(request.body));
    expect(bodies.length).toBeGreaterThanOrEqual(5);
    for (const body of bodies) {
      const schema = schemas[body.action.type as keyof typeof schemas];
      // The second library leaves out leading zeros of a signature, which the venue takes.
      const [r, s] = [body.signature.r, body.signature.s].map((part) => `0x${part.slice(2).padStart(64, '0')}`);
      expect(schema['~standard'].validate({ ...body, signature: { ...body.signature, r, s } })).not.toHaveProperty('issues.0');
    }
  });

  it('never approves a fee for a third party', () => {
    expect(server.dialect.actions).not.toContain('approveBuilderFee');
    expect(server.dialect.actions).not.toContain('setReferrer');
    const builders = server.requests.filter((request) => request.body.includes('"builder"'));
    for (const { body } of builders) expect(JSON.parse(body).action.builder.f).toBe(0);
  });
});
