import { TEST_BTC, TEST_ETH, testMarket, testRules } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { decimal, round } from '../money/decimal.ts';
import { type AccountState, type MatchingPosition, newMatchingAccount } from './account-state.ts';
import { executionFee } from './fees.ts';
import { fundingPayment } from './funding.ts';
import { accountMargin, liquidationPriceOf, priceOfExhaustion } from './margin.ts';

const position = (quantity: string, entry = '50000', symbol = TEST_BTC): MatchingPosition => ({
  symbol,
  quantity: decimal(quantity),
  averageEntryPrice: decimal(entry),
  leverage: 10,
});

const holding = (balance: string, ...positions: readonly MatchingPosition[]): AccountState => ({
  ...newMatchingAccount(decimal(balance)),
  positions,
});

describe('worked numbers', () => {
  it('charges 2.25 for 0.1 at 50,000 taken and 0.75 when made', () => {
    const { instrument } = testRules();
    const trade = { price: decimal('50000'), quantity: decimal('0.1') };
    expect(executionFee(instrument, { ...trade, liquidity: 'taker' })).toBe('2.25');
    expect(executionFee(instrument, { ...trade, liquidity: 'maker' })).toBe('0.75');
  });

  it('pays 0.0625 of funding per hour on 0.1 at 50,000: the long pays, the short receives', () => {
    expect(fundingPayment(decimal('0.1'), decimal('50000'), decimal('0.0000125'))).toBe('-0.0625');
    expect(fundingPayment(decimal('-0.1'), decimal('50000'), decimal('0.0000125'))).toBe('0.0625');
  });

  it('liquidates 0.1 long at 50,000 on 500 of margin at 45,569.62 with a maintenance share of 1/80, where equity is 56.962', () => {
    const state = holding('500', position('0.1'));
    const price = liquidationPriceOf(state, TEST_BTC, testMarket({ BTC: '50000' }));
    expect(price === null ? null : round(price, 2)).toBe('45569.62');
    const there = accountMargin(state, testMarket({ BTC: price ?? '0' }));
    expect(round(there.equity, 3)).toBe('56.962');
    expect(round(there.maintenance, 3)).toBe('56.962');
  });

  it('liquidates the same position at 45,180.72 with a maintenance share of 0.4 %, where equity is 18.072', () => {
    const market = testMarket({ BTC: '50000' }, { rules: testRules({ maintenanceMarginRate: decimal('0.004') }) });
    const state = holding('500', position('0.1'));
    const price = liquidationPriceOf(state, TEST_BTC, market);
    expect(price === null ? null : round(price, 2)).toBe('45180.72');
    expect(round(accountMargin(state, testMarket({ BTC: price ?? '0' })).equity, 3)).toBe('18.072');
  });
});

describe('liquidationPriceOf', () => {
  it('mirrors for a short: the price lies above the entry and equity meets maintenance there', () => {
    const state = holding('500', position('-0.1'));
    const price = liquidationPriceOf(state, TEST_BTC, testMarket({ BTC: '50000' }));
    expect(price === null ? null : round(price, 2)).toBe('54320.99');
    const there = accountMargin(state, testMarket({ BTC: price ?? '0' }));
    expect(round(there.equity, 12)).toBe(round(there.maintenance, 12));
  });

  it('is null without a position, and for a long that the balance carries to zero', () => {
    const market = testMarket({ BTC: '50000' });
    expect(liquidationPriceOf(holding('500'), TEST_BTC, market)).toBeNull();
    expect(liquidationPriceOf(holding('5000', position('0.1')), TEST_BTC, market)).toBeNull();
  });

  it('counts what other positions win, lose and need', () => {
    const alone = liquidationPriceOf(holding('500', position('0.1')), TEST_BTC, testMarket({ BTC: '50000' }));
    const losing = holding('500', position('0.1'), position('1', '2000', TEST_ETH));
    const price = liquidationPriceOf(losing, TEST_BTC, testMarket({ BTC: '50000', ETH: '1900' }));
    // Cover falls by 100 of loss and 23.75 of maintenance: (5000 − 376.25) ÷ 0.09875.
    expect(price === null ? null : round(price, 2)).toBe('46822.78');
    expect(Number(price)).toBeGreaterThan(Number(alone));
  });
});

describe('accountMargin', () => {
  it('adds unrealized PnL to the balance and holds margin on notional at the mark', () => {
    const margin = accountMargin(holding('1000', position('0.1')), testMarket({ BTC: '51000' }));
    expect(margin).toMatchObject({
      unrealizedPnl: '100',
      equity: '1100',
      initial: '510',
      maintenance: '63.75',
      reserved: '0',
      free: '590',
    });
  });

  it('lets free margin fall below zero rather than hide a shortfall', () => {
    expect(accountMargin(holding('100', position('0.1')), testMarket({ BTC: '50000' })).free).toBe('-400');
  });
});

describe('priceOfExhaustion', () => {
  it('is the price at which loss and fee eat exactly the cover', () => {
    expect(priceOfExhaustion(position('0.1'), decimal('500'), decimal('0'))).toBe('45000');
    expect(priceOfExhaustion(position('-0.1'), decimal('500'), decimal('0'))).toBe('55000');
  });

  it('is null when no positive price exhausts the cover', () => {
    expect(priceOfExhaustion(position('0.1'), decimal('5000'), decimal('0'))).toBeNull();
    expect(priceOfExhaustion(position('-0.1'), decimal('-5000'), decimal('0'))).toBeNull();
  });
});
