import { decimal, symbol } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { cloidOf, orderAction, testHyperliquid, wireOrder, wireProfit, wireStop } from './test-hyperliquid.ts';
import { MASTER } from './test-wallet.ts';

const BTC = symbol('BTC');
const gtc = { t: { limit: { tif: 'Gtc' } } };
type Desk = ReturnType<typeof testHyperliquid>;
type Orders = readonly ReturnType<typeof wireOrder>[];

const statuses = (answer: { response: { data: { statuses: readonly unknown[] } } }) => answer.response.data.statuses;
const place = (desk: Desk, ...orders: Orders) => statuses(desk.send(orderAction(...orders)));
const statusOf = (desk: Desk, cloid: string) => desk.info('orderStatus', { oid: cloid }).order?.status ?? 'unknownOid';
/** Opens a long of 0.1 BTC at 50,001. */
const long = (desk: Desk): void => void place(desk, wireOrder());
const group = (grouping: string, ...orders: Orders) => ({ ...orderAction(...orders), grouping });

describe('orders', () => {
  it('rest, fill or take part of the book, each said in its own way', () => {
    const desk = testHyperliquid({ rules: { book: { levels: 1, levelNotional: decimal('2500.05') } } });
    const [resting, filled] = place(desk, wireOrder({ p: '49000', ...gtc, c: cloidOf(1) }), wireOrder({ c: cloidOf(2) }));
    expect(resting).toEqual({ resting: { oid: expect.any(Number), cloid: cloidOf(1) } });
    expect(filled).toEqual({ filled: { totalSz: '0.05', avgPx: '50001', oid: expect.any(Number), cloid: cloidOf(2) } });
    expect(statusOf(desk, cloidOf(1))).toBe('open');
    expect(statusOf(desk, cloidOf(2))).toBe('canceled');
  });

  it.each([
    ['a price with six figures', wireOrder({ p: '50500.5' }), 'Price must be divisible by tick size. asset=0'],
    ['a size with too many decimals', wireOrder({ s: '0.123456' }), 'Order has invalid size. asset=0'],
    ['less than ten dollars', wireOrder({ s: '0.00019' }), 'Order must have minimum value of $10. asset=0'],
    ['more than the margin carries', wireOrder({ s: '40' }), 'Insufficient margin to place order. asset=0'],
    ['a reduce-only order without a position', wireOrder({ r: true }), 'Reduce only order would increase position. asset=0'],
    ['an IOC that meets nothing', wireOrder({ p: '49000' }), 'Order could not immediately match against any resting orders. asset=0'],
    [
      'a market order that meets nothing',
      wireOrder({ p: '49000', t: { limit: { tif: 'FrontendMarket' } } }),
      'No liquidity available for market order. asset=0',
    ],
    [
      'a post-only order that would take',
      wireOrder({ t: { limit: { tif: 'Alo' } } }),
      'Post only order would have immediately matched, bbo was 49999@50001. asset=0',
    ],
    ['an asset that is not listed', wireOrder({ a: 9 }), 'Order has invalid asset.'],
  ])('refuse %s, and the others of the batch go on', (_, order, error) => {
    const desk = testHyperliquid();
    expect(place(desk, order, wireOrder({ p: '49000', ...gtc }))).toEqual([{ error }, { resting: { oid: expect.any(Number) } }]);
  });

  it.each([
    ['a price 80 % away', wireOrder({ p: '95000' }), 'Order price cannot be more than 80% away from the reference price'],
    ['a stop that does not only reduce', wireStop('48000', { r: false }), 'Invalid TP/SL price.'],
  ])('refuse the whole batch with one entry for %s', (_, order, error) => {
    const desk = testHyperliquid();
    expect(place(desk, wireOrder({ p: '49000', ...gtc }), order)).toEqual([{ error }]);
    expect(desk.info('openOrders')).toEqual([]);
  });

  it('refuse an empty batch as a whole', () => {
    expect(testHyperliquid().send(orderAction()).status).toBe('err');
  });

  it('keep a refused order to be looked up by its cloid', () => {
    const desk = testHyperliquid();
    place(desk, wireOrder({ s: '40', c: cloidOf(7) }));
    expect(statusOf(desk, cloidOf(7))).toBe('perpMarginRejected');
    place(desk, wireOrder({ p: '49000', c: cloidOf(8) }));
    expect(statusOf(desk, cloidOf(8))).toBe('iocCancelRejected');
  });

  it('fill as maker once the price went through them, and not by a touch', () => {
    const desk = testHyperliquid();
    place(desk, wireOrder({ p: '49000', ...gtc, c: cloidOf(1) }));
    desk.venue.movePrice(BTC, { mark: decimal('49000') });
    expect(statusOf(desk, cloidOf(1))).toBe('open');
    desk.venue.movePrice(BTC, { mark: decimal('48999') });
    expect(statusOf(desk, cloidOf(1))).toBe('filled');
    expect(desk.info('userFills')[0]).toMatchObject({
      px: '49000.0',
      sz: '0.1',
      crossed: false,
      fee: '0.735',
      dir: 'Open Long',
      cloid: cloidOf(1),
    });
  });

  it('are canceled by oid and by cloid, once', () => {
    const desk = testHyperliquid();
    const [first] = place(desk, wireOrder({ p: '49000', ...gtc, c: cloidOf(1) })) as [{ resting: { oid: number } }];
    const cancel = { type: 'cancel', cancels: [{ a: 0, o: first.resting.oid }] };
    expect(statuses(desk.send(cancel))).toEqual(['success']);
    expect(statuses(desk.send(cancel))).toEqual([{ error: 'Order was never placed, already canceled, or filled. asset=0' }]);
    expect(statuses(desk.send({ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: cloidOf(1) }] }))).toEqual([
      { error: 'Order was never placed, already canceled, or filled. asset=0' },
    ]);
    expect(statusOf(desk, cloidOf(1))).toBe('canceled');
  });

  it('are modified into what rests, and into anything only when asked to', () => {
    const desk = testHyperliquid();
    place(desk, wireOrder({ p: '49000', ...gtc, c: cloidOf(1) }));
    const modify = (order: object, extra = {}) => desk.send({ type: 'modify', oid: cloidOf(1), order, ...extra });
    expect(modify(wireOrder({ p: '48000', c: cloidOf(1) })).status).toBe('err');
    expect(modify(wireOrder({ p: '48000', ...gtc, c: cloidOf(1) })).status).toBe('ok');
    expect(desk.info('openOrders')).toMatchObject([{ limitPx: '48000.0', cloid: cloidOf(1) }]);
    const batch = { type: 'batchModify', modifies: [{ oid: cloidOf(1), order: wireOrder({ c: cloidOf(1) }), a: true }] };
    expect(statuses(desk.send(batch))).toMatchObject([{ filled: { totalSz: '0.1' } }]);
    expect(modify(wireOrder({ p: '48000', ...gtc })).response).toBe('Cannot modify canceled or filled order');
  });

  it('may share a cloid by default, and by choice must not', () => {
    const order = wireOrder({ p: '49000', ...gtc, c: cloidOf(1) });
    expect(place(testHyperliquid(), order, order)).toMatchObject([{ resting: {} }, { resting: {} }]);
    expect(place(testHyperliquid({ clientIds: 'unique_for_ever' }), order, order)).toMatchObject([
      { resting: {} },
      { error: 'Duplicate cloid. asset=0' },
    ]);
  });

  it('cancel what an account would trade with itself', () => {
    const desk = testHyperliquid({ rules: { book: { levels: 40, levelStepBps: decimal('10'), levelNotional: decimal('2000') } } });
    place(desk, wireOrder({ p: '49900', s: '0.05', ...gtc, c: cloidOf(1) }));
    place(desk, wireOrder({ b: false, p: '49000', s: '0.2' }));
    expect(statusOf(desk, cloidOf(1))).toBe('selfTradeCanceled');
  });
});

describe('triggers', () => {
  it('wait for the mark and close the position when it comes', () => {
    const desk = testHyperliquid();
    long(desk);
    expect(place(desk, wireStop('48000', { c: cloidOf(1) }))).toMatchObject([{ resting: { cloid: cloidOf(1) } }]);
    expect(desk.info('frontendOpenOrders')).toMatchObject([
      {
        isTrigger: true,
        triggerPx: '48000.0',
        triggerCondition: 'Price below 48000',
        orderType: 'Stop Market',
        tif: null,
        reduceOnly: true,
      },
    ]);
    desk.venue.movePrice(BTC, { mark: decimal('47900') });
    expect(statusOf(desk, cloidOf(1))).toBe('filled');
    expect(desk.info('clearinghouseState').assetPositions).toEqual([]);
    expect(desk.info('userFills')[0]).toMatchObject({ dir: 'Close Long', startPosition: '0.1', cloid: cloidOf(1) });
  });

  it('are refused on the wrong side of the mark', () => {
    const desk = testHyperliquid();
    long(desk);
    expect(place(desk, wireStop('50100'), wireProfit('49000'))).toEqual([
      { error: 'Invalid TP/SL price. asset=0' },
      { error: 'Invalid TP/SL price. asset=0' },
    ]);
  });

  it('are canceled when the position they reduce is gone', () => {
    const desk = testHyperliquid();
    long(desk);
    place(desk, wireStop('48000', { c: cloidOf(1) }));
    place(desk, wireOrder({ b: false, p: '49000', r: true }));
    expect(statusOf(desk, cloidOf(1))).toBe('reduceOnlyCanceled');
  });

  it('can be refused by the venue at the moment they fire', () => {
    const desk = testHyperliquid();
    long(desk);
    place(desk, wireStop('48000', { c: cloidOf(1) }));
    desk.venue.inject({ kind: 'stop_rejected_at_trigger' });
    desk.venue.movePrice(BTC, { mark: decimal('47900') });
    expect(statusOf(desk, cloidOf(1))).toBe('rejected');
    expect(desk.info('clearinghouseState').assetPositions).toMatchObject([{ position: { szi: '0.1' } }]);
  });
});

describe('normalTpsl', () => {
  const bracket = (entry: object) =>
    group(
      'normalTpsl',
      wireOrder({ c: cloidOf(1), ...entry }),
      wireStop('48000', { c: cloidOf(2) }),
      wireProfit('52000', { c: cloidOf(3) }),
    );

  it('arms both children once the parent has filled in full, and the one that fills cancels its sibling', () => {
    const desk = testHyperliquid();
    expect(statuses(desk.send(bracket({})))).toMatchObject([{ filled: { totalSz: '0.1' } }, 'waitingForTrigger', 'waitingForTrigger']);
    desk.venue.movePrice(BTC, { mark: decimal('52100') });
    expect([cloidOf(1), cloidOf(2), cloidOf(3)].map((cloid) => statusOf(desk, cloid))).toEqual([
      'filled',
      'siblingFilledCanceled',
      'filled',
    ]);
  });

  it('keeps children waiting while the parent rests, shown as its children', () => {
    const desk = testHyperliquid();
    expect(statuses(desk.send(bracket({ p: '49000', ...gtc })))).toMatchObject([{ resting: {} }, 'waitingForFill', 'waitingForFill']);
    const open = desk.info('frontendOpenOrders');
    expect(open).toHaveLength(1);
    expect(open[0].children).toMatchObject([{ triggerPx: '48000.0' }, { triggerPx: '52000.0' }]);
    desk.venue.movePrice(BTC, { mark: decimal('48900') });
    expect(desk.info('frontendOpenOrders')).toHaveLength(2);
  });

  it('fires a child at once when the parent fills beyond its trigger', () => {
    const desk = testHyperliquid();
    desk.send(bracket({ p: '49000', ...gtc }));
    desk.venue.movePrice(BTC, { mark: decimal('47500') });
    expect(statusOf(desk, cloidOf(2))).toBe('filled');
    expect(desk.info('clearinghouseState').assetPositions).toEqual([]);
  });

  it('leaves the position bare when the parent fills in part and its rest is canceled', () => {
    const desk = testHyperliquid();
    desk.venue.inject({ kind: 'partial_fill', share: 0.4 });
    expect(statuses(desk.send(bracket({})))).toMatchObject([{ filled: { totalSz: '0.04' } }, 'waitingForFill', 'waitingForFill']);
    expect(desk.info('frontendOpenOrders')).toEqual([]);
    expect(desk.info('clearinghouseState').assetPositions).toMatchObject([{ position: { szi: '0.04' } }]);
    expect(statusOf(desk, cloidOf(2))).toBe('canceled');
  });

  it('refuses the children with their parent', () => {
    const desk = testHyperliquid();
    const [parent, ...children] = statuses(desk.send(bracket({ s: '40' })));
    expect(parent).toEqual({ error: 'Insufficient margin to place order. asset=0' });
    expect(children).toEqual([parent, parent]);
  });
});

describe('positionTpsl', () => {
  it('covers the position as it grows and shrinks', () => {
    const desk = testHyperliquid();
    long(desk);
    expect(statuses(desk.send(group('positionTpsl', wireStop('48000', { s: '0.01', c: cloidOf(1) }))))).toEqual(['waitingForTrigger']);
    const size = () => desk.info('frontendOpenOrders')[0]?.sz;
    expect(size()).toBe('0.1');
    long(desk);
    expect(size()).toBe('0.2');
    place(desk, wireOrder({ b: false, p: '49000', s: '0.15', r: true }));
    expect(size()).toBe('0.05');
    desk.venue.movePrice(BTC, { mark: decimal('47000') });
    expect(desk.info('clearinghouseState').assetPositions).toEqual([]);
  });

  it('needs a position', () => {
    const desk = testHyperliquid();
    expect(statuses(desk.send(group('positionTpsl', wireStop('48000'))))).toEqual([
      { error: 'Reduce only order would increase position. asset=0' },
    ]);
  });
});

describe('settings of the account', () => {
  it('sets the leverage that new positions have', () => {
    const desk = testHyperliquid();
    expect(desk.send({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 10 })).toEqual({
      status: 'ok',
      response: { type: 'default' },
    });
    long(desk);
    expect(desk.info('clearinghouseState').assetPositions[0].position.leverage).toEqual({ type: 'cross', value: 10 });
  });

  it.each([
    ['above the maximum', { isCross: true, leverage: 41 }, 'Invalid leverage value'],
    ['of zero', { isCross: true, leverage: 0 }, 'Invalid leverage value'],
    ['of another kind while a position is open', { isCross: false, leverage: 10 }, 'Cannot switch leverage type with open position.'],
  ])('refuses a leverage %s', (_, setting, text) => {
    const desk = testHyperliquid();
    long(desk);
    expect(desk.send({ type: 'updateLeverage', asset: 0, ...setting })).toEqual({ status: 'err', response: text });
  });

  it('lowers the leverage of a position only within its margin', () => {
    const desk = testHyperliquid();
    place(desk, wireOrder({ s: '3' }));
    expect(desk.send({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 10 }).response).toMatch(
      /^Cross position does not have sufficient margin/,
    );
    expect(desk.send({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 40 }).status).toBe('ok');
  });

  it('lets the dead man’s switch cancel everything, stops as well', () => {
    const desk = testHyperliquid({ rules: { book: { levels: 20, levelNotional: decimal('10000000') } } });
    expect(desk.send({ type: 'scheduleCancel', time: desk.now() + 5000 }).response).toMatch(/until enough volume traded/);
    for (let index = 0; index < 6; index++) place(desk, wireOrder({ s: '2' }), wireOrder({ b: false, p: '49000', s: '2' }));
    long(desk);
    place(desk, wireOrder({ p: '49000', ...gtc }), wireStop('48000'));
    expect(desk.send({ type: 'scheduleCancel', time: desk.now() + 4999 }).status).toBe('err');
    expect(desk.send({ type: 'scheduleCancel', time: desk.now() + 5000 }).status).toBe('ok');
    desk.pass(4999);
    expect(desk.info('openOrders')).toHaveLength(2);
    desk.pass(1);
    expect(desk.info('openOrders')).toEqual([]);
  });

  it('clears the switch when no time is given', () => {
    const desk = testHyperliquid();
    desk.venue.setCancelAt(MASTER, desk.now());
    expect(desk.send({ type: 'scheduleCancel' }).status).toBe('ok');
    expect(desk.venue.account(MASTER)?.cancelAt).toEqual({});
  });
});
