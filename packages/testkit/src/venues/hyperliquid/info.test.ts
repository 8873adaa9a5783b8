import { decimal, symbol } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { orderAction, testHyperliquid, wireOrder } from './test-hyperliquid.ts';
import { AGENT, MASTER } from './test-wallet.ts';

const BTC = symbol('BTC');

describe('answers about the market', () => {
  const desk = testHyperliquid();

  it('list coins by asset id with their real decimals and leverages', () => {
    expect(desk.info('meta').universe.map((one: object) => Object.values(one))).toEqual([
      [5, 'BTC', 40, 40],
      [4, 'ETH', 25, 25],
      [2, 'SOL', 20, 20],
    ]);
    const [meta, contexts] = desk.info('metaAndAssetCtxs');
    expect(meta).toEqual(desk.info('meta'));
    expect(contexts[0]).toMatchObject({
      markPx: '50000.0',
      oraclePx: '50000.0',
      midPx: '50000.0',
      funding: '0.0000125',
      impactPxs: ['49999.0', '50001.0'],
    });
  });

  it('show at most twenty levels a side, whole numbers for prices above ten thousand', () => {
    const { levels } = desk.info('l2Book', { coin: 'BTC' });
    expect(levels.map((side: readonly unknown[]) => side.length)).toEqual([20, 20]);
    expect(levels[0][0]).toEqual({ px: '49999.0', sz: expect.any(String), n: 1 });
    expect(levels[1][0].px).toBe('50001.0');
    expect(desk.info('l2Book', { coin: 'NOPE' })).toBeNull();
  });

  it('give candles that close a millisecond before the next', () => {
    const [row] = desk.info('candleSnapshot', { req: { coin: 'BTC', interval: '1h', startTime: desk.now(), endTime: desk.now() } });
    expect(row).toMatchObject({ s: 'BTC', i: '1h', o: '50000', c: '50000' });
    expect(row.T - row.t).toBe(3_599_999);
    expect(desk.info('candleSnapshot', { req: { coin: 'NOPE', interval: '1h', startTime: 0, endTime: 1 } })).toEqual([]);
    expect(desk.post('/info', { type: 'candleSnapshot', req: { coin: 'BTC', interval: '7m', startTime: 0 } }).reply?.status).toBe(422);
  });

  it('hold what client libraries read before they trade', () => {
    expect(desk.info('perpDexs')).toEqual([null]);
    expect(desk.info('spotMeta').universe).toHaveLength(1);
    expect(desk.info('spotMetaAndAssetCtxs')).toHaveLength(2);
    expect(desk.info('outcomeMeta')).toEqual({ outcomes: [], questions: [] });
    expect(desk.info('marginTable', { id: 40 })).toEqual({ description: '', marginTiers: [{ lowerBound: '0.0', maxLeverage: 40 }] });
    for (const type of ['fundingHistory', 'predictedFundings']) expect(desk.info(type)).toEqual([]);
    expect(desk.info('exchangeStatus')).toEqual({ time: desk.now(), specialStatuses: null });
  });
});

describe('answers about an account', () => {
  it('are empty for the address of an agent', () => {
    const desk = testHyperliquid();
    desk.send(orderAction(wireOrder(), wireOrder({ p: '49000', t: { limit: { tif: 'Gtc' } } })));
    expect(desk.info('clearinghouseState', { user: AGENT })).toMatchObject({ assetPositions: [], withdrawable: '0.0' });
    for (const type of ['openOrders', 'frontendOpenOrders', 'userFills', 'historicalOrders']) {
      expect(desk.info(type, { user: AGENT })).toEqual([]);
      expect(desk.info(type).length).toBeGreaterThan(0);
    }
    expect(desk.info('userFunding', { user: AGENT, startTime: 0 })).toEqual([]);
  });

  it('do not mind the case of the address', () => {
    const desk = testHyperliquid();
    desk.send(orderAction(wireOrder()));
    expect(desk.info('userFills', { user: MASTER.toUpperCase().replace('0X', '0x') })).toHaveLength(1);
  });

  it('add up: value, margin, unrealized result and what may be withdrawn', () => {
    const desk = testHyperliquid();
    desk.send({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 10 });
    desk.send(orderAction(wireOrder()));
    desk.venue.movePrice(BTC, { mark: decimal('50500') });
    const state = desk.info('clearinghouseState');
    expect(state).toMatchObject({
      marginSummary: { accountValue: '10047.649955', totalNtlPos: '5050.0', totalMarginUsed: '505.0' },
      crossMaintenanceMarginUsed: '63.125',
      withdrawable: '9542.649955',
    });
    expect(state.assetPositions[0].position).toMatchObject({
      szi: '0.1',
      entryPx: '50001.0',
      unrealizedPnl: '49.9',
      marginUsed: '505.0',
      maxLeverage: 40,
    });
    expect(desk.info('activeAssetData', { coin: 'BTC' })).toMatchObject({ leverage: { type: 'cross', value: 10 }, markPx: '50500.0' });
  });

  it('show an isolated setting as one', () => {
    const desk = testHyperliquid();
    desk.send({ type: 'updateLeverage', asset: 0, isCross: false, leverage: 5 });
    desk.send(orderAction(wireOrder()));
    expect(desk.info('clearinghouseState').assetPositions[0].position.leverage).toMatchObject({
      type: 'isolated',
      value: 5,
      rawUsd: '-4000.0',
    });
    expect(desk.info('activeAssetData', { coin: 'BTC' }).leverage).toMatchObject({ type: 'isolated', value: 5 });
  });

  it('count funding paid by a position as positive and received as negative', () => {
    const desk = testHyperliquid();
    desk.send(orderAction(wireOrder()));
    desk.pass(3_600_000);
    expect(desk.info('clearinghouseState').assetPositions[0].position.cumFunding).toEqual({
      allTime: '0.0625',
      sinceOpen: '0.0625',
      sinceChange: '0.0625',
    });
    expect(desk.info('userFunding', { startTime: 0 })).toMatchObject([{ delta: { usdc: '-0.0625', szi: '0.1' } }]);
  });

  it.each([
    [{ b: true, s: '0.1' }, 'Open Long'],
    [{ b: false, p: '49000', s: '0.05' }, 'Close Long'],
    [{ b: false, p: '49000', s: '0.15' }, 'Long > Short'],
    [{ b: false, p: '49000', s: '0.1' }, 'Open Short'],
    [{ b: true, s: '0.1' }, 'Close Short'],
    [{ b: true, s: '0.2' }, 'Short > Long'],
  ])('say which way a fill of %j went: %s', (order, dir) => {
    const desk = testHyperliquid();
    if (dir.includes('Long') && dir !== 'Open Long' && dir !== 'Short > Long') desk.send(orderAction(wireOrder()));
    if (dir === 'Close Short' || dir === 'Short > Long') desk.send(orderAction(wireOrder({ b: false, p: '49000' })));
    desk.send(orderAction(wireOrder(order)));
    expect(desk.info('userFills')[0].dir).toBe(dir);
  });

  it('name what the venue did on its own', () => {
    const desk = testHyperliquid();
    desk.send(orderAction(wireOrder({ s: '0.2' })));
    desk.venue.inject({ kind: 'adl', accountId: MASTER, symbol: BTC, quantity: decimal('0.1') });
    desk.venue.inject({ kind: 'liquidate', accountId: MASTER, symbol: BTC });
    const [liquidated, deleveraged] = desk.info('userFills');
    expect(liquidated).toMatchObject({ dir: 'Close Long', liquidation: { liquidatedUser: MASTER, method: 'market' } });
    expect(deleveraged.dir).toBe('Auto-Deleveraging');
    expect(deleveraged).not.toHaveProperty('cloid');
  });

  it('know roles, fees and settings', () => {
    const desk = testHyperliquid();
    expect(desk.info('userRole')).toEqual({ role: 'user' });
    expect(desk.info('userRole', { user: `0x${'8'.repeat(40)}` })).toEqual({ role: 'missing' });
    expect(desk.info('userFees')).toMatchObject({ userCrossRate: '0.00045', userAddRate: '0.00015' });
    expect(desk.info('userAbstraction')).toBe('disabled');
    expect(desk.info('maxBuilderFee')).toBe(0);
    expect(desk.info('subAccounts')).toBeNull();
    expect(desk.info('spotClearinghouseState')).toEqual({ balances: [] });
  });

  it('find an order by its number only for the account it belongs to', () => {
    const other = `0x${'7'.repeat(40)}`;
    const desk = testHyperliquid({
      accounts: [
        { address: MASTER, deposit: '10000', agents: [{ address: AGENT }] },
        { address: other, deposit: '1' },
      ],
    });
    desk.send(orderAction(wireOrder()));
    const oid = desk.info('userFills')[0].oid;
    expect(desk.info('orderStatus', { oid })).toMatchObject({
      status: 'order',
      order: { status: 'filled', order: { oid, sz: '0.0', origSz: '0.1' } },
    });
    expect(desk.info('orderStatus', { oid, user: other })).toEqual({ status: 'unknownOid' });
    expect(desk.post('/info', { type: 'orderStatus', user: MASTER, oid: 'x' }).reply?.status).toBe(422);
  });
});
