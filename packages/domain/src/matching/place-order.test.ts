import { limitRequest, orderIn, TEST_BTC, TEST_ETH, testMarket, testRules, triggerRequest } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { symbol } from '../market/instrument.ts';
import { decimal, ZERO } from '../money/decimal.ts';
import { timestamp } from '../time/timestamp.ts';
import { type AccountState, newMatchingAccount, positionOf } from './account-state.ts';
import { cancelAllMatchedOrders, cancelMatchedOrder } from './cancel-order.ts';
import type { MatchingRequest } from './check-request.ts';
import { accountMargin } from './margin.ts';
import { type AcceptedOrder, matchOrder } from './place-order.ts';
import { OPEN_ORDERS_MAX } from './rules.ts';

const market = testMarket({ BTC: '50000', ETH: '2000' });
const fresh = newMatchingAccount(decimal('10000'));

function accepted(state: AccountState, request: MatchingRequest, at = market): AcceptedOrder {
  const result = matchOrder(state, request, at);
  if (!result.ok) throw new Error(`Expected acceptance, was ${result.error.code}.`);
  return result.value;
}

function refusal(state: AccountState, request: MatchingRequest, at = market): string {
  const result = matchOrder(state, request, at);
  return result.ok ? 'accepted' : result.error.code;
}

const fillsOf = (outcome: AcceptedOrder) => outcome.events.flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
const ordersOf = (outcome: AcceptedOrder) => outcome.events.flatMap((event) => (event.kind === 'order' ? [event.order] : []));
const long = accepted(fresh, limitRequest('buy', '0.1', '50001')).state;
const short = accepted(fresh, limitRequest('sell', '0.1', '49999')).state;

describe('an IOC limit order', () => {
  it('fills at the best price, pays the taker fee and opens the position', () => {
    const outcome = accepted(fresh, limitRequest('buy', '0.1', '50010'));
    expect(fillsOf(outcome)).toMatchObject([
      { price: '50001', quantity: '0.1', fee: '2.250045', liquidity: 'taker', isLiquidation: false },
    ]);
    expect(ordersOf(outcome)).toMatchObject([{ state: 'filled', filledQuantity: '0.1', averagePrice: '50001' }]);
    expect(positionOf(outcome.state, TEST_BTC)).toEqual({ symbol: TEST_BTC, quantity: '0.1', averageEntryPrice: '50001', leverage: 10 });
    expect(outcome.state).toMatchObject({ balance: '9997.749955', fees: '2.250045', realizedPnl: '0', deposits: '10000' });
  });

  it('walks the ladder up to its limit and cancels the rest', () => {
    const outcome = accepted(newMatchingAccount(decimal('100000')), limitRequest('buy', '2.5', '50002'));
    expect(fillsOf(outcome).map(({ price, quantity }) => [price, quantity])).toEqual([
      ['50001', '0.999'],
      ['50002', '0.999'],
    ]);
    expect(ordersOf(outcome)).toMatchObject([
      { state: 'canceled', reason: 'ioc_rest_canceled', filledQuantity: '1.998', averagePrice: '50001.5' },
    ]);
    expect(outcome.state.orders).toEqual([]);
  });

  it('is accepted and canceled unfilled when nothing matches', () => {
    const outcome = accepted(fresh, limitRequest('buy', '0.1', '50000.5'));
    expect(ordersOf(outcome)).toMatchObject([{ state: 'canceled', filledQuantity: '0', averagePrice: null }]);
    expect(outcome.state.balance).toBe('10000');
  });

  it('runs out of book: the ladder gives what it holds', () => {
    const outcome = accepted(newMatchingAccount(decimal('1000000')), limitRequest('buy', '100', '60000'));
    expect(fillsOf(outcome)).toHaveLength(5);
    expect(ordersOf(outcome)[0]?.state).toBe('canceled');
  });

  it('averages the entry, realizes on the way out and flips into a new entry price', () => {
    const more = accepted(long, limitRequest('buy', '0.1', '52002'), testMarket({ BTC: '52000' })).state;
    expect(positionOf(more, TEST_BTC)).toMatchObject({ quantity: '0.2', averageEntryPrice: '51001.25' });
    const flipped = accepted(more, limitRequest('sell', '0.3', '52000'), testMarket({ BTC: '53000' })).state;
    expect(positionOf(flipped, TEST_BTC)).toMatchObject({ quantity: '-0.1', averageEntryPrice: '52998.5' });
    expect(flipped.realizedPnl).toBe('399.45');
  });
});

describe('other times in force', () => {
  it('rests what a GTC order could not fill, first in first', () => {
    const first = accepted(fresh, limitRequest('buy', '0.01', '49000', { timeInForce: 'gtc', clientOrderId: 'a' }));
    const second = accepted(first.state, limitRequest('buy', '1.1', '50001', { timeInForce: 'gtc', clientOrderId: 'b', leverage: 40 }));
    expect(second.state.orders.map((order) => [order.clientOrderId, order.state])).toEqual([
      ['a', 'open'],
      ['b', 'partially_filled'],
    ]);
    expect(orderIn(second.state, 'b')).toMatchObject({ filledQuantity: '0.999', quantity: '1.1' });
  });

  it('fills a FOK order whole or refuses it', () => {
    const rich = newMatchingAccount(decimal('100000'));
    expect(ordersOf(accepted(rich, limitRequest('buy', '1.998', '50002', { timeInForce: 'fok' })))[0]?.state).toBe('filled');
    expect(refusal(rich, limitRequest('buy', '1.999', '50002', { timeInForce: 'fok' }))).toBe('fok_not_filled');
  });

  it('refuses a post-only order that would match and rests one that would not', () => {
    expect(refusal(fresh, limitRequest('buy', '0.1', '50001', { timeInForce: 'post_only' }))).toBe('post_only_would_match');
    expect(accepted(fresh, limitRequest('buy', '0.1', '50000.5', { timeInForce: 'post_only' })).state.orders).toHaveLength(1);
  });
});

describe('reduce-only orders', () => {
  it('are refused without a position to reduce, in the direction of the position too', () => {
    expect(refusal(fresh, limitRequest('sell', '0.1', '49000', { reduceOnly: true }))).toBe('reduce_only_would_increase');
    expect(refusal(long, limitRequest('buy', '0.1', '51000', { reduceOnly: true }))).toBe('reduce_only_would_increase');
    expect(refusal(short, limitRequest('buy', '0.1', '51000', { reduceOnly: true }))).toBe('accepted');
  });

  it('are clipped to the position', () => {
    const outcome = accepted(long, limitRequest('sell', '5', '49000', { reduceOnly: true }));
    expect(ordersOf(outcome)[0]).toMatchObject({ quantity: '0.1', state: 'filled' });
    expect(outcome.state.positions).toEqual([]);
  });

  it('shrink with the position and go when it is flat, stop-loss and take-profit alike', () => {
    let state = accepted(long, triggerRequest('sell', '0.1', 'stop_loss', '48000', { clientOrderId: 'sl' })).state;
    state = accepted(state, triggerRequest('sell', '0.1', 'take_profit', '55000', { clientOrderId: 'tp' })).state;
    state = accepted(state, limitRequest('sell', '0.1', '56000', { reduceOnly: true, timeInForce: 'gtc', clientOrderId: 'rest' })).state;
    const partly = accepted(state, limitRequest('sell', '0.04', '49000', { reduceOnly: true }));
    expect(partly.state.orders.map((order) => [order.clientOrderId, order.quantity, order.reason])).toEqual([
      ['sl', '0.06', 'reduced_with_position'],
      ['tp', '0.06', 'reduced_with_position'],
      ['rest', '0.06', 'reduced_with_position'],
    ]);
    const flat = accepted(partly.state, limitRequest('sell', '0.06', '49000', { reduceOnly: true }));
    expect(flat.state.orders).toEqual([]);
    expect(
      ordersOf(flat)
        .slice(1)
        .map((order) => [order.clientOrderId, order.state, order.reason]),
    ).toEqual([
      ['sl', 'canceled', 'position_closed'],
      ['tp', 'canceled', 'position_closed'],
      ['rest', 'canceled', 'position_closed'],
    ]);
  });

  it('go when the position flips to the other side', () => {
    const state = accepted(long, triggerRequest('sell', '0.1', 'stop_loss', '48000')).state;
    expect(accepted(state, limitRequest('sell', '0.2', '49000')).state.orders).toEqual([]);
  });

  it('may be smaller than the minimums, so that dust can be closed', () => {
    expect(refusal(long, limitRequest('sell', '0.001', '49000', { reduceOnly: true }))).toBe('accepted');
  });
});

describe('trigger orders', () => {
  it('are refused when they would trigger at once, the trigger price itself included', () => {
    expect(refusal(long, triggerRequest('sell', '0.1', 'stop_loss', '50000'))).toBe('would_trigger_immediately');
    expect(refusal(long, triggerRequest('sell', '0.1', 'stop_loss', '49999.5'))).toBe('accepted');
    expect(refusal(long, triggerRequest('sell', '0.1', 'take_profit', '50000'))).toBe('would_trigger_immediately');
    expect(refusal(long, triggerRequest('sell', '0.1', 'take_profit', '50000.5'))).toBe('accepted');
    expect(refusal(short, triggerRequest('buy', '0.1', 'stop_loss', '50000'))).toBe('would_trigger_immediately');
    expect(refusal(short, triggerRequest('buy', '0.1', 'take_profit', '49999.5'))).toBe('accepted');
  });

  it('must be reduce-only and need a position', () => {
    expect(refusal(long, triggerRequest('sell', '0.1', 'stop_loss', '48000', { reduceOnly: false }))).toBe('trigger_must_be_reduce_only');
    expect(refusal(fresh, triggerRequest('sell', '0.1', 'stop_loss', '48000'))).toBe('reduce_only_would_increase');
  });
});

describe('refusals', () => {
  it.each<[string, MatchingRequest]>([
    ['unknown_symbol', limitRequest('buy', '0.1', '50001', { symbol: symbol('DOGE') })],
    ['invalid_leverage', limitRequest('buy', '0.1', '50001', { leverage: 41 })],
    ['invalid_leverage', limitRequest('buy', '0.1', '50001', { leverage: 0 })],
    ['invalid_leverage', limitRequest('buy', '0.1', '50001', { leverage: 1.5 })],
    ['accepted', limitRequest('buy', '0.1', '50001', { leverage: 40 })],
    ['invalid_price', limitRequest('buy', '0.1', '50001.3')],
    ['invalid_price', limitRequest('buy', '0.1', '0')],
    ['invalid_quantity', limitRequest('buy', '0.1005', '50001')],
    ['invalid_quantity', limitRequest('buy', '-0.1', '50001')],
    ['below_minimum_quantity', limitRequest('buy', '0.001', '50001')],
    ['accepted', limitRequest('buy', '0.002', '50001')],
    ['below_minimum_notional', limitRequest('buy', '0.004', '2001', { symbol: TEST_ETH })],
    ['accepted', limitRequest('buy', '0.005', '2001', { symbol: TEST_ETH })],
    ['insufficient_margin', limitRequest('buy', '2', '50005', { leverage: 9 })],
  ])('answers %s', (code, request) => {
    expect(refusal(fresh, request)).toBe(code);
  });

  it('accepts at the deadline and refuses a millisecond later', () => {
    const request = limitRequest('buy', '0.1', '50001', { deadline: timestamp(1_000_000) });
    expect(refusal(fresh, request, testMarket({ BTC: '50000' }, { now: timestamp(1_000_000) }))).toBe('accepted');
    expect(refusal(fresh, request, testMarket({ BTC: '50000' }, { now: timestamp(1_000_001) }))).toBe('expired_deadline');
  });

  it('refuses a client order id that rests already, and changes nothing', () => {
    const state = accepted(fresh, limitRequest('buy', '0.01', '49000', { timeInForce: 'gtc', clientOrderId: 'same' })).state;
    expect(refusal(state, limitRequest('sell', '0.01', '49000', { clientOrderId: 'same' }))).toBe('duplicate_client_order_id');
  });

  it('refuses a symbol without a price yet', () => {
    expect(refusal(fresh, limitRequest('buy', '0.1', '50001'), testMarket({}))).toBe('no_price');
  });

  it('takes the last order below the limit of resting orders and refuses the next', () => {
    const order = accepted(fresh, limitRequest('buy', '0.002', '10000', { timeInForce: 'gtc' })).state.orders[0];
    if (order === undefined) throw new Error('Expected a resting order.');
    const full = {
      ...fresh,
      orders: Array.from({ length: OPEN_ORDERS_MAX - 1 }, (_, index) => ({ ...order, clientOrderId: `r${index}` })),
    };
    const last = accepted(full, limitRequest('buy', '0.002', '10000', { timeInForce: 'gtc' })).state;
    expect(refusal(last, limitRequest('buy', '0.002', '10000', { timeInForce: 'gtc' }))).toBe('too_many_open_orders');
  });
});

describe('margin', () => {
  it('accepts an order that uses the last of the margin and refuses one increment more', () => {
    const free = testRules({ book: { halfSpreadBps: ZERO } });
    const at = testMarket(
      { BTC: '50000' },
      { rules: { ...free, instrument: { ...free.instrument, makerFeeRate: ZERO, takerFeeRate: ZERO } } },
    );
    const account = newMatchingAccount(decimal('1000'));
    const resting = (quantity: string) => limitRequest('buy', quantity, '50000', { timeInForce: 'gtc' });
    expect(refusal(account, resting('0.2'), at)).toBe('accepted');
    expect(refusal(account, resting('0.201'), at)).toBe('insufficient_margin');
  });

  it('holds margin for resting orders, but not for what only reduces', () => {
    const resting = accepted(fresh, limitRequest('buy', '0.1', '49000', { timeInForce: 'gtc' })).state;
    expect(accountMargin(resting, market).reserved).toBe('490');
    const closing = accepted(long, limitRequest('sell', '0.15', '51000', { timeInForce: 'gtc' })).state;
    expect(accountMargin(closing, market).reserved).toBe('255');
  });

  it('lets an account without free margin reduce', () => {
    const spent = accepted(newMatchingAccount(decimal('510')), limitRequest('buy', '0.1', '50001')).state;
    const fallen = testMarket({ BTC: '49500' });
    expect(refusal(spent, limitRequest('buy', '0.01', '49600'), fallen)).toBe('insufficient_margin');
    expect(refusal(spent, limitRequest('sell', '0.05', '49000'), fallen)).toBe('accepted');
  });

  it('gives the position the leverage of the entry, and a reduce-only order leaves it alone', () => {
    const raised = accepted(long, limitRequest('buy', '0.01', '50001', { leverage: 20 })).state;
    expect(positionOf(raised, TEST_BTC)?.leverage).toBe(20);
    const reduced = accepted(raised, limitRequest('sell', '0.01', '49000', { leverage: 3, reduceOnly: true })).state;
    expect(positionOf(reduced, TEST_BTC)?.leverage).toBe(20);
  });
});

describe('canceling', () => {
  it('takes a resting order away and says by whom', () => {
    const state = accepted(fresh, limitRequest('buy', '0.1', '49000', { timeInForce: 'gtc', clientOrderId: 'a' })).state;
    const outcome = cancelMatchedOrder(state, 'a');
    expect(outcome?.state.orders).toEqual([]);
    expect(outcome?.events).toMatchObject([
      { kind: 'order', order: { clientOrderId: 'a', state: 'canceled', reason: 'canceled_by_request' } },
    ]);
  });

  it('is null for an order that does not rest', () => {
    expect(cancelMatchedOrder(long, 'a')).toBeNull();
  });

  it('cancels everything when the account closes, and nothing when nothing rests', () => {
    const state = accepted(long, triggerRequest('sell', '0.1', 'stop_loss', '48000')).state;
    expect(cancelAllMatchedOrders(state, 'account_closed').events).toHaveLength(1);
    expect(cancelAllMatchedOrders(fresh, 'account_closed').events).toEqual([]);
  });
});
