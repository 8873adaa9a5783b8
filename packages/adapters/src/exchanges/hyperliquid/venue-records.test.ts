import { decimal } from '@hyperoru/domain';
import { describe, expect, test } from 'vitest';
import { assetsOf, instrumentOf, symbolOf } from './assets.ts';
import { FillTally } from './fill-tally.ts';
import { readPages } from './pages.ts';
import { filledOf, toVenueAccount, toVenueFill, toVenueFunding, toVenueOrder } from './venue-records.ts';
import { CLEARINGHOUSE_STATE, FILLS, FUNDINGS, META, OPEN_ORDER, type WireFill } from './wire.ts';

const ADDRESS = '0x2ba553d9f990a3b66b03b2dc0d030dfc1c061036';

/** As the mainnet answered on 16 November 2023. */
const TAKE_PROFIT = {
  children: [],
  coin: 'INJ',
  isPositionTpsl: false,
  isTrigger: true,
  limitPx: '9.2037',
  oid: 3184595907,
  orderType: 'Take Profit Market',
  origSz: '12.5',
  reduceOnly: true,
  side: 'A',
  sz: '12.5',
  tif: null,
  timestamp: 1700126022555,
  triggerCondition: 'Price above 10.004',
  triggerPx: '10.004',
};
/** As the mainnet answered on 22 August 2025. */
const IOC = {
  coin: 'TON',
  side: 'B',
  limitPx: '3.2502',
  sz: '81.7',
  oid: 141682155424,
  timestamp: 1755863118217,
  triggerCondition: 'N/A',
  isTrigger: false,
  triggerPx: '0.0',
  children: [],
  isPositionTpsl: false,
  reduceOnly: false,
  orderType: 'Limit',
  origSz: '81.7',
  tif: 'Ioc',
  cloid: null,
};

const fill = (changes: Partial<Record<keyof WireFill, unknown>> = {}): WireFill => {
  const [read] = FILLS.parse([
    {
      coin: 'SUI',
      px: '1.3189',
      sz: '142.7',
      side: 'A',
      time: 1683245884863,
      oid: 189324432,
      tid: 5,
      crossed: true,
      fee: '0.01',
      ...changes,
    },
  ]);
  if (read === undefined) throw new Error('Expected a fill.');
  return read;
};

/** An order as the venue's own figures tell it. */
function orderOf(wire: unknown, status: string) {
  const order = OPEN_ORDER.parse(wire);
  return toVenueOrder(order, status, { quantity: filledOf(order, status), averagePrice: null });
}

describe('an order', () => {
  test('that waits for its trigger is told with trigger and kind', () => {
    expect(orderOf(TAKE_PROFIT, 'open')).toEqual({
      clientOrderId: null,
      venueOrderId: '3184595907',
      symbol: 'INJ',
      side: 'sell',
      type: { kind: 'trigger', trigger: 'take_profit', triggerPrice: '10.004' },
      quantity: '12.5',
      filledQuantity: '0',
      averagePrice: null,
      reduceOnly: true,
      state: 'open',
      reason: null,
    });
    const stop = { ...TAKE_PROFIT, orderType: 'Stop Market' };
    expect(orderOf(stop, 'open')?.type).toMatchObject({ trigger: 'stop_loss' });
  });

  test.each([
    ['open', '81.7', 'open', '0', null],
    ['open', '40', 'partially_filled', '41.7', null],
    ['triggered', '81.7', 'open', '0', null],
    ['filled', '0.0', 'filled', '81.7', null],
    ['filled', '81.7', 'filled', '81.7', null],
    ['canceled', '40', 'canceled', '41.7', 'canceled'],
    ['siblingFilledCanceled', '81.7', 'canceled', '0', 'siblingFilledCanceled'],
    ['scheduledCancel', '81.7', 'canceled', '0', 'scheduledCancel'],
    ['iocCancelRejected', '81.7', 'rejected', '0', 'iocCancelRejected'],
    ['rejected', '81.7', 'rejected', '0', 'rejected'],
    ['somethingNewRejected', '81.7', 'rejected', '0', 'somethingNewRejected'],
    ['somethingNewCanceled', '81.7', 'canceled', '0', 'somethingNewCanceled'],
  ])('with status %s and %s left is %s', (status, sz, state, filledQuantity, reason) => {
    expect(orderOf({ ...IOC, sz }, status)).toMatchObject({ state, filledQuantity, reason });
  });

  test.each([
    ['open', '12.5', '0', '12.5'],
    ['open', '5', '0', '5'],
    ['open', '5', '3.5', '8.5'],
    ['canceled', '5', '3.5', '8.5'],
    ['filled', '0.0', '8.5', '8.5'],
  ])('that was placed for 12.5, is %s with %s left and %s executed, is one of %s', (status, sz, executed, quantity) => {
    const order = OPEN_ORDER.parse({ ...TAKE_PROFIT, sz });
    expect(toVenueOrder(order, status, { quantity: decimal(executed), averagePrice: null })).toMatchObject({
      quantity,
      filledQuantity: executed,
    });
  });

  test('keeps its time in force and its client order id', () => {
    const cloid = `0x${'a'.repeat(32)}`;
    expect(orderOf({ ...IOC, cloid }, 'open')).toMatchObject({
      clientOrderId: cloid,
      type: { kind: 'limit', price: '3.2502', timeInForce: 'ioc' },
    });
  });

  test('of a spot pair is none of ours', () => {
    expect(orderOf({ ...IOC, coin: '@107' }, 'open')).toBeNull();
  });
});

describe('a fill', () => {
  test('is told with its fee and side', () => {
    expect(toVenueFill(fill({ fee: '-0.002', crossed: false, cloid: `0x${'b'.repeat(32)}` }), ADDRESS)).toEqual({
      clientOrderId: `0x${'b'.repeat(32)}`,
      tradeId: 'SUI-1683245884863-5',
      symbol: 'SUI',
      side: 'sell',
      price: '1.3189',
      quantity: '142.7',
      fee: '-0.002',
      liquidity: 'maker',
      isLiquidation: false,
      filledAt: 1683245884863,
      marketTime: 1683245884863,
    });
  });

  test('is a liquidation only when this account was liquidated', () => {
    const of = (liquidatedUser: string) => toVenueFill(fill({ liquidation: { liquidatedUser, markPx: '1', method: 'market' } }), ADDRESS);
    expect(of(ADDRESS.toUpperCase().replace('X', 'x'))?.isLiquidation).toBe(true);
    expect(of(`0x${'0'.repeat(40)}`)?.isLiquidation).toBe(false);
  });
});

test('funding is positive when received', () => {
  const [row] = FUNDINGS.parse([
    {
      delta: { coin: 'APE', fundingRate: '-0.00029319', nSamples: 3, szi: '40.13', type: 'funding', usdc: '0.145796' },
      hash: '0x',
      time: 1681948800000,
    },
  ]);
  if (row === undefined) throw new Error('Expected funding.');
  expect(toVenueFunding({ time: row.time, ...row.delta })).toEqual({
    fundingId: 'APE-1681948800000',
    symbol: 'APE',
    amount: '0.145796',
    rate: '-0.00029319',
    at: 1681948800000,
  });
});

test('an account is balance plus unrealized PnL, with the mark from the value of each position', () => {
  const summary = { accountValue: '1182.312496', totalMarginUsed: '50', totalNtlPos: '0.0', totalRawUsd: '0.0' };
  const state = CLEARINGHOUSE_STATE.parse({
    marginSummary: summary,
    crossMarginSummary: { ...summary, accountValue: '1100' },
    assetPositions: [
      {
        type: 'oneWay',
        position: {
          coin: 'BTC',
          entryPx: '26951.0',
          leverage: { type: 'cross', value: 20 },
          liquidationPx: '173198.69592357',
          marginUsed: '10.582271',
          positionValue: '211.64542',
          returnOnEquity: '-0.00756643',
          szi: '-0.00785',
          unrealizedPnl: '-0.08007',
        },
      },
    ],
  });
  expect(toVenueAccount(state)).toEqual({
    balance: '1182.392566',
    equity: '1182.312496',
    available: '1050',
    positions: [
      {
        symbol: 'BTC',
        quantity: '-0.00785',
        averageEntryPrice: '26951',
        markPrice: '26961.2',
        unrealizedPnl: '-0.08007',
        margin: '10.582271',
        leverage: 20,
        liquidationPrice: '173198.69592357',
      },
    ],
  });
});

describe('assets', () => {
  const meta = META.parse({
    universe: [
      { name: 'BTC', szDecimals: 5, maxLeverage: 40 },
      { name: 'OLD', szDecimals: 1, maxLeverage: 3, isDelisted: true },
      { name: 'kPEPE', szDecimals: 0, maxLeverage: 10, onlyIsolated: true },
    ],
  });

  test('keep the number of their place, delisted or not', () => {
    expect([...assetsOf(meta).values()].map(({ id, symbol, isDelisted }) => [id, symbol, isDelisted])).toEqual([
      [0, 'BTC', false],
      [1, 'OLD', true],
      [2, 'KPEPE', false],
    ]);
  });

  test('become instruments whose increment fits their price', () => {
    const [btc] = assetsOf(meta).values();
    if (btc === undefined) throw new Error('Expected BTC.');
    expect(instrumentOf(btc, decimal('50000'))).toMatchObject({
      symbol: 'BTC',
      priceIncrement: '1',
      sizeIncrement: '0.00001',
      leverageMax: 40,
      maintenanceMarginRate: '0.0125',
    });
    expect(instrumentOf(btc, decimal('4999')).priceIncrement).toBe('0.1');
    expect(instrumentOf(btc, decimal('5000')).priceIncrement).toBe('1');
  });

  test.each([
    ['BTC', 'BTC'],
    ['kPEPE', 'KPEPE'],
    ['@107', null],
    ['PURR/USDC', null],
    ['xyz:NVDA', null],
  ])('%s is %s to us', (coin, symbol) => {
    expect(symbolOf(coin)).toBe(symbol);
  });
});

test('the average price is known once all executions of an order are, each counted once', () => {
  const tally = new FillTally();
  tally.add([fill({ px: '10', sz: '1', tid: 1 }), fill({ px: '10', sz: '1', tid: 1 })]);
  expect(tally.averagePrice(189324432, decimal('3'))).toBeNull();
  tally.add([fill({ px: '13', sz: '2', tid: 2 })]);
  expect(tally.averagePrice(189324432, decimal('3'))).toBe('12');
  expect(tally.averagePrice(1, decimal('3'))).toBeNull();
});

describe('pages', () => {
  const rows = Array.from({ length: 25 }, (_, i) => ({ time: Math.floor(i / 2), id: i }));
  const within = (from: number, to = Number.MAX_SAFE_INTEGER) => rows.filter(({ time }) => time >= from && time <= to);

  test.each([
    ['oldest first', (from: number, to?: number) => within(from, to).slice(0, 5)],
    ['newest first', (from: number, to?: number) => within(from, to).reverse().slice(0, 5)],
  ])('answered %s are read to the end, each row once', async (_, answer) => {
    const read = await readPages(0, {
      rows: 5,
      key: ({ id }: { time: number; id: number }) => String(id),
      page: async (from, to) => answer(from, to),
    });
    expect(read.map(({ id }) => id).sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
    expect(read.map(({ time }) => time)).toEqual(rows.map(({ time }) => time));
  });

  test('that bring nothing new end the reading', async () => {
    let asked = 0;
    await readPages(0, {
      rows: 1,
      key: () => 'same',
      page: async () => {
        asked += 1;
        return [{ time: 1 }];
      },
    });
    expect(asked).toBe(2);
  });
});
