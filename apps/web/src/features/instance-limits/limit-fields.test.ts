import type { InstanceLimits } from '@hyperoru/contracts';
import { expect, test } from 'vitest';
import { toLimitBody, toLimitFields } from './limit-fields.ts';

const SET: InstanceLimits = { max_total_notional: '1000', max_leverage: 5, max_daily_loss: '50.5', max_orders_per_minute: 300 };
const OPEN: InstanceLimits = { max_total_notional: null, max_leverage: null, max_daily_loss: null, max_orders_per_minute: 1 };

test.each([SET, OPEN])('stored limits survive the form unchanged %#', (limits) => {
  expect(toLimitBody(toLimitFields(limits))).toEqual({ body: limits });
});

test.each([
  ['max_total_notional', '-1'],
  ['max_leverage', '126'],
  ['max_leverage', 'high'],
  ['max_daily_loss', '0'],
  ['max_orders_per_minute', ''],
  ['max_orders_per_minute', '10001'],
])('%s of "%s" is a problem of that field', (name, value) => {
  const result = toLimitBody({ ...toLimitFields(SET), [name]: value });
  expect('problems' in result ? [...result.problems.keys()] : []).toEqual([name]);
});
