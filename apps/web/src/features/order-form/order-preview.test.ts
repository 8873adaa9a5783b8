import { expect, test } from 'vitest';
import { position, trader } from '../../fixtures/answers.ts';
import type { OrderBody } from './order-fields.ts';
import { previewOrder } from './order-preview.ts';

const price = { symbol: 'BTC', bid: '49990', ask: '50010', mark: '50000', received_at: '', is_stale: false };
const body: OrderBody = {
  trader_id: trader.id,
  operation: 'buy',
  symbol: 'BTC',
  portion: '0.1',
  leverage: 2,
  time_in_force: 'ioc',
  reason: '',
};
const preview = (changes: Partial<OrderBody> = {}, inputs: Partial<Parameters<typeof previewOrder>[1]> = {}) =>
  previewOrder({ ...body, ...changes }, { available: '10000', price, position: undefined, risk: trader.risk, ...inputs });

test('an entry moves its share of the balance, times its leverage', () => {
  expect(preview()).toEqual({ quantity: '0.04', notional: '2000', margin: '1000', lossAtStop: null, warnings: [] });
});

test('a limit price decides the quantity, and without any price there is none', () => {
  expect(preview({ limit_price: '40000' }).quantity).toBe('0.05');
  expect(preview({}, { price: undefined }).quantity).toBeNull();
});

test('without a balance nothing is promised, and what can be judged still is', () => {
  expect(preview({ leverage: 4 }, { available: null })).toEqual({
    quantity: null,
    notional: null,
    margin: null,
    lossAtStop: null,
    warnings: ['4× is above the limit of 3×.'],
  });
});

test.each([
  ['buy', { pct: '2' }, '40'],
  ['buy', { price: '49000' }, '40'],
  ['sell', { price: '51000' }, '40'],
] as const)('the loss at the stop of a %s with %j is %s', (operation, stop_loss, loss) => {
  expect(Number(preview({ operation, stop_loss }).lossAtStop)).toBe(Number(loss));
});

test('what the limits of the trader forbid is said before it is sent', () => {
  expect(preview({ leverage: 4, portion: '0.2' }).warnings).toEqual([
    '4× is above the limit of 3×.',
    'It is larger than the limit per order of 5000.',
  ]);
  expect(preview({ portion: '0.25' }).warnings).toEqual([]);
  expect(preview({ operation: 'sell' }, { position }).warnings).toEqual(['The open long in BTC has to be closed first.']);
});

test('a close moves its share of the position, and nothing without one', () => {
  expect(preview({ operation: 'close', portion: '0.5' }, { position })).toMatchObject({
    quantity: '0.00615',
    notional: null,
    warnings: [],
  });
  expect(preview({ operation: 'close' }).warnings).toEqual(['There is no open position in BTC.']);
});
