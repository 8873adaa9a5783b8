import { limitRequest, orderIn, TEST_BTC, TEST_ETH, TEST_MARKET_TIME, testMarket, testRules, triggerRequest } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { decimal, isNegative, lt } from '../money/decimal.ts';
import { timestamp } from '../time/timestamp.ts';
import { type AccountState, depositToAccount, type MatchingOutcome, newMatchingAccount, positionOf } from './account-state.ts';
import { advancePrice } from './advance-price.ts';
import type { MatchingRequest } from './check-request.ts';
import { FUNDING_BOUNDARIES_PER_STEP_MAX, FUNDING_INTERVAL_MS, settleFunding } from './funding.ts';
import { accountMargin } from './margin.ts';
import { matchOrder } from './place-order.ts';
import type { MatchingRules, PriceStep } from './rules.ts';

const rules = testRules();

function placed(state: AccountState, ...requests: readonly MatchingRequest[]): AccountState {
  return requests.reduce((current, request) => {
    const result = matchOrder(current, request, testMarket({ BTC: '50000', ETH: '2000' }, { rules }));
    if (!result.ok) throw new Error(`Expected acceptance, was ${result.error.code}.`);
    return result.value.state;
  }, state);
}

const step = (open: string, low: string, high: string, mark: string): PriceStep => ({
  symbol: TEST_BTC,
  open: decimal(open),
  low: decimal(low),
  high: decimal(high),
  mark: decimal(mark),
});

function advanced(state: AccountState, move: PriceStep, own: MatchingRules = rules): MatchingOutcome {
  return advancePrice(state, move, testMarket({ BTC: move.mark, ETH: '2000' }, { rules: own }));
}

const fillsOf = (outcome: MatchingOutcome) => outcome.events.flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
const kindsOf = (outcome: MatchingOutcome) => outcome.events.map((event) => event.kind);

const rich = newMatchingAccount(decimal('10000'));
const long = placed(rich, limitRequest('buy', '0.1', '50001'));
const short = placed(rich, limitRequest('sell', '0.1', '49999'));

describe('a resting limit order', () => {
  const resting = placed(rich, limitRequest('buy', '0.1', '49000', { timeInForce: 'gtc', clientOrderId: 'rest' }));

  it('does not fill when the price merely touches it', () => {
    expect(advanced(resting, step('50000', '49000', '50000', '49500')).events).toEqual([]);
  });

  it('fills in full at its own price as maker when the price goes through', () => {
    const outcome = advanced(resting, step('50000', '48999.5', '50000', '49500'));
    expect(fillsOf(outcome)).toMatchObject([{ price: '49000', quantity: '0.1', fee: '0.735', liquidity: 'maker', clientOrderId: 'rest' }]);
    expect(outcome.state.orders).toEqual([]);
  });

  it('fills a sell the other way round', () => {
    const sell = placed(rich, limitRequest('sell', '0.1', '51000', { timeInForce: 'post_only' }));
    expect(advanced(sell, step('50000', '50000', '51000', '51000')).events).toEqual([]);
    expect(fillsOf(advanced(sell, step('50000', '50000', '51000.5', '50500')))).toMatchObject([{ price: '51000', side: 'sell' }]);
  });

  it('is canceled instead of filled when the account can no longer carry it', () => {
    const poor = { ...resting, balance: decimal('400'), realizedPnl: decimal('-9600') };
    const outcome = advanced(poor, step('50000', '48999', '50000', '49500'));
    expect(outcome.events).toMatchObject([
      { kind: 'order', order: { state: 'canceled', reason: 'insufficient_margin', filledQuantity: '0' } },
    ]);
  });

  it('is not moved by the prices of another symbol', () => {
    const other = { ...step('1', '1', '1', '1'), symbol: TEST_ETH };
    expect(advancePrice(resting, other, testMarket({ BTC: '50000', ETH: '1' })).events).toEqual([]);
  });
});

describe('a stop-loss', () => {
  const guarded = placed(long, triggerRequest('sell', '0.1', 'stop_loss', '48000', { clientOrderId: 'sl' }));

  it('rests just above its trigger price and fires on touching it, at the best price there', () => {
    expect(advanced(guarded, step('50000', '48000.5', '50000', '48000.5')).events).toEqual([]);
    const outcome = advanced(guarded, step('50000', '48000', '50000', '49000'));
    expect(fillsOf(outcome)).toMatchObject([{ price: '47999', quantity: '0.1', liquidity: 'taker', clientOrderId: 'sl' }]);
    expect(outcome.state.positions).toEqual([]);
  });

  it('fills at the first price after a gap, not at its trigger price', () => {
    expect(fillsOf(advanced(guarded, step('46000', '45900', '46100', '46100')))).toMatchObject([{ price: '45999' }]);
  });

  it('pays the slippage of the model', () => {
    const slippery = testRules({ book: { triggerSlippageBps: decimal('10') } });
    expect(fillsOf(advanced(guarded, step('50000', '48000', '50000', '48000'), slippery))).toMatchObject([{ price: '47951' }]);
  });

  it('protects a short above the market', () => {
    const state = placed(short, triggerRequest('buy', '0.1', 'stop_loss', '52000'));
    expect(advanced(state, step('50000', '50000', '51999.5', '51000')).events).toEqual([]);
    expect(fillsOf(advanced(state, step('50000', '50000', '52000', '51000')))).toMatchObject([{ price: '52001.5', side: 'buy' }]);
    expect(fillsOf(advanced(state, step('54000', '53000', '54000', '53000')))).toMatchObject([{ price: '54001.5' }]);
  });

  it('closes what the ladder holds and stays armed for the rest', () => {
    const thin = testRules({ book: { levelNotional: decimal('1000'), levels: 2 } });
    const first = advanced(guarded, step('50000', '48000', '50000', '48000'), thin);
    expect(orderIn(first.state, 'sl')).toMatchObject({ state: 'partially_filled', filledQuantity: '0.04' });
    expect(positionOf(first.state, TEST_BTC)?.quantity).toBe('0.06');
    const second = advanced(first.state, step('48000', '47900', '48000', '47900'), thin);
    expect(orderIn(second.state, 'sl')?.filledQuantity).toBe('0.08');
  });
});

describe('a take-profit', () => {
  const guarded = placed(long, triggerRequest('sell', '0.1', 'take_profit', '52000', { clientOrderId: 'tp' }));

  it('fires on touching its trigger price and gains nothing from a gap beyond it', () => {
    expect(advanced(guarded, step('50000', '50000', '51999.5', '51000')).events).toEqual([]);
    expect(fillsOf(advanced(guarded, step('50000', '50000', '52000', '51000')))).toMatchObject([{ price: '51998.5', clientOrderId: 'tp' }]);
    expect(fillsOf(advanced(guarded, step('54000', '54000', '55000', '55000')))).toMatchObject([{ price: '51998.5' }]);
  });

  it('takes the stop-loss with it when it closes the position', () => {
    const both = placed(guarded, triggerRequest('sell', '0.1', 'stop_loss', '48000', { clientOrderId: 'sl' }));
    const outcome = advanced(both, step('50000', '50000', '52000', '52000'));
    expect(outcome.state.orders).toEqual([]);
    expect(outcome.events.at(-1)).toMatchObject({
      kind: 'order',
      order: { clientOrderId: 'sl', state: 'canceled', reason: 'position_closed' },
    });
  });

  it('loses against the stop-loss when one step reaches both', () => {
    const both = placed(guarded, triggerRequest('sell', '0.1', 'stop_loss', '48000', { clientOrderId: 'sl' }));
    const outcome = advanced(both, step('50000', '47000', '53000', '50000'));
    expect(fillsOf(outcome).map((fill) => fill.clientOrderId)).toEqual(['sl']);
    expect(outcome.state).toMatchObject({ positions: [], orders: [] });
  });

  it('of several the nearest fires first, stops by distance likewise', () => {
    const near = placed(
      long,
      triggerRequest('sell', '0.05', 'stop_loss', '48000', { clientOrderId: 'far' }),
      triggerRequest('sell', '0.05', 'stop_loss', '49000', { clientOrderId: 'near' }),
      triggerRequest('sell', '0.1', 'take_profit', '53000', { clientOrderId: 'high' }),
      triggerRequest('sell', '0.1', 'take_profit', '52000', { clientOrderId: 'low' }),
    );
    expect(fillsOf(advanced(near, step('50000', '47000', '50000', '47000'))).map((fill) => fill.clientOrderId)).toEqual(['near', 'far']);
    expect(fillsOf(advanced(near, step('50000', '50000', '54000', '54000'))).map((fill) => fill.clientOrderId)).toEqual(['low']);
  });
});

describe('liquidation', () => {
  /** 0.1 long at 50,001 on 510: equity meets maintenance near 45,470. */
  const thin = placed(newMatchingAccount(decimal('510')), limitRequest('buy', '0.1', '50001', { leverage: 10 }));

  it('does not come at a price above the liquidation price', () => {
    expect(advanced(thin, step('50000', '45600', '50000', '45600')).events).toEqual([]);
  });

  it('closes the whole position once the step passes the price, with a fee and everything that rests canceled', () => {
    const guarded = placed(thin, triggerRequest('sell', '0.1', 'take_profit', '60000', { clientOrderId: 'tp' }));
    const outcome = advanced(guarded, step('50000', '45000', '50000', '50000'));
    expect(kindsOf(outcome)).toEqual(['order', 'liquidation', 'fill']);
    expect(fillsOf(outcome)).toMatchObject([{ isLiquidation: true, clientOrderId: null, side: 'sell', quantity: '0.1', price: '45492' }]);
    expect(outcome.state).toMatchObject({ positions: [], orders: [] });
    expect(isNegative(outcome.state.balance)).toBe(false);
    expect(lt(outcome.state.balance, decimal('60'))).toBe(true);
  });

  it('leaves exactly nothing, never less, when a gap jumps past bankruptcy', () => {
    const outcome = advanced(thin, step('30000', '30000', '30000', '30000'));
    expect(fillsOf(outcome)).toMatchObject([{ isLiquidation: true }]);
    expect(isNegative(outcome.state.balance)).toBe(false);
    expect(lt(outcome.state.balance, decimal('0.1'))).toBe(true);
  });

  it('does the same for a short', () => {
    const state = placed(newMatchingAccount(decimal('510')), limitRequest('sell', '0.1', '49999'));
    expect(advanced(state, step('50000', '50000', '54000', '54000')).events).toEqual([]);
    const outcome = advanced(state, step('80000', '80000', '80000', '80000'));
    expect(fillsOf(outcome)).toMatchObject([{ isLiquidation: true, side: 'buy' }]);
    expect(isNegative(outcome.state.balance)).toBe(false);
  });

  it('lets a stop that lies nearer go first, and comes first when it is nearer itself', () => {
    const nearer = placed(thin, triggerRequest('sell', '0.1', 'stop_loss', '46000', { clientOrderId: 'sl' }));
    expect(fillsOf(advanced(nearer, step('50000', '40000', '50000', '40000')))).toMatchObject([
      { clientOrderId: 'sl', isLiquidation: false },
    ]);
    const farther = placed(thin, triggerRequest('sell', '0.1', 'stop_loss', '45000'));
    expect(fillsOf(advanced(farther, step('50000', '40000', '50000', '40000')))).toMatchObject([{ isLiquidation: true }]);
  });

  it('comes before a nearer stop when a gap opens beyond it, so that the stop cannot cost more than the account holds', () => {
    const nearer = placed(thin, triggerRequest('sell', '0.1', 'stop_loss', '46000'));
    const outcome = advanced(nearer, step('40000', '40000', '40000', '40000'));
    expect(fillsOf(outcome)).toMatchObject([{ isLiquidation: true }]);
    expect(isNegative(outcome.state.balance)).toBe(false);
  });

  it('goes on to other positions while the account is still short', () => {
    const account = newMatchingAccount(decimal('1000'));
    const two = placed(account, limitRequest('buy', '0.1', '50001'), limitRequest('buy', '2', '2001', { symbol: TEST_ETH }));
    const crash = advancePrice(two, step('30000', '30000', '30000', '30000'), testMarket({ BTC: '30000', ETH: '1500' }));
    expect(fillsOf(crash).map((fill) => [fill.symbol, fill.isLiquidation])).toEqual([
      ['BTC', true],
      ['ETH', true],
    ]);
    expect(isNegative(crash.state.balance)).toBe(false);
  });
});

describe('funding', () => {
  const at = (ms: number) => testMarket({ BTC: '50000' }, { marketTime: timestamp(TEST_MARKET_TIME + ms) });
  const half = FUNDING_INTERVAL_MS / 2;

  it('falls due at the full hour of market time, not a millisecond earlier, once', () => {
    expect(settleFunding(long, at(half - 1)).events).toEqual([]);
    const paid = settleFunding(long, at(half));
    expect(paid.events).toMatchObject([{ kind: 'funding', funding: { amount: '-0.0625', rate: '0.0000125' } }]);
    expect(paid.state.funding).toBe('-0.0625');
    expect(settleFunding(paid.state, at(half + 1)).events).toEqual([]);
  });

  it('pays a short', () => {
    expect(settleFunding(short, at(half)).state.funding).toBe('0.0625');
  });

  it('costs nothing for the hours before the first position and without one', () => {
    expect(long.fundedUntil).toBe(TEST_MARKET_TIME - half);
    expect(settleFunding(rich, at(10 * half)).events).toEqual([]);
  });

  it('charges every boundary it passes, each with its own id, up to a day', () => {
    const three = settleFunding(long, at(half + 2 * FUNDING_INTERVAL_MS));
    const ids = three.events.flatMap((event) => (event.kind === 'funding' ? [event.funding.fundingId] : []));
    expect(new Set(ids).size).toBe(3);
    expect(settleFunding(long, at(100 * FUNDING_INTERVAL_MS)).events).toHaveLength(FUNDING_BOUNDARIES_PER_STEP_MAX);
  });

  it('is settled before an order that arrives after the boundary', () => {
    const result = matchOrder(long, limitRequest('sell', '0.1', '49000', { reduceOnly: true }), at(half));
    expect(result.ok && result.value.events.map((event) => event.kind)).toEqual(['funding', 'fill', 'order']);
  });
});

describe('an account', () => {
  it('without orders and positions is not touched by any price', () => {
    expect(advanced(rich, step('1', '1', '99999', '1'))).toEqual({ state: rich, events: [] });
  });

  it('keeps its equity through a deposit', () => {
    expect(accountMargin(depositToAccount(rich, decimal('5')), testMarket({ BTC: '1' })).equity).toBe('10005');
  });
});
