import type { RiskLimits } from '@hyperoru/contracts';
import { expect, test } from 'vitest';
import { toRiskBody, toRiskFields } from './risk-fields.ts';

const RISK: RiskLimits = {
  max_leverage: 3,
  max_order_notional: '5000',
  max_total_notional: '10000',
  max_open_positions: 3,
  allowed_symbols: null,
  max_daily_loss: '500',
  max_orders_per_hour: 30,
  require_stop_loss: true,
  on_protection_failure: 'flatten',
  max_price_deviation: '0.05',
  cooldown_minutes: 0,
  max_drawdown: '0.3',
  max_same_direction_notional: null,
  on_external_activity: 'alarm',
  llm_daily_budget_usd: null,
};

test('stored limits survive the form unchanged', () => {
  expect(toRiskBody(toRiskFields(RISK))).toEqual({ body: RISK });
});

test('an empty field means no limit', () => {
  expect(toRiskBody({ ...toRiskFields(RISK), max_daily_loss: ' ' })).toMatchObject({ body: { max_daily_loss: null } });
});

test('shares are written in percent, exactly', () => {
  expect(toRiskFields({ ...RISK, max_price_deviation: '0.0125', max_drawdown: '1' })).toMatchObject({
    max_price_deviation: '1.25',
    max_drawdown: '100',
  });
  expect(toRiskBody({ ...toRiskFields(RISK), max_price_deviation: '0.7', max_drawdown: '' })).toMatchObject({
    body: { max_price_deviation: '0.007', max_drawdown: null },
  });
});

test('symbols may be written in any way a person writes lists', () => {
  expect(toRiskBody({ ...toRiskFields(RISK), allowed_symbols: 'btc, eth SOL,' })).toMatchObject({
    body: { allowed_symbols: ['BTC', 'ETH', 'SOL'] },
  });
});

test.each([
  ['max_leverage', '0'],
  ['max_leverage', '126'],
  ['max_leverage', ''],
  ['max_order_notional', '-1'],
  ['max_order_notional', 'many'],
  ['max_open_positions', '1.5'],
  ['max_orders_per_hour', '1001'],
  ['max_price_deviation', '101'],
  ['max_price_deviation', ''],
  ['max_price_deviation', '5 %'],
  ['max_drawdown', '0'],
  ['cooldown_minutes', '-1'],
  ['cooldown_minutes', ''],
  ['max_same_direction_notional', 'none'],
])('%s of "%s" is a problem of that field', (name, value) => {
  const result = toRiskBody({ ...toRiskFields(RISK), [name]: value });
  expect('problems' in result ? [...result.problems.keys()] : []).toEqual([name]);
});
