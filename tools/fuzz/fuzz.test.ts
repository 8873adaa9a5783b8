import { decimal, type EntryPlan, mul, symbol } from '@hyperoru/domain';
import { beforeAll, describe, expect, test } from 'vitest';
import { problemsOf } from './oracle.ts';
import { pursue } from './pursue.ts';
import { drawOne, type FuzzOutcome, fuzzOne, runFuzz } from './run-fuzz.ts';

/** Share of the answers that must come to an order, or the fuzzer knocks on a closed door. */
const ORDERS_SHARE_MIN = 0.03;
const ANSWERS = 50_000;
const FUZZ_MS_MAX = 120_000;
/** Reached by the answers of every run of this size. */
const REFUSALS = [
  'not_json',
  'schema',
  'contradiction',
  'too_many',
  'symbol_not_bound',
  'opposite_position',
  'leverage_exceeded',
  'leverage_conflict',
  'order_too_small',
  'order_notional_exceeded',
  'total_notional_exceeded',
  'same_direction_exceeded',
  'positions_exceeded',
  'stop_loss_missing',
  'stop_loss_wrong_side',
  'take_profit_wrong_side',
  'stop_beyond_liquidation',
  'price_beyond_collar',
  'daily_loss_reached',
  'drawdown_reached',
  'cooling_down',
  'orders_per_hour_exceeded',
  'instance_leverage_exceeded',
  'instance_notional_exceeded',
  'order_budget_exceeded',
  'limits_unreadable',
  'killed',
  'reduce_only',
];

describe(`${ANSWERS} answers of a model that errs in every way`, () => {
  let outcome: FuzzOutcome;
  beforeAll(() => {
    outcome = runFuzz({ seed: 50, answers: ANSWERS });
  }, FUZZ_MS_MAX);

  test('throw nothing and come to no order outside the answer, the schema and the caps', () => {
    expect(outcome.problems).toEqual([]);
  });

  test('reach orders and every refusal', () => {
    expect(outcome.entries + outcome.exits).toBeGreaterThan(ANSWERS * ORDERS_SHARE_MIN);
    expect(REFUSALS.filter((code) => outcome.refusals[code] === undefined)).toEqual([]);
  });

  test('can be drawn again one by one', () => {
    expect(fuzzOne(50, 7)).toEqual(fuzzOne(50, 7));
    expect(fuzzOne(50, 7).text).not.toBe(fuzzOne(51, 7).text);
  });
});

describe('the second check notices', () => {
  const approved = firstApprovedBuy();

  test('nothing wrong with an order that was approved', () => {
    expect(problemsAfter({})).toEqual([]);
  });

  test.each<readonly [string, Partial<EntryPlan>]>([
    ['a leverage beyond every cap', { leverage: 126 }],
    ['a broken leverage', { leverage: 1.5 }],
    ['a quantity between increments', { quantity: decimal('0.0100001') }],
    ['a quantity beyond every cap', { quantity: mul(approved.plan.quantity, decimal('100000')) }],
    ['another side', { side: 'sell' }],
    ['another symbol', { symbol: symbol('SOL') }],
    ['a price outside the collar', { limitPrice: mul(approved.plan.referencePrice, decimal('1.5')) }],
    ['a stop above a long', { stopLossPrice: mul(approved.plan.referencePrice, decimal('2')) }],
    ['a take-profit below a long', { takeProfitPrice: approved.situation.listed.get('BTC')?.instrument.priceIncrement ?? null }],
  ])('%s', (_what, change) => {
    expect(problemsAfter(change)).not.toEqual([]);
  });

  function problemsAfter(change: Partial<EntryPlan>): readonly string[] {
    const { text, situation, pursued, decision, plan } = approved;
    return problemsOf(text, situation, { ...pursued, approved: [{ decision, plan: { ...plan, ...change } }] });
  }
});

/** The first answer that buys BTC and nothing else, and may. */
function firstApprovedBuy() {
  for (let answer = 0; answer < ANSWERS; answer++) {
    const { text, situation } = drawOne(50, answer);
    const pursued = pursue(text, situation);
    const [first] = pursued.approved;
    if (pursued.approved.length === 1 && first?.plan.kind === 'entry' && first.plan.side === 'buy' && first.plan.symbol === 'BTC')
      return { text, situation, pursued, decision: first.decision, plan: first.plan };
  }
  throw new Error('Expected an answer that buys BTC.');
}
