import { BTC, ETH, exposure, FAKE_EPOCH, instanceExposure, instanceLimits, plan, position, riskLimits, stakes } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntryPlan } from '../decisions/plan.ts';
import { decimal, ZERO } from '../money/decimal.ts';
import { addMs } from '../time/timestamp.ts';
import { checkEntry } from './check-entry.ts';
import { DENIALS, type DenialCode } from './denial.ts';
import type { Exposure, InstanceExposure } from './exposure.ts';
import type { InstanceLimits } from './instance-limits.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimits } from './limits.ts';

const limits = riskLimits({
  maxLeverage: 3,
  maxOrderNotional: decimal('5000'),
  maxTotalNotional: decimal('10000'),
  maxOpenPositions: 2,
  maxDailyLoss: decimal('500'),
  maxOrdersPerHour: 4,
  maxSameDirectionNotional: decimal('8000'),
  cooldownMinutes: 10,
});
const caps = instanceLimits({
  maxTotalNotional: decimal('20000'),
  maxLeverage: 5,
  maxDailyLoss: decimal('1000'),
  maxOrdersPerMinute: 6,
});

interface Case {
  readonly plan?: Partial<EntryPlan>;
  readonly limits?: Partial<RiskLimits>;
  readonly caps?: Partial<InstanceLimits>;
  readonly exposure?: Partial<Exposure>;
  readonly instance?: Partial<InstanceExposure>;
}

function check(given: Case) {
  const at = exposure({ ...given.exposure, instance: instanceExposure(given.instance) });
  return checkEntry(plan(given.plan), { trader: { ...limits, ...given.limits }, instance: { ...caps, ...given.caps } }, at);
}

function codeOf(given: Case): DenialCode | null {
  const result = check(given);
  return result.ok ? null : result.error.code;
}

const holding = (quantity: string, leverage = 2) => ({ symbol: BTC, quantity: decimal(quantity), leverage });
const short = { side: 'sell', stopLossPrice: decimal('51000'), takeProfitPrice: decimal('48000') } as const;

test('a plan within every limit comes back unchanged', () => {
  const entry = plan();
  expect(checkEntry(entry, { trader: limits, instance: caps }, exposure())).toEqual({ ok: true, value: entry });
});

/** For every limit: the last value that passes and the first that is denied. */
describe('both sides of every limit', () => {
  test.each<[DenialCode, Case, Case]>([
    ['killed', { exposure: { isKilled: false } }, { exposure: { isKilled: true } }],
    ['reduce_only', { exposure: { isReduceOnly: false } }, { exposure: { isReduceOnly: true } }],
    ['symbol_not_allowed', { limits: { allowedSymbols: [ETH, BTC] } }, { limits: { allowedSymbols: [ETH] } }],
    ['leverage_exceeded', { plan: { leverage: 3 } }, { plan: { leverage: 4 } }],
    [
      'leverage_conflict',
      { plan: { leverage: 2 }, exposure: { position: position({ leverage: 2 }) } },
      { plan: { leverage: 2 }, exposure: { position: position({ leverage: 3 }) } },
    ],
    ['leverage_conflict', { exposure: { holding: holding('1', 2) } }, { exposure: { holding: holding('1', 3) } }],
    ['opposite_position', { exposure: { holding: holding('0.001') } }, { exposure: { holding: holding('-0.001') } }],
    [
      'opposite_position',
      { plan: short, exposure: { holding: holding('-0.001') } },
      { plan: short, exposure: { holding: holding('0.001') } },
    ],
    ['order_notional_exceeded', { plan: { notional: decimal('5000') } }, { plan: { notional: decimal('5000.00000001') } }],
    [
      'total_notional_exceeded',
      { exposure: { stakes: stakes({ totalNotional: decimal('9000') }) } },
      { exposure: { stakes: stakes({ totalNotional: decimal('9000.00000001') }) } },
    ],
    [
      'same_direction_exceeded',
      { exposure: { stakes: stakes({ longNotional: decimal('7000'), shortNotional: decimal('9000') }) } },
      { exposure: { stakes: stakes({ longNotional: decimal('7000.00000001') }) } },
    ],
    [
      'same_direction_exceeded',
      { plan: short, exposure: { stakes: stakes({ shortNotional: decimal('7000'), longNotional: decimal('9000') }) } },
      { plan: short, exposure: { stakes: stakes({ shortNotional: decimal('7000.00000001') }) } },
    ],
    [
      'positions_exceeded',
      { exposure: { stakes: stakes({ symbols: [ETH] }) } },
      { limits: { maxOpenPositions: 1 }, exposure: { stakes: stakes({ symbols: [ETH] }) } },
    ],
    [
      'quote_missing',
      { exposure: { stakes: stakes({ symbols: [ETH] }) } },
      { exposure: { stakes: stakes({ symbols: [ETH], unpriced: [ETH] }) } },
    ],
    // 5 % of the mark of 50,000 is 2,500, to either side.
    ['price_beyond_collar', { plan: { limitPrice: decimal('52500') } }, { plan: { limitPrice: decimal('52500.01') } }],
    ['price_beyond_collar', { plan: { limitPrice: decimal('47500') } }, { plan: { limitPrice: decimal('47499.99') } }],
    ['stop_loss_missing', { plan: { stopLossPrice: decimal('49000') } }, { plan: { stopLossPrice: null } }],
    ['stop_loss_wrong_side', { plan: { stopLossPrice: decimal('49999.99') } }, { plan: { stopLossPrice: decimal('50000') } }],
    // Leverage 2 at 50,000 and a rate of 0.5 %: 50,000 × 0.5 ÷ 0.995 = 25,125.62…
    ['stop_beyond_liquidation', { plan: { stopLossPrice: decimal('25125.63') } }, { plan: { stopLossPrice: decimal('25125.62') } }],
    // 50,000 × 1.5 ÷ 1.005 = 74,626.86…
    [
      'stop_beyond_liquidation',
      { plan: { ...short, stopLossPrice: decimal('74626.86') } },
      { plan: { ...short, stopLossPrice: decimal('74626.87') } },
    ],
    ['take_profit_wrong_side', { plan: { takeProfitPrice: decimal('50000.01') } }, { plan: { takeProfitPrice: decimal('50000') } }],
    [
      'stop_loss_wrong_side',
      { plan: { ...short, stopLossPrice: decimal('50000.01') } },
      { plan: { ...short, stopLossPrice: decimal('50000') } },
    ],
    [
      'take_profit_wrong_side',
      { plan: { ...short, takeProfitPrice: decimal('49999.99') } },
      { plan: { ...short, takeProfitPrice: decimal('50000') } },
    ],
    ['daily_loss_reached', { exposure: { pnlToday: decimal('-499.99') } }, { exposure: { pnlToday: decimal('-500') } }],
    // 30 % of the peak of 10,000.
    ['drawdown_reached', { exposure: { balance: decimal('7000.01') } }, { exposure: { balance: decimal('7000') } }],
    ['cooling_down', { exposure: { lastLossAt: addMs(FAKE_EPOCH, -600_000) } }, { exposure: { lastLossAt: addMs(FAKE_EPOCH, -599_999) } }],
    ['orders_per_hour_exceeded', { exposure: { entriesLastHour: 3 } }, { exposure: { entriesLastHour: 4 } }],
    [
      'instance_leverage_exceeded',
      { plan: { leverage: 3 }, caps: { maxLeverage: 3 } },
      { plan: { leverage: 3 }, caps: { maxLeverage: 2 } },
    ],
    [
      'instance_notional_exceeded',
      { instance: { totalNotional: decimal('19000') } },
      { instance: { totalNotional: decimal('19000.00000001') } },
    ],
    ['instance_daily_loss_reached', { instance: { pnlToday: decimal('-999.99') } }, { instance: { pnlToday: decimal('-1000') } }],
    ['quote_missing', { instance: { unpriced: [] } }, { instance: { unpriced: [ETH] } }],
    ['order_budget_exceeded', { instance: { entriesLastMinute: 5 } }, { instance: { entriesLastMinute: 6 } }],
  ])('%s %#', (code, inside, outside) => {
    expect(codeOf(inside)).toBeNull();
    expect(check(outside)).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(/^[A-Z0-9].{25,}\.$/) } });
  });
});

describe('special cases', () => {
  test('a trigger price of 0 or less protects nothing', () => {
    expect(codeOf({ plan: { leverage: 1, stopLossPrice: decimal('0.01') } })).toBeNull();
    expect(codeOf({ plan: { stopLossPrice: ZERO } })).toBe('stop_loss_wrong_side');
    expect(codeOf({ plan: { stopLossPrice: decimal('-1') } })).toBe('stop_loss_wrong_side');
    expect(codeOf({ plan: { ...short, takeProfitPrice: ZERO } })).toBe('take_profit_wrong_side');
  });

  test('a missing take-profit is always allowed, a missing stop-loss when the limits say so', () => {
    expect(codeOf({ plan: { takeProfitPrice: null } })).toBeNull();
    expect(codeOf({ plan: { stopLossPrice: null }, limits: { requireStopLoss: false } })).toBeNull();
  });

  test('a symbol that is held already takes no further place', () => {
    const held = { stakes: stakes({ symbols: [BTC, ETH] }), position: position({ leverage: 2 }) };
    expect(codeOf({ exposure: held })).toBeNull();
    expect(codeOf({ exposure: { stakes: stakes({ symbols: [ETH, ETH] }) } })).toBe('positions_exceeded');
  });

  test('null is no limit of the kind', () => {
    expect(codeOf({ limits: { maxDailyLoss: null }, exposure: { pnlToday: decimal('-1000000') } })).toBeNull();
    expect(codeOf({ limits: { maxDrawdown: null }, exposure: { balance: ZERO } })).toBeNull();
    const lots = stakes({ longNotional: decimal('9000') });
    expect(codeOf({ limits: { maxSameDirectionNotional: null }, exposure: { stakes: lots } })).toBeNull();
    expect(codeOf({ limits: { allowedSymbols: null } })).toBeNull();
    const off = { maxTotalNotional: null, maxLeverage: null, maxDailyLoss: null };
    expect(codeOf({ caps: off, instance: { totalNotional: decimal('1000000'), pnlToday: decimal('-1000000') } })).toBeNull();
  });

  test('an empty list allows no symbol', () => {
    expect(codeOf({ limits: { allowedSymbols: [] } })).toBe('symbol_not_allowed');
  });

  test('a cool-down of 0 minutes never denies, not even at the moment of the loss', () => {
    expect(codeOf({ limits: { cooldownMinutes: 0 }, exposure: { lastLossAt: FAKE_EPOCH } })).toBeNull();
  });

  test('an account that never had anything has lost nothing; one that lost without a deposit has lost everything', () => {
    expect(codeOf({ exposure: { peakBalance: ZERO, balance: ZERO } })).toBeNull();
    expect(codeOf({ exposure: { peakBalance: ZERO, balance: decimal('-0.01') } })).toBe('drawdown_reached');
  });

  test('limits of the instance that cannot be read permit nothing', () => {
    const result = checkEntry(plan(), { trader: limits, instance: null }, exposure());
    expect(result).toMatchObject({ ok: false, error: { code: 'limits_unreadable', message: expect.stringContaining('instance') } });
  });

  test('a mark of 0 puts every price beyond the collar', () => {
    expect(codeOf({ plan: { referencePrice: ZERO, limitPrice: ZERO } })).toBe('price_beyond_collar');
  });

  test('a message names the value and the limit', () => {
    const result = checkEntry(plan({ notional: decimal('6000') }), { trader: limits, instance: caps }, exposure());
    expect(result.ok ? '' : result.error.message).toMatch(/6000.*5000/);
  });
});

/** One way to break each limit; every one of them alone denies. */
const BROKEN: readonly Case[] = [
  { plan: { leverage: 9 } },
  { plan: { notional: decimal('9999') } },
  { plan: { stopLossPrice: null } },
  { plan: { stopLossPrice: decimal('20000') } },
  { plan: { stopLossPrice: decimal('60000') } },
  { plan: { takeProfitPrice: decimal('40000') } },
  { plan: { limitPrice: decimal('60000') } },
  { exposure: { isKilled: true } },
  { exposure: { isReduceOnly: true } },
  { exposure: { holding: holding('-1') } },
  { exposure: { position: position({ leverage: 1 }) } },
  { exposure: { pnlToday: decimal('-501') } },
  { exposure: { balance: decimal('1') } },
  { exposure: { lastLossAt: FAKE_EPOCH } },
  { exposure: { entriesLastHour: 99 } },
  { exposure: { stakes: stakes({ symbols: [ETH, ETH, ETH] }) } },
  { exposure: { stakes: stakes({ unpriced: [ETH] }) } },
  { exposure: { stakes: stakes({ totalNotional: decimal('99999') }) } },
  { exposure: { stakes: stakes({ longNotional: decimal('99999'), shortNotional: decimal('99999') }) } },
  { limits: { allowedSymbols: [ETH] } },
  { caps: { maxLeverage: 1 } },
  { instance: { totalNotional: decimal('99999') } },
  { instance: { pnlToday: decimal('-99999') } },
  { instance: { unpriced: [ETH] } },
  { instance: { entriesLastMinute: 99 } },
];

const merged = (cases: readonly Case[]): Case =>
  cases.reduce<Case>(
    (all, each) => ({
      plan: { ...all.plan, ...each.plan },
      limits: { ...all.limits, ...each.limits },
      caps: { ...all.caps, ...each.caps },
      exposure: { ...all.exposure, ...each.exposure },
      instance: { ...all.instance, ...each.instance },
    }),
    {},
  );

test('no entry passes when any single limit is broken, whatever else holds', () => {
  for (const fault of BROKEN) expect(codeOf(fault), JSON.stringify(fault)).not.toBeNull();
  fc.assert(
    fc.property(fc.subarray([...BROKEN], { minLength: 1 }), (faults) => {
      expect(codeOf(merged(faults))).not.toBeNull();
    }),
  );
});

const amount = (least: number, most: number) => fc.integer({ min: least, max: most }).map((value) => decimal(String(value)));
const share = fc.integer({ min: 1, max: 60 }).map((percent) => decimal(String(percent / 100)));
/** Each limit is broken now and then, so that enough is approved, and enough denied for one reason alone. */
const anyLimits: fc.Arbitrary<RiskLimits> = fc.record({
  maxLeverage: fc.integer({ min: 2, max: 9 }),
  maxOrderNotional: amount(900, 5000),
  maxTotalNotional: amount(1500, 9000),
  maxOpenPositions: fc.integer({ min: 1, max: 9 }),
  allowedSymbols: fc.constantFrom(null, [BTC], [BTC, ETH], [ETH]),
  maxDailyLoss: fc.option(amount(50, 900)),
  maxOrdersPerHour: fc.integer({ min: 1, max: 9 }),
  requireStopLoss: fc.boolean(),
  onProtectionFailure: fc.constantFrom('flatten', 'alert_only'),
  maxPriceDeviation: share,
  cooldownMinutes: fc.integer({ min: 0, max: 20 }),
  maxDrawdown: fc.option(share),
  maxSameDirectionNotional: fc.option(amount(1500, 9000)),
  onExternalActivity: fc.constantFrom('adopt', 'ignore', 'alarm'),
  llmDailyBudgetUsd: fc.option(amount(1, 10)),
});
const anyCaps: fc.Arbitrary<InstanceLimits> = fc.record({
  maxTotalNotional: fc.option(amount(1500, 9000)),
  maxLeverage: fc.option(fc.integer({ min: 2, max: 9 })),
  maxDailyLoss: fc.option(amount(50, 900)),
  maxOrdersPerMinute: fc.integer({ min: 1, max: 9 }),
});
const loss = fc.constantFrom('0', '0', '0', '-100', '-400').map(decimal);
const anySituation: fc.Arbitrary<Case> = fc.record({
  plan: fc.record({
    leverage: fc.integer({ min: 1, max: 3 }),
    notional: amount(100, 1500),
    limitPrice: fc.constantFrom('49500', '50000', '50500', '55000').map(decimal),
    stopLossPrice: fc.constantFrom(null, '49000', '49000', '49000', '30000').map((price) => (price === null ? null : decimal(price))),
  }),
  exposure: fc.record({
    stakes: fc
      .record({ totalNotional: amount(0, 1500), longNotional: amount(0, 1500), symbols: fc.constantFrom([], [ETH], [BTC, ETH]) })
      .map(stakes),
    pnlToday: loss,
    balance: fc.constantFrom('10000', '10000', '8000', '5000').map(decimal),
    lastLossAt: fc.constantFrom(null, null, addMs(FAKE_EPOCH, -300_000)),
    entriesLastHour: fc.integer({ min: 0, max: 3 }),
  }),
  instance: fc.record({ totalNotional: amount(0, 1500), pnlToday: loss, entriesLastMinute: fc.integer({ min: 0, max: 3 }) }),
});

/** The tighter value of the two for one field of the limits, by plain comparison. */
function tighter<L extends RiskLimits | InstanceLimits>(one: L, other: L, field: keyof L): L {
  const [a, b] = [one[field], other[field]];
  const isTighter =
    Array.isArray(b) && Array.isArray(a)
      ? b.every((each) => a.includes(each))
      : a === null ||
        (b !== null && (field === 'cooldownMinutes' || field === 'requireStopLoss' ? Number(b) >= Number(a) : Number(b) <= Number(a)));
  return isTighter ? { ...one, [field]: b } : one;
}

test('tightening a limit never turns a denial into an approval', () => {
  let approved = 0;
  fc.assert(
    fc.property(anySituation, anyLimits, anyLimits, anyCaps, anyCaps, (situation, one, other, capsOne, capsOther) => {
      const isApproved = (trader: RiskLimits, instance: InstanceLimits) =>
        codeOf({ ...situation, limits: trader, caps: instance }) === null;
      const before = isApproved(one, capsOne);
      if (before) approved += 1;
      for (const field of Object.keys(one) as (keyof RiskLimits)[])
        if (!before) expect(isApproved(tighter(one, other, field), capsOne), field).toBe(false);
      for (const field of Object.keys(capsOne) as (keyof InstanceLimits)[])
        if (!before) expect(isApproved(one, tighter(capsOne, capsOther, field)), field).toBe(false);
    }),
    { numRuns: 1_000 },
  );
  expect(approved).toBeGreaterThan(50);
});

describe('denials', () => {
  test('every code comes with a fix in one sentence', () => {
    const fixes = Object.values(DENIALS);
    expect(fixes.length).toBeGreaterThan(35);
    for (const fix of fixes) expect(fix).toMatch(/^[A-Z].{15,120}\.$/);
  });

  test('the default limits are cautious: stop-loss required, flatten on failure, small leverage, a daily loss limit and a model budget', () => {
    expect(DEFAULT_RISK_LIMITS).toMatchObject({ requireStopLoss: true, onProtectionFailure: 'flatten', maxLeverage: 3 });
    expect(DEFAULT_RISK_LIMITS.maxDailyLoss).not.toBeNull();
    expect(DEFAULT_RISK_LIMITS.maxDrawdown).not.toBeNull();
    expect(DEFAULT_RISK_LIMITS.llmDailyBudgetUsd).not.toBeNull();
    expect(Object.isFrozen(DEFAULT_RISK_LIMITS)).toBe(true);
  });
});
