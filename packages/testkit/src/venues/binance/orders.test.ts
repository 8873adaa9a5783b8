import { decimal, symbol } from '@hyperoru/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPEN_ORDERS_PER_SYMBOL_MAX } from './place-order.ts';
import { BTCUSDT } from './symbols.ts';
import { type Fields, TestClient } from './test-client.ts';
import { FILLED_KEPT_MS, UNFILLED_KEPT_MS } from './wire-orders.ts';

const BTC = symbol('BTCUSDT');
const ORDER = '/fapi/v1/order';
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
});

const find = (origClientOrderId: string) => client.call('GET', ORDER, { symbol: BTC, origClientOrderId }).body;
const cancel = (origClientOrderId: string) => client.call('DELETE', ORDER, { symbol: BTC, origClientOrderId }).body;
const openIds = () => client.call('GET', '/fapi/v1/openOrders', { symbol: BTC }).rows.map((order) => order['clientOrderId']);
const codeOf = (fields: Fields) => client.order(fields).body['code'];

describe('a market order', () => {
  it('fills what the book holds; the answer tells neither average price nor quote volume', () => {
    const { body } = client.market('BUY', '0.1', { newClientOrderId: 'm-1' });
    expect(body).toMatchObject({ status: 'FILLED', executedQty: '0.1', cumQty: '0.1', type: 'MARKET', clientOrderId: 'm-1', symbol: BTC });
    expect(body).not.toHaveProperty('avgPrice');
    expect(body).not.toHaveProperty('cumQuote');
    expect(find('m-1')).toMatchObject({ status: 'FILLED', avgPrice: '50001', cumQuote: '5000.1', executedQty: '0.1' });
  });

  it('is only acknowledged unless the result is asked for', () => {
    expect(client.market('BUY', '0.1', { newOrderRespType: 'ACK' }).body).toMatchObject({ status: 'NEW', executedQty: '0' });
    expect(client.venue.fillsOf('a')).toHaveLength(1);
  });

  it('walks the book, pays the average and lets the rest expire when the book is empty', () => {
    const book = { levels: 2, levelNotional: decimal('50000'), levelStepBps: decimal('2') };
    client = new TestClient({ symbols: [{ ...BTCUSDT, instrument: { book } }], accounts: [{ ...ACCOUNT, deposit: '1000000' }] });
    client.market('BUY', '5', { newClientOrderId: 'm-1' });
    const seen = find('m-1');
    expect(seen).toMatchObject({ status: 'EXPIRED', executedQty: '1.998' });
    expect(Number(seen['avgPrice'])).toBeGreaterThan(50_001);
  });

  it('takes no price', () => {
    expect(codeOf({ side: 'BUY', type: 'MARKET', quantity: '0.1', price: '50000' })).toBe(-1106);
  });
});

const ACCOUNT = {
  id: 'a',
  deposit: '10000',
  keys: [{ apiKey: 'a'.repeat(64), signing: { kind: 'hmac', secret: 'secret of the test' } }],
} as const;

describe('a limit order', () => {
  it('rests, is filled by a trade through its price and not by a touch', () => {
    expect(client.limit('BUY', '0.01', '49000', { newClientOrderId: 'l-1' }).body).toMatchObject({ status: 'NEW', executedQty: '0' });
    client.venue.movePrice(BTC, { mark: decimal('49000') });
    expect(find('l-1')).toMatchObject({ status: 'NEW' });
    client.venue.movePrice(BTC, { mark: decimal('48999.9') });
    expect(find('l-1')).toMatchObject({ status: 'FILLED', avgPrice: '49000' });
  });

  it('fills at once as far as it crosses and rests with what is left', () => {
    client.venue.inject({ kind: 'partial_fill', share: 0.4 });
    expect(client.limit('BUY', '0.1', '50100', { newOrderRespType: 'RESULT', newClientOrderId: 'l-1' }).body).toMatchObject({
      status: 'PARTIALLY_FILLED',
      executedQty: '0.04',
      origQty: '0.1',
    });
    expect(cancel('l-1')).toMatchObject({ status: 'CANCELED', executedQty: '0.04' });
  });

  it('IOC cancels what does not match at once, which is called EXPIRED', () => {
    client.venue.inject({ kind: 'partial_fill', share: 0.4 });
    const { body } = client.limit('BUY', '0.1', '50100', { timeInForce: 'IOC', newOrderRespType: 'RESULT' });
    expect(body).toMatchObject({ status: 'EXPIRED', executedQty: '0.04' });
  });

  it('FOK is refused with -5021 unless all of it matches at once', () => {
    client.venue.inject({ kind: 'partial_fill', share: 0.4 });
    expect(client.limit('BUY', '0.1', '50100', { timeInForce: 'FOK', newClientOrderId: 'f-1' }).body['code']).toBe(-5021);
    expect(find('f-1')['code']).toBe(-2013);
    expect(client.limit('BUY', '0.1', '50100', { timeInForce: 'FOK', newOrderRespType: 'RESULT' }).body['status']).toBe('FILLED');
  });

  it('GTX is refused with -5022 when it would match', () => {
    expect(client.limit('BUY', '0.01', '50001', { timeInForce: 'GTX' }).body['code']).toBe(-5022);
    expect(client.limit('BUY', '0.01', '50000.9', { timeInForce: 'GTX' }).body['status']).toBe('NEW');
  });

  it('GTD lives until its date, at least ten minutes', () => {
    const gtd = (goodTillDate: number) => ({ timeInForce: 'GTD', goodTillDate, newClientOrderId: `g-${goodTillDate}` });
    const soon = client.now() + 600_000;
    expect(client.limit('BUY', '0.01', '49000', gtd(soon)).body['code']).toBe(-4531);
    expect(client.limit('BUY', '0.01', '49000', gtd(soon + 1)).body).toMatchObject({ status: 'NEW', timeInForce: 'GTD' });
    client.pass(600_000);
    expect(find(`g-${soon + 1}`)['status']).toBe('NEW');
    client.pass(1);
    expect(find(`g-${soon + 1}`)['status']).toBe('EXPIRED');
  });

  it('needs time in force, price and quantity', () => {
    expect(codeOf({ side: 'BUY', type: 'LIMIT', quantity: '1', price: '50000' })).toBe(-1102);
    expect(codeOf({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '1' })).toBe(-1102);
    expect(codeOf({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '50000' })).toBe(-1102);
    expect(codeOf({ side: 'BUY', type: 'LIMIT', timeInForce: 'NOW', price: '50000', quantity: '1' })).toBe(-1115);
  });

  it('that another order of the account takes away expires in the match', () => {
    client.limit('SELL', '0.01', '50000.5', { newClientOrderId: 'maker', timeInForce: 'GTX' });
    client.venue.movePrice(BTC, { mark: decimal('50000.4') });
    client.market('BUY', '0.01');
    expect(find('maker')).toMatchObject({ status: 'EXPIRED_IN_MATCH', executedQty: '0' });
  });
});

describe('words of an order', () => {
  it('are checked', () => {
    expect(codeOf({ type: 'MARKET', quantity: '0.1' })).toBe(-1102);
    expect(codeOf({ side: 'HOLD', type: 'MARKET', quantity: '0.1' })).toBe(-1117);
    expect(codeOf({ side: 'BUY', quantity: '0.1' })).toBe(-1102);
    expect(codeOf({ side: 'BUY', type: 'MAYBE', quantity: '0.1' })).toBe(-1116);
    expect(codeOf({ side: 'BUY', type: 'MARKET', quantity: '1e-1' })).toBe(-1102);
    expect(codeOf({ symbol: 'DOGEUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' })).toBe(-1121);
    expect(codeOf({ symbol: '１２３４５６', side: 'BUY', type: 'MARKET', quantity: '0.1' })).toBe(-1121);
  });

  it('of a conditional order belong to the other endpoint: -4120', () => {
    for (const type of ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'])
      expect(codeOf({ side: 'SELL', type, quantity: '0.1', stopPrice: '49000' })).toBe(-4120);
  });

  it('of a halted symbol are refused with -4108, and the listing says so', () => {
    client.venue.inject({ kind: 'halt_symbol', symbol: BTC });
    expect(client.market('BUY', '0.1').body['code']).toBe(-4108);
    expect(client.raw('GET', '/fapi/v1/exchangeInfo').body['symbols']).toMatchObject([{ status: 'SETTLING' }, { status: 'TRADING' }]);
  });
});

describe('client ids', () => {
  it('are unique among open orders only: -4116 while open, free again afterwards', () => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'id-1' });
    expect(client.limit('BUY', '0.01', '48000', { newClientOrderId: 'id-1' }).body['code']).toBe(-4116);
    expect(client.market('BUY', '0.01', { newClientOrderId: 'id-1' }).body['code']).toBe(-4116);
    cancel('id-1');
    expect(client.market('BUY', '0.01', { newClientOrderId: 'id-1' }).body['status']).toBe('FILLED');
    expect(client.market('BUY', '0.01', { newClientOrderId: 'id-1' }).body['status']).toBe('FILLED');
    expect(find('id-1')).toMatchObject({ type: 'MARKET', status: 'FILLED' });
    expect(client.call('GET', '/fapi/v1/allOrders', { symbol: BTC }).rows).toHaveLength(3);
  });

  it('have at most 36 characters of a small alphabet', () => {
    expect(client.market('BUY', '0.01', { newClientOrderId: 'x'.repeat(36) }).body['status']).toBe('FILLED');
    expect(client.market('BUY', '0.01', { newClientOrderId: 'x'.repeat(37) }).body['code']).toBe(-4015);
    expect(client.market('BUY', '0.01', { newClientOrderId: 'with space' }).body['code']).toBe(-1100);
    expect(client.market('BUY', '0.01', { newClientOrderId: 'A.b:c/d_e-9' }).body['status']).toBe('FILLED');
  });

  it('are made by the venue when the order has none', () => {
    const { body } = client.market('BUY', '0.01');
    expect(find(String(body['clientOrderId']))['orderId']).toBe(body['orderId']);
  });

  it('belong to conditional and regular orders separately', () => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'id-1' });
    expect(client.algo({ quantity: '0.01', triggerPrice: '48000', reduceOnly: true, clientAlgoId: 'id-1' }).body['algoStatus']).toBe('NEW');
  });
});

describe('business refusals', () => {
  it('are -2019 without margin, -2022 without a position to reduce', () => {
    expect(client.market('BUY', '10').body['code']).toBe(-2019);
    expect(client.market('BUY', '0.1', { reduceOnly: true }).body['code']).toBe(-2022);
    client.market('BUY', '0.1');
    expect(client.market('BUY', '0.1', { reduceOnly: true }).body['code']).toBe(-2022);
    expect(client.market('SELL', '0.1', { reduceOnly: true }).body).toMatchObject({ status: 'FILLED', reduceOnly: true });
  });

  it('are -2027 beyond the largest position at the leverage', () => {
    client = new TestClient({ accounts: [{ ...ACCOUNT, deposit: '1000000' }] });
    client.call('POST', '/fapi/v1/leverage', { symbol: BTC, leverage: 125 });
    expect(client.market('BUY', '6').body['status']).toBe('FILLED');
    expect(client.market('BUY', '0.001', { reduceOnly: false }).body['code']).toBe(-4164);
    expect(client.market('BUY', '0.002').body['code']).toBe(-2027);
    expect(client.market('SELL', '0.002').body['status']).toBe('FILLED');
  });

  it('leave no trace that could be looked up', () => {
    client.market('BUY', '10', { newClientOrderId: 'r-1' });
    expect(find('r-1')['code']).toBe(-2013);
    expect(client.call('GET', '/fapi/v1/allOrders', { symbol: BTC }).rows).toEqual([]);
  });

  it('are -2025 once as many orders rest as may', () => {
    client = new TestClient({ accounts: [{ ...ACCOUNT, deposit: '1000000' }], limits: { ordersPerTenSeconds: 1000 } });
    for (let count = 0; count < OPEN_ORDERS_PER_SYMBOL_MAX; count += 1) client.limit('BUY', '0.01', '49000');
    expect(openIds()).toHaveLength(OPEN_ORDERS_PER_SYMBOL_MAX);
    expect(client.limit('BUY', '0.01', '49000').body['code']).toBe(-2025);
  });
});

describe('lookup and cancel', () => {
  it('know no order that never was: -2013 and -2011', () => {
    expect(find('never')['code']).toBe(-2013);
    expect(cancel('never')['code']).toBe(-2011);
    expect(client.call('GET', ORDER, { symbol: BTC }).body['code']).toBe(-1102);
    expect(client.call('GET', ORDER, { symbol: BTC, orderId: 7 }).body['code']).toBe(-2013);
  });

  it('find an order by its id under its own symbol only', () => {
    const { body } = client.limit('BUY', '0.01', '49000');
    expect(client.call('GET', ORDER, { symbol: BTC, orderId: Number(body['orderId']) }).body['status']).toBe('NEW');
    expect(client.call('GET', ORDER, { symbol: 'ETHUSDT', orderId: Number(body['orderId']) }).body['code']).toBe(-2013);
  });

  it('deny an accepted order as long as a fault hides it', () => {
    client.venue.inject({ kind: 'hide_order', ms: 1000 });
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'h-1' });
    expect(find('h-1')['code']).toBe(-2013);
    expect(openIds()).toEqual([]);
    client.pass(999);
    expect(find('h-1')['code']).toBe(-2013);
    client.pass(1);
    expect(find('h-1')['status']).toBe('NEW');
    expect(openIds()).toEqual(['h-1']);
  });

  it('forget what was canceled without a fill after 3 days, the rest after 90', () => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'c-1' });
    cancel('c-1');
    client.market('BUY', '0.01', { newClientOrderId: 'f-1' });
    client.pass(UNFILLED_KEPT_MS);
    expect([find('c-1')['status'], find('f-1')['status']]).toEqual(['CANCELED', 'FILLED']);
    client.pass(1);
    expect([find('c-1')['code'], find('f-1')['status']]).toEqual([-2013, 'FILLED']);
    client.pass(FILLED_KEPT_MS - UNFILLED_KEPT_MS);
    expect(find('f-1')['code']).toBe(-2013);
  });

  it('cancel all regular orders of one symbol', () => {
    client.limit('BUY', '0.01', '49000');
    client.limit('BUY', '0.01', '48000');
    client.order({ symbol: 'ETHUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '2400' });
    client.algo({ quantity: '0.01', triggerPrice: '48000', reduceOnly: true });
    expect(client.call('DELETE', '/fapi/v1/allOpenOrders', { symbol: BTC }).body['code']).toBe(200);
    expect(client.call('GET', '/fapi/v1/openOrders').rows).toMatchObject([{ symbol: 'ETHUSDT' }]);
    expect(client.call('GET', '/fapi/v1/openAlgoOrders').rows).toHaveLength(1);
  });

  it('meet an order that fills while its cancellation is on the way', () => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'race' });
    client.venue.inject({ kind: 'fill_before_cancel' });
    expect(cancel('race')['code']).toBe(-2011);
    expect(find('race')).toMatchObject({ status: 'FILLED', executedQty: '0.01' });
  });
});

describe('a batch', () => {
  const place = (orders: readonly object[]) => client.call('POST', '/fapi/v1/batchOrders', { batchOrders: JSON.stringify(orders) });
  const limit = { symbol: BTC, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '49000' };

  it('answers each order by itself and counts all of them', () => {
    const told = place([limit, { ...limit, price: '49000.05' }, { ...limit, type: 'STOP_MARKET' }]);
    expect(told.rows).toMatchObject([{ status: 'NEW' }, { code: -4014 }, { code: -4120 }]);
    expect(told.headers['x-mbx-order-count-1m']).toBe('3');
  });

  it('holds one to five orders', () => {
    expect(place(Array(5).fill(limit)).rows).toHaveLength(5);
    expect(place(Array(6).fill(limit)).body['code']).toBe(-4082);
    expect(place([]).body['code']).toBe(-4082);
    expect(client.call('POST', '/fapi/v1/batchOrders', { batchOrders: 'nonsense' }).body['code']).toBe(-4082);
  });
});

describe('a change of an order', () => {
  const change = (fields: Fields) => client.call('PUT', ORDER, { symbol: BTC, side: 'BUY', origClientOrderId: 'l-1', ...fields }).body;

  beforeEach(() => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'l-1' });
  });

  it('keeps the id and takes the new price and quantity', () => {
    const { orderId } = find('l-1');
    expect(change({ quantity: '0.02', price: '48000' })).toMatchObject({ orderId, price: '48000', origQty: '0.02', status: 'NEW' });
    client.venue.movePrice(BTC, { mark: decimal('48500') });
    expect(find('l-1')['status']).toBe('NEW');
    client.venue.movePrice(BTC, { mark: decimal('47900') });
    expect(find('l-1')).toMatchObject({ status: 'FILLED', executedQty: '0.02', avgPrice: '48000' });
  });

  it('may match at once', () => {
    expect(change({ quantity: '0.01', price: '50010' })).toMatchObject({ status: 'FILLED' });
    expect(find('l-1')['avgPrice']).toBe('50001');
  });

  it('to what is filled already ends the order', () => {
    const id = client.venue.orderByClientId('a', 'l-1')?.id ?? 0;
    client.venue.fillResting(id, decimal('0.005'));
    expect(change({ quantity: '0.005', price: '49000' })).toMatchObject({ status: 'CANCELED', executedQty: '0.005' });
  });

  it('is refused when nothing changes, the filters refuse it, the margin is missing or the order is gone', () => {
    expect(change({ quantity: '0.01', price: '49000' })['code']).toBe(-5027);
    expect(change({ quantity: '0.01', price: '49000.05' })['code']).toBe(-4014);
    expect(change({ quantity: '10', price: '49000' })['code']).toBe(-2019);
    expect(change({ quantity: '0.01', price: '48000', side: 'SELL' })['code']).toBe(-2011);
    expect(find('l-1')).toMatchObject({ status: 'NEW', price: '49000', origQty: '0.01' });
    cancel('l-1');
    expect(change({ quantity: '0.02', price: '48000' })['code']).toBe(-2011);
  });
});

describe('position modes', () => {
  const setHedge = (dualSidePosition: boolean) => client.call('POST', '/fapi/v1/positionSide/dual', { dualSidePosition }).body['code'];

  it('one-way takes no position side, hedge asks for one: -4061', () => {
    expect(client.market('BUY', '0.01', { positionSide: 'BOTH' }).body['status']).toBe('FILLED');
    expect(client.market('BUY', '0.01', { positionSide: 'LONG' }).body['code']).toBe(-4061);
    expect(client.market('BUY', '0.01', { positionSide: 'UP' }).body['code']).toBe(-4060);
    client.dialect.setHedgeMode('a', true);
    expect(client.market('BUY', '0.01').body['code']).toBe(-4061);
    expect(client.market('BUY', '0.01', { positionSide: 'LONG' }).body).toMatchObject({ status: 'FILLED', positionSide: 'LONG' });
  });

  it('hedge takes no reduceOnly: the side says whether an order opens or closes', () => {
    expect(setHedge(true)).toBe(200);
    expect(client.market('SELL', '0.01', { positionSide: 'LONG' }).body['code']).toBe(-2022);
    client.market('BUY', '0.01', { positionSide: 'LONG' });
    expect(client.market('SELL', '0.01', { positionSide: 'LONG', reduceOnly: true }).body['code']).toBe(-4062);
    expect(client.market('SELL', '0.01', { positionSide: 'SHORT' }).body['code']).toBe(-2010);
    expect(client.market('SELL', '0.01', { positionSide: 'LONG' }).body['status']).toBe('FILLED');
  });

  it('change only without positions and orders, and not to what they are', () => {
    expect(setHedge(false)).toBe(-4059);
    client.limit('BUY', '0.01', '49000');
    expect(setHedge(true)).toBe(-4067);
    client.call('DELETE', '/fapi/v1/allOpenOrders', { symbol: BTC });
    client.market('BUY', '0.01');
    expect(setHedge(true)).toBe(-4068);
    client.market('SELL', '0.01');
    expect(setHedge(true)).toBe(200);
    expect(client.call('GET', '/fapi/v1/positionSide/dual').body).toEqual({ dualSidePosition: true });
    expect(client.call('GET', '/fapi/v1/accountConfig').body['dualSidePosition']).toBe(true);
  });
});
