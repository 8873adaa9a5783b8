import type { Decision, Order } from '@hyperoru/contracts';
import { describe, expect, test } from 'vitest';
import { tellDecision, tellSummary } from './decision-words.ts';

type Values = NonNullable<Decision['decision']>;
type Plan = NonNullable<Decision['plan']>;

const id = '00000000-0000-0000-0000-000000000001';
const values = (change: Partial<Values> = {}): Values => ({
  operation: 'buy',
  symbol: 'BTC',
  target_portion_of_balance: '0.1',
  leverage: 2,
  take_profit: null,
  stop_loss: null,
  max_price: null,
  min_price: null,
  time_in_force: 'ioc',
  confidence: null,
  reason: 'the trend is up',
  ...change,
});
const plan = (change: Partial<Plan> = {}): Plan => ({
  kind: 'entry',
  symbol: 'BTC',
  side: 'buy',
  quantity: '0.0123',
  limit_price: '61300',
  reference_price: '61240',
  leverage: 2,
  notional: '753.25',
  margin: '376.62',
  stop_loss_price: '60015',
  take_profit_price: '63690',
  ...change,
});
const decision = (change: Partial<Decision> = {}): Decision => ({
  id,
  run_id: id,
  trader_id: id,
  trader_name: 'Ada one',
  binding_id: id,
  prompt_version_id: id,
  index: 0,
  decision: values(),
  plan: plan(),
  verdict: { status: 'approved', code: null, message: null },
  context_hash: 'abc',
  created_at: '2026-01-05T08:00:00.000Z',
  ...change,
});
const order = (change: Partial<Order> = {}) => ({
  decision_id: id,
  purpose: 'entry' as Order['purpose'],
  state: 'filled' as Order['state'],
  filled_quantity: '0.0123',
  average_price: '61240.5',
  reason: null,
  ...change,
});

describe('a decision in plain words', () => {
  test('a filled buy tells quantity, price, protection and reason', () => {
    expect(tellDecision(decision(), [order()])).toEqual({
      headline: 'Bought 0.0123 BTC at 61,240.5',
      detail: 'stop 60,015, take profit 63,690',
      because: 'the trend is up',
      tone: 'buy',
    });
  });

  test('a filled sell says sold', () => {
    const sell = decision({ decision: values({ operation: 'sell' }), plan: plan({ side: 'sell' }) });
    expect(tellDecision(sell, [order()])).toMatchObject({ headline: 'Sold 0.0123 BTC at 61,240.5', tone: 'sell' });
  });

  test('a close tells the exit, whatever its side', () => {
    const close = decision({
      decision: values({ operation: 'close' }),
      plan: plan({ kind: 'exit', side: 'sell', stop_loss_price: null, take_profit_price: null }),
    });
    expect(tellDecision(close, [order({ purpose: 'close' })])).toMatchObject({
      headline: 'Closed 0.0123 BTC at 61,240.5',
      detail: '',
      tone: 'close',
    });
  });

  test('without its order it claims a decision, not a trade', () => {
    expect(tellDecision(decision()).headline).toBe('Decided to buy 0.0123 BTC at about 61,240');
  });

  test('protective orders and orders of other decisions are not taken for the trade', () => {
    const others = [order({ purpose: 'stop_loss' }), order({ decision_id: '00000000-0000-0000-0000-000000000002' })];
    expect(tellDecision(decision(), others).headline).toBe('Decided to buy 0.0123 BTC at about 61,240');
  });

  test('an order that ended empty is a try, with the reason', () => {
    const expired = order({ state: 'expired', filled_quantity: '0', average_price: null, reason: 'nothing to match' });
    expect(tellDecision(decision(), [expired])).toMatchObject({
      headline: 'Tried to buy 0.0123 BTC at 61,300 or better',
      detail: 'the order was expired: nothing to match',
      tone: 'refused',
    });
  });

  test('a waiting order is an order, not a trade', () => {
    const waiting = order({ state: 'accepted', filled_quantity: '0', average_price: null });
    expect(tellDecision(decision(), [waiting]).headline).toBe('Ordered to buy 0.0123 BTC at 61,300 or better');
  });

  test('a denied wish says what was wanted and why it was denied', () => {
    const denied = decision({ plan: null, verdict: { status: 'denied', code: 'leverage_exceeded', message: 'Leverage 5 is over 3.' } });
    expect(tellDecision(denied)).toMatchObject({
      headline: 'Wanted to buy BTC, but was denied',
      detail: 'Leverage 5 is over 3.',
      tone: 'refused',
    });
  });

  test('a hold is told as one', () => {
    const hold = decision({
      decision: values({ operation: 'hold', reason: '' }),
      plan: null,
      verdict: { status: 'held', code: null, message: null },
    });
    expect(tellDecision(hold)).toEqual({ headline: 'Held BTC', detail: '', because: 'no reason given', tone: 'hold' });
  });

  test('an invalid answer did nothing, and says so', () => {
    const invalid = decision({
      decision: null,
      plan: null,
      verdict: { status: 'invalid', code: 'not_json', message: 'Not one JSON value.' },
    });
    expect(tellDecision(invalid)).toMatchObject({
      headline: 'Gave no valid decision, so nothing was done',
      because: 'Not one JSON value.',
    });
  });
});

test.each([
  ['buy', 'approved', 'Bought BTC'],
  ['sell', 'approved', 'Sold BTC'],
  ['close', 'approved', 'Closed BTC'],
  ['hold', 'held', 'Held BTC'],
  ['buy', 'denied', 'Wanted to buy BTC, denied'],
  [null, 'invalid', 'Gave no valid decision'],
] as const)('the short form of %s, %s is "%s"', (operation, verdict, text) => {
  expect(tellSummary({ id, operation, symbol: 'BTC', verdict, reason: '', created_at: '2026-01-05T08:00:00.000Z' })).toBe(text);
});
