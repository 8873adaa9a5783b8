import { BTC, ETH, order, position } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, decimal, gte, mul, ZERO } from '../money/decimal.ts';
import type { Order } from '../orders/order.ts';
import type { Position } from '../positions/position.ts';
import { type Holding, opposes, weighStakes } from './exposure.ts';

const MARKS = new Map<Symbol, Decimal>([
  [BTC, decimal('100')],
  [ETH, decimal('10')],
]);
const holding = (quantity: string, symbol = BTC): Holding => ({ symbol, quantity: decimal(quantity), leverage: 1 });

function weigh(given: {
  positions?: readonly Position[];
  holdings?: readonly Holding[];
  entries?: readonly Order[];
  marks?: typeof MARKS;
}) {
  const { positions = [], holdings = [], entries = [], marks = MARKS } = given;
  return weighStakes({ positions, holdings, entries, markOf: (symbol) => marks.get(symbol) ?? null });
}

describe('what is at stake', () => {
  test('is nothing when nothing is open', () => {
    expect(weigh({})).toEqual({ totalNotional: ZERO, longNotional: ZERO, shortNotional: ZERO, symbols: [], unpriced: [] });
  });

  test.each([
    ['ours alone', '2', null, '200', '200', '0'],
    ['the venue’s alone', null, '3', '300', '300', '0'],
    ['the greater, when it is ours', '2', '1', '200', '200', '0'],
    ['the greater, when it is the venue’s', '1', '2', '200', '200', '0'],
    ['a short', '-2', '-3', '300', '0', '300'],
    ['both sides, when ours and the venue’s differ in direction', '2', '-3', '300', '200', '300'],
  ])('counts of a position %s', (_name, ours, theirs, totalNotional, longNotional, shortNotional) => {
    const positions =
      ours === null ? [] : [position({ side: ours.startsWith('-') ? 'short' : 'long', quantity: decimal(ours.replace('-', '')) })];
    const holdings = theirs === null ? [] : [holding(theirs)];
    expect(weigh({ positions, holdings })).toMatchObject({ totalNotional, longNotional, shortNotional, symbols: [BTC] });
  });

  test('counts the rest of an open entry at its limit or the mark, whichever is more', () => {
    const at = (price: string) =>
      order({ quantity: decimal('3'), filledQuantity: decimal('1'), type: { kind: 'limit', price: decimal(price), timeInForce: 'gtc' } });
    expect(weigh({ entries: [at('90')] })).toMatchObject({ totalNotional: '200', longNotional: '200', symbols: [BTC] });
    expect(weigh({ entries: [at('110')] }).totalNotional).toBe('220');
    expect(weigh({ entries: [{ ...at('110'), side: 'sell' }] })).toMatchObject({ longNotional: '0', shortNotional: '220' });
  });

  test('counts an entry that waits for its trigger at the price of the trigger', () => {
    const type = { kind: 'trigger', triggerPrice: decimal('120'), trigger: 'stop_loss' } as const;
    expect(weigh({ entries: [order({ type })] }).totalNotional).toBe('120');
  });

  test('adds over symbols and names each once', () => {
    const stakes = weigh({
      positions: [position(), position({ symbol: ETH, quantity: decimal('7') })],
      holdings: [holding('1'), holding('5', ETH)],
      entries: [order({ symbol: ETH })],
    });
    // 1 × 100 + 7 × 10 + the entry of 1 at its limit of 100.
    expect(stakes).toMatchObject({ totalNotional: '270', longNotional: '270', symbols: [BTC, ETH] });
  });

  test('names what has no price, whoever holds it', () => {
    const marks = new Map([[BTC, decimal('100')]]);
    expect(weigh({ positions: [position({ symbol: ETH })], marks }).unpriced).toEqual([ETH]);
    expect(weigh({ holdings: [holding('1', ETH)], marks }).unpriced).toEqual([ETH]);
    expect(weigh({ entries: [order({ symbol: ETH })], marks })).toMatchObject({ unpriced: [ETH], totalNotional: '100' });
    expect(weigh({ positions: [position()], marks }).unpriced).toEqual([]);
  });

  test('is never less than what either side holds plus every open entry', () => {
    const amount = fc.integer({ min: -50, max: 50 }).map((value) => decimal(String(value)));
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 9 }), (ours, theirs, rest) => {
        const side = ours.startsWith('-') ? ('short' as const) : ('long' as const);
        const entries = [order({ quantity: decimal(String(rest)) })];
        const { totalNotional, longNotional, shortNotional } = weigh({
          positions: [position({ side, quantity: abs(ours) })],
          holdings: [{ symbol: BTC, quantity: theirs, leverage: 1 }],
          entries,
        });
        const pending = decimal(String(rest * 100));
        for (const held of [ours, theirs]) {
          expect(gte(totalNotional, add(mul(abs(held), decimal('100')), pending))).toBe(true);
          expect(gte(longNotional, add(mul(held, decimal('100')), pending))).toBe(true);
          expect(gte(shortNotional, mul(held, decimal('-100')))).toBe(true);
        }
      }),
    );
  });
});

test('a holding opposes the side that would reduce it', () => {
  expect([opposes(holding('1'), 'sell'), opposes(holding('1'), 'buy')]).toEqual([true, false]);
  expect([opposes(holding('-1'), 'sell'), opposes(holding('-1'), 'buy')]).toEqual([false, true]);
});
