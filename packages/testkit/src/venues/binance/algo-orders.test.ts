import { decimal, symbol } from '@hyperoru/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPEN_ALGO_ORDERS_MAX } from './algo-orders.ts';
import { type Fields, TestClient } from './test-client.ts';

const BTC = symbol('BTCUSDT');
const ALGO = '/fapi/v1/algoOrder';
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
  client.market('BUY', '0.1');
});

const stop = (fields: Fields = {}) => client.algo({ quantity: '0.1', triggerPrice: '48000', reduceOnly: true, ...fields }).body;
const closing = (fields: Fields = {}) => client.algo({ closePosition: true, triggerPrice: '48000', ...fields }).body;
const find = (clientAlgoId: string) => client.call('GET', ALGO, { clientAlgoId }).body;
const cancel = (clientAlgoId: string) => client.call('DELETE', ALGO, { clientAlgoId }).body;
const openIds = () => client.call('GET', '/fapi/v1/openAlgoOrders').rows.map((order) => order['clientAlgoId']);
const moveTo = (mark: string) => client.venue.movePrice(BTC, { mark: decimal(mark) });
const findOrder = (fields: Fields) => client.call('GET', '/fapi/v1/order', { symbol: BTC, ...fields }).body;

describe('a conditional order', () => {
  it('waits with an id of its own and is no regular order', () => {
    const placed = stop({ clientAlgoId: 's-1' });
    expect(placed).toMatchObject({
      clientAlgoId: 's-1',
      algoType: 'CONDITIONAL',
      orderType: 'STOP_MARKET',
      algoStatus: 'NEW',
      triggerPrice: '48000',
      quantity: '0.1',
      reduceOnly: true,
      closePosition: false,
    });
    expect(find('s-1')).toMatchObject({ algoStatus: 'NEW', actualOrderId: '', algoId: placed['algoId'] });
    expect(openIds()).toEqual(['s-1']);
    expect(client.call('GET', '/fapi/v1/openOrders').rows).toEqual([]);
    expect(findOrder({ origClientOrderId: 's-1' })['code']).toBe(-2013);
    expect(findOrder({ orderId: Number(placed['algoId']) })['code']).toBe(-2013);
  });

  it('becomes a market order with another id when the mark reaches its trigger price', () => {
    const { algoId } = stop({ clientAlgoId: 's-1' });
    moveTo('48000.1');
    expect(find('s-1')['algoStatus']).toBe('NEW');
    moveTo('48000');
    const fired = find('s-1');
    expect(fired).toMatchObject({ algoStatus: 'FINISHED', algoId });
    expect(fired['actualOrderId']).not.toBe(String(algoId));
    const became = findOrder({ orderId: Number(fired['actualOrderId']) });
    expect(became).toMatchObject({ type: 'MARKET', origType: 'STOP_MARKET', status: 'FILLED', executedQty: '0.1', reduceOnly: true });
    expect(client.call('GET', '/fapi/v1/userTrades', { symbol: BTC }).rows.at(-1)).toMatchObject({
      orderId: became['orderId'],
      side: 'SELL',
    });
    expect(openIds()).toEqual([]);
    expect(cancel('s-1')['code']).toBe(-2011);
  });

  it('takes profit on the other side', () => {
    stop({ clientAlgoId: 'p-1', type: 'TAKE_PROFIT_MARKET', triggerPrice: '52000' });
    moveTo('51999.9');
    expect(find('p-1')['algoStatus']).toBe('NEW');
    moveTo('52000');
    expect(find('p-1')).toMatchObject({ algoStatus: 'FINISHED', orderType: 'TAKE_PROFIT_MARKET' });
  });

  it('that would trigger at once is refused with -2021', () => {
    expect(stop({ triggerPrice: '50000' })['code']).toBe(-2021);
    expect(stop({ triggerPrice: '49999.9' })['algoStatus']).toBe('NEW');
    expect(stop({ triggerPrice: '50000', type: 'TAKE_PROFIT_MARKET' })['code']).toBe(-2021);
    expect(stop({ triggerPrice: '50000.1', type: 'TAKE_PROFIT_MARKET' })['algoStatus']).toBe('NEW');
    expect(stop({ side: 'BUY', triggerPrice: '50000' })['code']).toBe(-2021);
  });

  it('needs no position and no margin until it triggers', () => {
    client = new TestClient();
    expect(stop({ clientAlgoId: 's-1' })['algoStatus']).toBe('NEW');
    expect(stop({ clientAlgoId: 's-2', quantity: '100' })['algoStatus']).toBe('NEW');
    moveTo('47000');
    expect(find('s-1')['algoStatus']).toBe('REJECTED');
    expect(find('s-2')).toMatchObject({ algoStatus: 'REJECTED', actualOrderId: '' });
  });

  it('may be accepted and rejected at its trigger', () => {
    stop({ clientAlgoId: 's-1' });
    client.venue.inject({ kind: 'stop_rejected_at_trigger' });
    moveTo('47900');
    expect(find('s-1')['algoStatus']).toBe('REJECTED');
    expect(client.call('GET', '/fapi/v3/positionRisk').rows).toMatchObject([{ positionAmt: '0.1' }]);
  });

  it('outlives the position', () => {
    stop({ clientAlgoId: 's-1' });
    client.market('SELL', '0.1');
    expect(find('s-1')['algoStatus']).toBe('NEW');
    client.market('BUY', '0.05');
    moveTo('48000');
    expect(find('s-1')).toMatchObject({ algoStatus: 'FINISHED' });
    expect(findOrder({ origClientOrderId: 's-1' })).toMatchObject({ executedQty: '0.05', status: 'FILLED' });
  });

  it('is canceled by id, by client id, and all of a symbol at once', () => {
    const { algoId } = stop({ clientAlgoId: 's-1' });
    expect(client.call('DELETE', ALGO, { algoId: Number(algoId) }).body).toMatchObject({ algoId, code: '200', msg: 'success' });
    expect(find('s-1')['algoStatus']).toBe('CANCELED');
    stop({ clientAlgoId: 's-2' });
    stop({ clientAlgoId: 's-3', triggerPrice: '47000' });
    expect(cancel('s-2')['code']).toBe('200');
    expect(client.call('DELETE', '/fapi/v1/algoOpenOrders', { symbol: BTC }).body['code']).toBe(200);
    expect(openIds()).toEqual([]);
    const history = client.call('GET', '/fapi/v1/allAlgoOrders', { symbol: BTC }).rows;
    expect(history).toMatchObject([{ algoStatus: 'CANCELED' }, { algoStatus: 'CANCELED' }, { algoStatus: 'CANCELED' }]);
  });

  it('may vanish without a request', () => {
    stop({ clientAlgoId: 's-1' });
    client.venue.inject({ kind: 'cancel_stop', accountId: 'a' });
    expect(find('s-1')['algoStatus']).toBe('CANCELED');
  });

  it('may be hidden for a while after it was accepted', () => {
    client.venue.inject({ kind: 'hide_order', ms: 1000, from: ['lookup'] });
    stop({ clientAlgoId: 's-1' });
    expect(find('s-1')['code']).toBe(-2013);
    expect(openIds()).toEqual(['s-1']);
    client.pass(1000);
    expect(find('s-1')['algoStatus']).toBe('NEW');
  });

  it('that was never placed is not found: -2013 and -2011', () => {
    expect(find('never')['code']).toBe(-2013);
    expect(cancel('never')['code']).toBe(-2011);
    expect(client.call('GET', ALGO).body['code']).toBe(-1102);
  });
});

describe('closePosition', () => {
  it('covers the whole position, however it has grown', () => {
    expect(closing({ clientAlgoId: 'c-1' })).toMatchObject({ closePosition: true, quantity: '0', reduceOnly: false });
    client.market('BUY', '0.05');
    moveTo('48000');
    expect(findOrder({ origClientOrderId: 'c-1' })).toMatchObject({ executedQty: '0.15', closePosition: true });
    expect(client.call('GET', '/fapi/v3/positionRisk').rows).toEqual([]);
  });

  it('takes neither quantity nor reduceOnly', () => {
    expect(closing({ quantity: '0.1' })['code']).toBe(-4137);
    expect(closing({ reduceOnly: true })['code']).toBe(-1106);
    expect(closing({ reduceOnly: false })['code']).toBe(-4138);
  });

  it('exists once per side and kind: -4130', () => {
    expect(closing()['algoStatus']).toBe('NEW');
    expect(closing({ triggerPrice: '47000' })['code']).toBe(-4130);
    expect(closing({ type: 'TAKE_PROFIT_MARKET', triggerPrice: '53000' })['algoStatus']).toBe('NEW');
  });
});

describe('what is asked of a conditional order', () => {
  it('is checked word by word', () => {
    expect(stop({ algoType: 'VP' })['code']).toBe(-1130);
    expect(stop({ type: 'STOP' })['code']).toBe(-1116);
    expect(stop({ workingType: 'INDEX' })['code']).toBe(-1130);
    expect(stop({ triggerPrice: '48000.05' })['code']).toBe(-4014);
    expect(stop({ quantity: '0.0005' })['code']).toBe(-1111);
    expect(stop({ symbol: 'DOGEUSDT' })['code']).toBe(-1121);
    expect(stop({ positionSide: 'LONG' })['code']).toBe(-4061);
    expect(client.algo({ triggerPrice: '48000', reduceOnly: true }).body['code']).toBe(-1102);
    expect(client.algo({ quantity: '0.1', reduceOnly: true }).body['code']).toBe(-1102);
  });

  it('is protection: what could open a position is refused', () => {
    expect(client.algo({ quantity: '0.1', triggerPrice: '48000' }).body['code']).toBe(-4062);
  });

  it('includes an id that no open one has: -4116, free again afterwards', () => {
    stop({ clientAlgoId: 's-1' });
    expect(stop({ clientAlgoId: 's-1', triggerPrice: '47000' })['code']).toBe(-4116);
    cancel('s-1');
    expect(stop({ clientAlgoId: 's-1', triggerPrice: '47000' })['algoStatus']).toBe('NEW');
    expect(find('s-1')).toMatchObject({ algoStatus: 'NEW', triggerPrice: '47000' });
  });

  it('may rest 200 times over all symbols: -4045', () => {
    for (let count = 0; count < OPEN_ALGO_ORDERS_MAX; count += 1) expect(stop({ quantity: '0.001' })['algoStatus']).toBe('NEW');
    expect(stop({ quantity: '0.001' })['code']).toBe(-4045);
  });

  it('works in hedge mode by position side', () => {
    client.dialect.setHedgeMode('a', true);
    expect(client.algo({ quantity: '0.1', triggerPrice: '48000', positionSide: 'LONG' }).body).toMatchObject({ positionSide: 'LONG' });
    expect(client.algo({ quantity: '0.1', triggerPrice: '48000', positionSide: 'SHORT' }).body['code']).toBe(-2010);
  });
});
