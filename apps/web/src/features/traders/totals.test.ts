import type { TraderCard } from '@hyperoru/contracts';
import { expect, test } from 'vitest';
import { totalsOf } from './totals.tsx';
import { filterTraders } from './traders-page.tsx';

const card = (change: Partial<TraderCard>): TraderCard => ({
  id: '00000000-0000-0000-0000-000000000001',
  user_id: '00000000-0000-0000-0000-000000000002',
  name: 'Ada one',
  description: '',
  status: 'active',
  active: true,
  reduce_only: false,
  is_demo: false,
  status_reason: null,
  status_run_id: null,
  environment: 'paper',
  llm: null,
  exchange: null,
  risk: {
    max_leverage: 3,
    max_order_notional: '5000',
    max_total_notional: '10000',
    max_open_positions: 3,
    allowed_symbols: null,
    max_daily_loss: null,
    max_orders_per_hour: 30,
    require_stop_loss: true,
    on_protection_failure: 'flatten',
    max_price_deviation: '0.05',
    cooldown_minutes: 0,
    max_drawdown: '0.3',
    max_same_direction_notional: null,
    on_external_activity: 'alarm',
    llm_daily_budget_usd: null,
  },
  setup_missing: [],
  created_at: '2026-01-05T08:00:00.000Z',
  deleted_at: null,
  currency: 'USD',
  equity: '10100.10',
  pnl: '100.10',
  pnl_pct: 1,
  sparkline: [],
  open_positions: 1,
  last_run: null,
  last_decision: null,
  next_run_at: null,
  ...change,
});

test('totals are exact sums of the living traders', () => {
  const totals = totalsOf([
    card({}),
    card({ equity: '9900.20', pnl: '-99.80', status: 'error' }),
    card({ status: 'deleted' }),
    card({ equity: null, pnl: null, status: 'paused' }),
  ]);
  expect(totals).toMatchObject({ equity: '20000.30', pnl: '0.30', active: 1, failing: 1, openPositions: 3 });
  expect(totals.pnlPct).toBeCloseTo(0.0015, 6);
});

test('without any capital there is no percentage', () => {
  expect(totalsOf([]).pnlPct).toBeNull();
});

test('cards are found by status and part of the name', () => {
  const traders = [card({ name: 'Momentum' }), card({ name: 'Reversion', status: 'paused' })];
  expect(filterTraders(traders, 'paused', '').map((trader) => trader.name)).toEqual(['Reversion']);
  expect(filterTraders(traders, 'all', ' MOM ').map((trader) => trader.name)).toEqual(['Momentum']);
  expect(filterTraders(traders, 'error', '')).toEqual([]);
});
