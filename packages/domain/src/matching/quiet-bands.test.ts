import { limitRequest, TEST_BTC, TEST_ETH, TEST_MARKET_TIME, testMarket, triggerRequest } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Symbol } from '../market/instrument.ts';
import { decimal } from '../money/decimal.ts';
import { timestamp } from '../time/timestamp.ts';
import { type AccountState, newMatchingAccount } from './account-state.ts';
import { advancePrice } from './advance-price.ts';
import type { MatchingRequest } from './check-request.ts';
import { matchOrder } from './place-order.ts';
import { isQuiet, quietBands } from './quiet-bands.ts';
import type { PriceStep } from './rules.ts';

const market = testMarket({ BTC: '50000', ETH: '2000' });
const HALF_HOUR_MS = 1_800_000;

function placed(balance: string, ...requests: readonly MatchingRequest[]): AccountState {
  return requests.reduce(
    (state, request) => {
      const result = matchOrder(state, request, market);
      return result.ok ? result.value.state : state;
    },
    newMatchingAccount(decimal(balance)),
  );
}

const flat = (mark: string, symbol: Symbol = TEST_BTC): PriceStep => ({
  symbol,
  open: decimal(mark),
  low: decimal(mark),
  high: decimal(mark),
  mark: decimal(mark),
});

describe('quiet bands', () => {
  it('end at the prices of resting and trigger orders, those prices included', () => {
    const state = placed(
      '10000',
      limitRequest('buy', '0.01', '50001'),
      limitRequest('buy', '0.01', '49000', { timeInForce: 'gtc' }),
      triggerRequest('sell', '0.01', 'take_profit', '51000'),
    );
    const quiet = quietBands(state, market);
    const at = (mark: string) => isQuiet(quiet, flat(mark), TEST_MARKET_TIME);
    expect([at('49000'), at('49000.5'), at('50999.5'), at('51000')]).toEqual([false, true, true, false]);
  });

  it('end at the next funding boundary while a position is open, and never without one', () => {
    const long = quietBands(placed('10000', limitRequest('buy', '0.01', '50001')), market);
    const boundary = TEST_MARKET_TIME + HALF_HOUR_MS;
    expect(isQuiet(long, flat('50000'), timestamp(boundary - 1))).toBe(true);
    expect(isQuiet(long, flat('50000'), timestamp(boundary))).toBe(false);
    const resting = quietBands(placed('10000', limitRequest('buy', '0.01', '49000', { timeInForce: 'gtc' })), market);
    expect(isQuiet(resting, flat('50000'), timestamp(boundary * 2))).toBe(true);
  });

  it('do not care for symbols the account has nothing in', () => {
    const quiet = quietBands(placed('10000', limitRequest('buy', '0.01', '50001')), market);
    expect(isQuiet(quiet, flat('1', TEST_ETH), TEST_MARKET_TIME)).toBe(true);
  });

  it('hold nothing that would have had an effect, even when both symbols move at once and many times', () => {
    const aMove = fc.record({ symbol: fc.constantFrom(TEST_BTC, TEST_ETH), bps: fc.integer({ min: -900, max: 900 }) });
    const aBook = fc.record({
      balance: fc.integer({ min: 600, max: 20_000 }),
      btc: fc.integer({ min: 2, max: 150 }),
      eth: fc.integer({ min: 5, max: 4000 }),
      sides: fc.tuple(fc.constantFrom('buy' as const, 'sell' as const), fc.constantFrom('buy' as const, 'sell' as const)),
    });
    fc.assert(
      fc.property(aBook, fc.array(aMove, { maxLength: 30 }), ({ balance, btc, eth, sides: [one, two] }, moves) => {
        const state = placed(
          String(balance),
          limitRequest(one, (btc / 1000).toFixed(3), one === 'buy' ? '51000' : '49000', { leverage: 40 }),
          limitRequest(two, (eth / 1000).toFixed(3), two === 'buy' ? '2100' : '1900', { symbol: TEST_ETH, leverage: 40 }),
          triggerRequest(one === 'buy' ? 'sell' : 'buy', '0.1', 'stop_loss', one === 'buy' ? '48000' : '52000'),
        );
        const quiet = quietBands(state, market);
        let marks = { BTC: '50000', ETH: '2000' };
        for (const { symbol, bps } of moves) {
          const step = flat((((symbol === TEST_BTC ? 50_000 : 2000) * (10_000 + bps)) / 10_000).toFixed(1), symbol);
          if (!isQuiet(quiet, step, TEST_MARKET_TIME)) continue;
          marks = { ...marks, [symbol]: step.mark };
          expect(advancePrice(state, step, testMarket(marks)).events).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
