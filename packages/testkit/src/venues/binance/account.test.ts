import { decimal, symbol } from '@hyperoru/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { isolatedLiquidationPrice } from './isolated-margin.ts';
import { bracketOf, notionalCapAt } from './symbols.ts';
import { type Fields, TestClient } from './test-client.ts';

const BTC = symbol('BTCUSDT');
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
});

const read = (path: string, fields: Fields = {}) => client.call('GET', path, fields);
const set = (path: string, fields: Fields) => client.call('POST', path, { symbol: BTC, ...fields }).body;
const moveTo = (mark: string) => client.venue.movePrice(BTC, { mark: decimal(mark) });

describe('the liquidation price of an isolated position', () => {
  const price = (quantity: string, wallet: string, ratio = '0.004', cum = '0') =>
    isolatedLiquidationPrice(
      { quantity: decimal(quantity), entryPrice: decimal('50000'), wallet: decimal(wallet) },
      { maintMarginRatio: decimal(ratio), cum: decimal(cum) },
    );

  it('is 45,180.72 for 0.1 long at 50,000 with 500 of margin and 0.4 %', () => {
    expect(Number(price('0.1', '500')).toFixed(2)).toBe('45180.72');
  });

  it('leaves as much equity there as maintenance asks for', () => {
    const at = Number(price('0.1', '500'));
    const equity = 500 + 0.1 * (at - 50_000);
    expect(equity).toBeCloseTo(18.072, 3);
    expect(equity).toBeCloseTo(0.1 * at * 0.004, 9);
  });

  it('lies above the entry of a short, and equals maintenance there as well', () => {
    const at = Number(price('-0.1', '500'));
    expect(at).toBeGreaterThan(50_000);
    expect(500 - 0.1 * (at - 50_000)).toBeCloseTo(0.1 * at * 0.004, 9);
  });

  it('moves away with cum, and is null where no price liquidates', () => {
    expect(Number(price('0.1', '500', '0.005', '50'))).toBeLessThan(Number(price('0.1', '500', '0.005', '0')));
    expect(price('0.1', '5000')).toBeNull();
    expect(price('0.1', '4999.9')).not.toBeNull();
  });

  it('is what positionRisk shows once the margin type is isolated', () => {
    set('/fapi/v1/leverage', { leverage: 10 });
    set('/fapi/v1/marginType', { marginType: 'ISOLATED' });
    client.market('BUY', '0.1');
    const [row] = read('/fapi/v3/positionRisk').rows;
    // Entry 50,001: a spread above the worked example.
    expect(Number(row?.['liquidationPrice'])).toBeCloseTo(45_181.63, 2);
    expect(row).toMatchObject({ isolatedWallet: '500.01' });
  });
});

describe('brackets', () => {
  it('are continuous in maintenance and limit the position by leverage', () => {
    const brackets = client.dialect.symbols.get('BTCUSDT')?.extras.brackets ?? [];
    for (const [index, next] of brackets.entries()) {
      const before = brackets[index - 1];
      if (before === undefined) continue;
      const at = Number(next.notionalFloor);
      expect(at * Number(next.maintMarginRatio) - Number(next.cum)).toBeCloseTo(
        at * Number(before.maintMarginRatio) - Number(before.cum),
        9,
      );
    }
    expect(bracketOf(brackets, decimal('299999')).initialLeverage).toBe(125);
    expect(bracketOf(brackets, decimal('300000')).initialLeverage).toBe(100);
    expect(bracketOf(brackets, decimal('99999999999')).initialLeverage).toBe(10);
    expect([125, 101, 100, 20, 1].map((leverage) => notionalCapAt(brackets, leverage))).toEqual([
      '300000',
      '300000',
      '800000',
      '12000000',
      '70000000',
    ]);
    expect(notionalCapAt(brackets, 126)).toBe('0');
  });

  it('are told as numbers, and may be lowered while the venue runs', () => {
    expect(read('/fapi/v1/leverageBracket', { symbol: BTC }).rows).toMatchObject([
      {
        symbol: BTC,
        brackets: [
          { bracket: 1, initialLeverage: 125, notionalFloor: 0, notionalCap: 300_000, maintMarginRatio: 0.004, cum: 0 },
          {},
          {},
          {},
          {},
        ],
      },
    ]);
    const last = client.dialect.symbols.get('BTCUSDT')?.extras.brackets.at(-1);
    if (last === undefined) throw new Error('Expected brackets.');
    client.dialect.symbols.setBrackets(BTC, [{ ...last, notionalFloor: decimal('0'), initialLeverage: 5 }]);
    expect(set('/fapi/v1/leverage', { leverage: 5 })).toMatchObject({ leverage: 5 });
    expect(set('/fapi/v1/leverage', { leverage: 6 })['code']).toBe(-4028);
  });
});

describe('leverage and margin type', () => {
  it('are told by symbolConfig and not by positionRisk v3', () => {
    expect(set('/fapi/v1/leverage', { leverage: 7 })).toEqual({ leverage: 7, maxNotionalValue: '70000000', symbol: BTC });
    client.market('BUY', '0.01');
    expect(read('/fapi/v1/symbolConfig', { symbol: BTC }).rows).toMatchObject([{ leverage: 7, marginType: 'CROSSED' }]);
    expect(read('/fapi/v3/positionRisk').rows[0]).not.toHaveProperty('leverage');
    expect(read('/fapi/v2/positionRisk', { symbol: BTC }).rows).toMatchObject([
      { leverage: '7', marginType: 'cross', positionAmt: '0.01' },
    ]);
  });

  it('range from 1 to 125: -4028 beyond', () => {
    expect(set('/fapi/v1/leverage', { leverage: 1 })['leverage']).toBe(1);
    expect(set('/fapi/v1/leverage', { leverage: 125 })['leverage']).toBe(125);
    for (const leverage of [0, 126, -1]) expect(set('/fapi/v1/leverage', { leverage })['code']).toBe(-4028);
    expect(set('/fapi/v1/leverage', { leverage: '1.5' })['code']).toBe(-1102);
  });

  it('are not lowered beyond what the margin carries: -2028', () => {
    set('/fapi/v1/leverage', { leverage: 50 });
    client.market('BUY', '1');
    expect(set('/fapi/v1/leverage', { leverage: 4 })['code']).toBe(-2028);
    expect(set('/fapi/v1/leverage', { leverage: 6 })['leverage']).toBe(6);
  });

  it('change their type only without orders and positions: -4046, -4047, -4048', () => {
    expect(set('/fapi/v1/marginType', { marginType: 'CROSSED' })['code']).toBe(-4046);
    client.limit('BUY', '0.01', '49000');
    expect(set('/fapi/v1/marginType', { marginType: 'ISOLATED' })['code']).toBe(-4047);
    client.call('DELETE', '/fapi/v1/allOpenOrders', { symbol: BTC });
    client.market('BUY', '0.01');
    expect(set('/fapi/v1/marginType', { marginType: 'ISOLATED' })['code']).toBe(-4048);
    client.market('SELL', '0.01');
    expect(set('/fapi/v1/marginType', { marginType: 'ISOLATED' })['code']).toBe(200);
    expect(read('/fapi/v1/symbolConfig', { symbol: BTC }).rows).toMatchObject([{ marginType: 'ISOLATED' }]);
    expect(set('/fapi/v1/marginType', { marginType: 'SHARED' })['code']).toBe(-1130);
  });

  it('may be changed by someone else', () => {
    client.venue.inject({ kind: 'leverage_changed', accountId: 'a', symbol: BTC, leverage: 3 });
    expect(read('/fapi/v1/symbolConfig', { symbol: BTC }).rows).toMatchObject([{ leverage: 3 }]);
  });
});

describe('the account', () => {
  it('adds up wallet, unrealized gain and margin', () => {
    set('/fapi/v1/leverage', { leverage: 10 });
    client.market('BUY', '0.1');
    moveTo('51000');
    expect(read('/fapi/v3/account').body).toMatchObject({
      totalWalletBalance: '9997.49995',
      totalUnrealizedProfit: '99.9',
      totalMarginBalance: '10097.39995',
      totalPositionInitialMargin: '510',
      totalMaintMargin: '20.4',
      availableBalance: '9587.39995',
      assets: [{ asset: 'USDT', walletBalance: '9997.49995' }],
      positions: [{ symbol: BTC, positionAmt: '0.1', unrealizedProfit: '99.9', notional: '5100' }],
    });
    expect(read('/fapi/v2/account').body).toMatchObject({
      canTrade: true,
      positions: [{ symbol: BTC, leverage: '10' }, { positionAmt: '0' }],
    });
  });

  it('lists in v3 only symbols with a position or an open order', () => {
    expect(read('/fapi/v3/positionRisk').rows).toEqual([]);
    client.limit('BUY', '0.01', '49000');
    expect(read('/fapi/v3/positionRisk').rows).toMatchObject([{ symbol: BTC, positionAmt: '0' }]);
    expect(read('/fapi/v3/positionRisk', { symbol: 'ETHUSDT' }).rows).toEqual([]);
    expect(read('/fapi/v2/positionRisk').rows).toHaveLength(2);
  });

  it('never shows less than nothing as available', () => {
    set('/fapi/v1/leverage', { leverage: 100 });
    client.market('BUY', '2');
    moveTo('45600');
    expect(read('/fapi/v3/balance').rows).toMatchObject([{ availableBalance: expect.stringMatching(/^\d/) }]);
  });

  it('names its fees', () => {
    expect(read('/fapi/v1/commissionRate', { symbol: BTC }).body).toMatchObject({
      takerCommissionRate: '0.0005',
      makerCommissionRate: '0.0002',
    });
  });
});

describe('trades and income', () => {
  it('tell fills with fee and realized gain, makers cheaper', () => {
    client.market('BUY', '0.1');
    client.limit('SELL', '0.1', '51000');
    moveTo('51000.1');
    expect(read('/fapi/v1/userTrades', { symbol: BTC }).rows).toMatchObject([
      { side: 'BUY', price: '50001', qty: '0.1', quoteQty: '5000.1', commission: '2.50005', maker: false, buyer: true, realizedPnl: '0' },
      { side: 'SELL', price: '51000', commission: '1.02', maker: true, buyer: false, realizedPnl: '99.9' },
    ]);
    expect(read('/fapi/v1/income').rows.map(({ incomeType, income }) => [incomeType, income])).toEqual([
      ['COMMISSION', '-2.50005'],
      ['COMMISSION', '-1.02'],
      ['REALIZED_PNL', '99.9'],
    ]);
    expect(read('/fapi/v1/income', { incomeType: 'REALIZED_PNL' }).rows).toHaveLength(1);
  });

  it('go on from a trade id, by pages, and within a week', () => {
    for (let count = 0; count < 3; count += 1) client.market('BUY', '0.01');
    const ids = read('/fapi/v1/userTrades', { symbol: BTC }).rows.map((trade) => Number(trade['id']));
    expect(read('/fapi/v1/userTrades', { symbol: BTC, fromId: ids[1] ?? 0 }).rows.map((trade) => trade['id'])).toEqual(ids.slice(1));
    expect(read('/fapi/v1/userTrades', { symbol: BTC, limit: 2 }).rows.map((trade) => trade['id'])).toEqual(ids.slice(1));
    const start = client.now();
    client.pass(604_800_001);
    expect(read('/fapi/v1/userTrades', { symbol: BTC }).rows).toEqual([]);
    expect(read('/fapi/v1/userTrades', { symbol: BTC, startTime: start }).rows).toHaveLength(3);
    expect(read('/fapi/v1/userTrades', { symbol: BTC, startTime: start, endTime: start + 604_800_001 }).body['code']).toBe(-1130);
    expect(read('/fapi/v1/income', { startTime: start, incomeType: 'COMMISSION', limit: 2, page: 2 }).rows).toHaveLength(1);
  });

  it('pay funding every eight hours at the mark: 0.1 × 50,000 × 0.0001 = 0.5', () => {
    client.market('BUY', '0.1');
    client.pass(7 * 3_600_000);
    expect(read('/fapi/v1/income', { incomeType: 'FUNDING_FEE' }).rows).toEqual([]);
    client.pass(3_600_000);
    expect(read('/fapi/v1/income', { incomeType: 'FUNDING_FEE' }).rows).toMatchObject([{ symbol: BTC, income: '-0.5', asset: 'USDT' }]);
  });
});

describe("the dead man's switch of a symbol", () => {
  it('cancels everything open of it unless it is repeated in time, conditional orders too', () => {
    client.market('BUY', '0.1');
    client.limit('BUY', '0.01', '49000');
    client.algo({ quantity: '0.1', triggerPrice: '48000', reduceOnly: true });
    expect(set('/fapi/v1/countdownCancelAll', { countdownTime: 1000 })).toEqual({ symbol: BTC, countdownTime: '1000' });
    client.pass(999);
    set('/fapi/v1/countdownCancelAll', { countdownTime: 1000 });
    client.pass(999);
    expect(read('/fapi/v1/openOrders').rows).toHaveLength(1);
    client.pass(1);
    expect(read('/fapi/v1/openOrders').rows).toEqual([]);
    expect(read('/fapi/v1/openAlgoOrders').rows).toEqual([]);
  });

  it('is off with 0', () => {
    client.limit('BUY', '0.01', '49000');
    set('/fapi/v1/countdownCancelAll', { countdownTime: 1000 });
    set('/fapi/v1/countdownCancelAll', { countdownTime: 0 });
    client.pass(5000);
    expect(read('/fapi/v1/openOrders').rows).toHaveLength(1);
    expect(set('/fapi/v1/countdownCancelAll', { countdownTime: -1 })['code']).toBe(-1102);
  });
});
