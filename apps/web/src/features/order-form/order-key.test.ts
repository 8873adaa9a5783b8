import { expect, test } from 'vitest';
import type { OrderBody } from './order-fields.ts';
import { OrderKey } from './order-key.ts';

const body: OrderBody = { trader_id: 't', operation: 'close', symbol: 'BTC', time_in_force: 'ioc', reason: '' };

test('an order that may not have arrived keeps its key', () => {
  const key = new OrderKey();
  expect(key.for({ ...body })).toBe(key.for({ ...body }));
  expect(key.for(body)).toMatch(/^[0-9a-f]{32}$/);
});

test('another order, and the same one after an answer, has a new key', () => {
  const key = new OrderKey();
  const first = key.for(body);
  const other = key.for({ ...body, symbol: 'ETH' });
  expect(other).not.toBe(first);
  key.answered();
  expect(key.for({ ...body, symbol: 'ETH' })).not.toBe(other);
});
