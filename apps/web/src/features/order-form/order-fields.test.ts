import { expect, test } from 'vitest';
import { EMPTY_ORDER, type OrderFields, toOrderBody } from './order-fields.ts';

const TRADER = '00000000-0000-0000-0000-000000000002';
const check = (changes: Partial<OrderFields>, isStopRequired = true) =>
  toOrderBody({ ...EMPTY_ORDER, symbol: 'BTC', stop_loss: '2', ...changes }, { traderId: TRADER, isStopRequired });
const problemsOf = (changes: Partial<OrderFields>, isStopRequired?: boolean) => {
  const checked = check(changes, isStopRequired);
  return 'problems' in checked ? Object.fromEntries(checked.problems) : null;
};

test('percents become shares, and what is empty is left out', () => {
  expect(check({})).toEqual({
    body: {
      trader_id: TRADER,
      operation: 'buy',
      symbol: 'BTC',
      portion: '0.1',
      leverage: 1,
      time_in_force: 'ioc',
      stop_loss: { pct: '2' },
      reason: '',
    },
  });
});

test.each([
  ['limit_rest', 'gtc'],
  ['limit_maker', 'post_only'],
  ['limit_now', 'ioc'],
  ['limit_all', 'fok'],
] as const)('%s is %s with its price', (kind, time_in_force) => {
  expect(check({ kind, limit_price: ' 60000 ' })).toMatchObject({ body: { time_in_force, limit_price: '60000' } });
  expect(problemsOf({ kind })).toEqual({ limit_price: 'A limit order needs its price.' });
});

test('an order at market has no limit, whatever was typed before', () => {
  expect(check({ limit_price: '60000' })).toEqual(check({}));
});

test('levels are a price or a distance', () => {
  expect(check({ stop_loss: '59000', stop_unit: 'price', take_profit: '4' })).toMatchObject({
    body: { stop_loss: { price: '59000' }, take_profit: { pct: '4' } },
  });
});

test('a stop is missed only where the trader requires it, and never of a close', () => {
  expect(problemsOf({ stop_loss: '' })).toEqual({ stop_loss: 'This trader enters with a stop-loss only.' });
  expect(problemsOf({ stop_loss: '' }, false)).toBeNull();
  expect(problemsOf({ stop_loss: '', operation: 'close' })).toBeNull();
});

test('a close takes its size and reason and nothing of an entry', () => {
  expect(check({ operation: 'close', portion: '50', kind: 'limit_rest', limit_price: '1', take_profit: '3', reason: 'Enough.' })).toEqual({
    body: { trader_id: TRADER, operation: 'close', symbol: 'BTC', portion: '0.5', time_in_force: 'ioc', reason: 'Enough.' },
  });
});

test('what the server would refuse is told at its field', () => {
  expect(Object.keys(problemsOf({ symbol: '', portion: '101', leverage: '1.5', stop_loss: '-1' }) ?? {}).sort()).toEqual([
    'leverage',
    'portion',
    'stop_loss',
    'symbol',
  ]);
  expect(problemsOf({ portion: '100' })).toBeNull();
  expect(Object.keys(problemsOf({ portion: '0' }) ?? {})).toEqual(['portion']);
});
