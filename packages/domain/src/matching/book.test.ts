import { testRules } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { decimal, ZERO } from '../money/decimal.ts';
import { bestPrices, isBeyond, ladder, walkBook } from './book.ts';

const rules = testRules();
const mark = decimal('50000');

describe('the modelled book', () => {
  it('quotes one spread around the mark, rounded outward to the price increment', () => {
    expect(bestPrices(mark, rules)).toEqual({ bid: '49999', ask: '50001' });
    expect(bestPrices(decimal('50000.3'), rules)).toEqual({ bid: '49999', ask: '50001.5' });
  });

  it('keeps to a tick that is coarser than the price increment', () => {
    const coarse = testRules({ book: { tick: decimal('10'), levels: 2 } });
    expect(bestPrices(mark, coarse)).toEqual({ bid: '49990', ask: '50010' });
    expect(ladder('buy', mark, coarse).map((level) => level.price)).toEqual(['50010', '50020']);
  });

  it('keeps bid below ask when the spread is zero', () => {
    const tight = testRules({ book: { halfSpreadBps: ZERO } });
    expect(bestPrices(mark, tight)).toEqual({ bid: '50000', ask: '50000.5' });
  });

  it('offers the same notional on every level, away from the mark', () => {
    expect(ladder('buy', mark, rules).map((level) => level.price)).toEqual(['50001', '50002', '50003', '50004', '50005']);
    expect(ladder('sell', mark, rules).map((level) => level.price)).toEqual(['49999', '49998', '49997', '49996', '49995']);
    expect(ladder('buy', mark, rules)[0]?.quantity).toBe('0.999');
    expect(ladder('sell', mark, rules)[0]?.quantity).toBe('1');
  });

  it('moves the whole ladder against the taker by the extra slippage', () => {
    expect(ladder('buy', mark, rules, decimal('2'))[0]?.price).toBe('50011');
    expect(ladder('sell', mark, rules, decimal('2'))[0]?.price).toBe('49989');
  });

  it('has at least one size increment on a level and no level at or below zero', () => {
    const cheap = testRules({ book: { levelNotional: decimal('0.0001'), levelStepBps: decimal('1') } });
    const levels = ladder('sell', decimal('1'), cheap);
    expect(levels).toEqual([{ price: '0.5', quantity: '0.001' }]);
  });

  it('takes levels in order until the quantity is there', () => {
    const taken = walkBook(ladder('sell', mark, rules), { side: 'sell', quantity: decimal('2.5'), limit: null });
    expect(taken).toEqual([
      { price: '49999', quantity: '1' },
      { price: '49998', quantity: '1' },
      { price: '49997', quantity: '0.5' },
    ]);
  });

  it('takes the level at the limit and none beyond it', () => {
    const taken = walkBook(ladder('sell', mark, rules), { side: 'sell', quantity: decimal('5'), limit: decimal('49998') });
    expect(taken.map((level) => level.price)).toEqual(['49999', '49998']);
  });

  it('gives what there is when the ladder is exhausted', () => {
    expect(walkBook(ladder('sell', mark, rules), { side: 'sell', quantity: decimal('50'), limit: null })).toHaveLength(5);
  });

  it('calls a price beyond the limit only when it is worse, not when it is equal', () => {
    expect(isBeyond(decimal('101'), 'buy', decimal('100'))).toBe(true);
    expect(isBeyond(decimal('100'), 'buy', decimal('100'))).toBe(false);
    expect(isBeyond(decimal('99'), 'sell', decimal('100'))).toBe(true);
    expect(isBeyond(decimal('100'), 'sell', decimal('100'))).toBe(false);
  });
});
