import { BTC, ETH, plan, position, riskLimits } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntryPlan } from '../decisions/plan.ts';
import { decimal, ZERO } from '../money/decimal.ts';
import { checkEntry, type Exposure } from './check-entry.ts';
import { DENIALS, type DenialCode } from './denial.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimits } from './limits.ts';

const limits = riskLimits({
  maxLeverage: 3,
  maxOrderNotional: decimal('5000'),
  maxTotalNotional: decimal('10000'),
  maxOpenPositions: 2,
  maxDailyLoss: decimal('500'),
  maxOrdersPerHour: 4,
});

/** Nothing at stake, nothing lost, nothing sent. */
const exposure = (change: Partial<Exposure> = {}): Exposure => ({
  openNotional: ZERO,
  openSymbols: [],
  position: null,
  pnlToday: ZERO,
  entriesLastHour: 0,
  ...change,
});

interface Case {
  readonly plan?: Partial<EntryPlan>;
  readonly limits?: Partial<RiskLimits>;
  readonly exposure?: Partial<Exposure>;
}

function codeOf(given: Case): DenialCode | null {
  const result = checkEntry(plan(given.plan), { ...limits, ...given.limits }, exposure(given.exposure));
  return result.ok ? null : result.error.code;
}

test('a plan within every limit comes back unchanged', () => {
  const entry = plan();
  expect(checkEntry(entry, limits, exposure())).toEqual({ ok: true, value: entry });
});

/** For every limit: the last value that passes and the first that is denied. */
describe('both sides of every limit', () => {
  test.each<[DenialCode, Case, Case]>([
    ['symbol_not_allowed', { limits: { allowedSymbols: [ETH, BTC] } }, { limits: { allowedSymbols: [ETH] } }],
    ['leverage_exceeded', { plan: { leverage: 3 } }, { plan: { leverage: 4 } }],
    [
      'leverage_conflict',
      { plan: { leverage: 2 }, exposure: { position: position({ leverage: 2 }) } },
      { plan: { leverage: 2 }, exposure: { position: position({ leverage: 3 }) } },
    ],
    ['order_notional_exceeded', { plan: { notional: decimal('5000') } }, { plan: { notional: decimal('5000.00000001') } }],
    ['total_notional_exceeded', { exposure: { openNotional: decimal('9000') } }, { exposure: { openNotional: decimal('9000.00000001') } }],
    ['positions_exceeded', { exposure: { openSymbols: ['ETH'] } }, { exposure: { openSymbols: ['ETH', 'SOL'] } }],
    ['stop_loss_missing', { plan: { stopLossPrice: decimal('1') } }, { plan: { stopLossPrice: null } }],
    ['stop_loss_wrong_side', { plan: { stopLossPrice: decimal('49999.99') } }, { plan: { stopLossPrice: decimal('50000') } }],
    ['take_profit_wrong_side', { plan: { takeProfitPrice: decimal('50000.01') } }, { plan: { takeProfitPrice: decimal('50000') } }],
    ['daily_loss_reached', { exposure: { pnlToday: decimal('-499.99') } }, { exposure: { pnlToday: decimal('-500') } }],
    ['orders_per_hour_exceeded', { exposure: { entriesLastHour: 3 } }, { exposure: { entriesLastHour: 4 } }],
  ])('%s', (code, inside, outside) => {
    expect(codeOf(inside)).toBeNull();
    expect(codeOf(outside)).toBe(code);
  });

  test.each<[DenialCode, Partial<EntryPlan>, Partial<EntryPlan>]>([
    ['stop_loss_wrong_side', { stopLossPrice: decimal('50000.01') }, { stopLossPrice: decimal('50000') }],
    ['take_profit_wrong_side', { takeProfitPrice: decimal('49999.99') }, { takeProfitPrice: decimal('50000') }],
  ])('%s of a short is the mirror image', (code, inside, outside) => {
    const short = { side: 'sell', stopLossPrice: decimal('51000'), takeProfitPrice: decimal('48000') } as const;
    expect(codeOf({ plan: { ...short, ...inside } })).toBeNull();
    expect(codeOf({ plan: { ...short, ...outside } })).toBe(code);
  });
});

describe('special cases', () => {
  test('a trigger price of 0 or less protects nothing', () => {
    expect(codeOf({ plan: { stopLossPrice: decimal('0.01') } })).toBeNull();
    expect(codeOf({ plan: { stopLossPrice: ZERO } })).toBe('stop_loss_wrong_side');
    expect(codeOf({ plan: { stopLossPrice: decimal('-1') } })).toBe('stop_loss_wrong_side');
    const short = { side: 'sell', stopLossPrice: decimal('51000') } as const;
    expect(codeOf({ plan: { ...short, takeProfitPrice: ZERO } })).toBe('take_profit_wrong_side');
  });

  test('a missing take-profit is always allowed, a missing stop-loss when the limits say so', () => {
    expect(codeOf({ plan: { takeProfitPrice: null } })).toBeNull();
    expect(codeOf({ plan: { stopLossPrice: null }, limits: { requireStopLoss: false } })).toBeNull();
  });

  test('a symbol that is held already takes no further place', () => {
    expect(codeOf({ exposure: { openSymbols: ['BTC', 'ETH'], position: position({ leverage: 2 }) } })).toBeNull();
  });

  test('null is no limit of the kind', () => {
    expect(codeOf({ limits: { maxDailyLoss: null }, exposure: { pnlToday: decimal('-1000000') } })).toBeNull();
    expect(codeOf({ limits: { allowedSymbols: null } })).toBeNull();
  });

  test('an empty list allows no symbol', () => {
    expect(codeOf({ limits: { allowedSymbols: [] } })).toBe('symbol_not_allowed');
  });

  test('a message names the value and the limit', () => {
    const result = checkEntry(plan({ notional: decimal('6000') }), limits, exposure());
    expect(result.ok ? '' : result.error.message).toMatch(/6000.*5000/);
  });

  test('no entry passes when any single limit is broken, whatever else holds', () => {
    const broken: readonly Case[] = [
      { plan: { leverage: 9 } },
      { plan: { notional: decimal('9999') } },
      { plan: { stopLossPrice: null } },
      { exposure: { pnlToday: decimal('-501') } },
      { exposure: { entriesLastHour: 99 } },
      { exposure: { openSymbols: ['A', 'B', 'C'] } },
      { limits: { allowedSymbols: [ETH] } },
    ];
    fc.assert(
      fc.property(fc.subarray([...broken], { minLength: 1 }), (faults) => {
        const merged = faults.reduce<Case>(
          (all, fault) => ({
            plan: { ...all.plan, ...fault.plan },
            limits: { ...all.limits, ...fault.limits },
            exposure: { ...all.exposure, ...fault.exposure },
          }),
          {},
        );
        expect(codeOf(merged)).not.toBeNull();
      }),
    );
  });
});

describe('denials', () => {
  test('every code comes with a fix in one sentence', () => {
    const fixes = Object.values(DENIALS);
    expect(fixes.length).toBeGreaterThan(20);
    for (const fix of fixes) expect(fix).toMatch(/^[A-Z].{15,120}\.$/);
  });

  test('the default limits are cautious: stop-loss required, flatten on failure, small leverage, a daily loss limit and a model budget', () => {
    expect(DEFAULT_RISK_LIMITS).toMatchObject({ requireStopLoss: true, onProtectionFailure: 'flatten', maxLeverage: 3 });
    expect(DEFAULT_RISK_LIMITS.maxDailyLoss).not.toBeNull();
    expect(DEFAULT_RISK_LIMITS.llmDailyBudgetUsd).not.toBeNull();
    expect(Object.isFrozen(DEFAULT_RISK_LIMITS)).toBe(true);
  });
});
