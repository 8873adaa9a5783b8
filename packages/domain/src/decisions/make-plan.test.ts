import { decision, instrument, position, quote } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, type Decimal, decimal, eq, floorToStep, gt, gte, isPositive, lte, max, mul, sub, ZERO } from '../money/decimal.ts';
import type { Decision } from './decision.ts';
import { makePlan, type PlanInputs, SLIPPAGE_LIMIT } from './make-plan.ts';
import type { EntryPlan, ExitPlan } from './plan.ts';

/** Price 100 with a spread of 0.2, steps of 0.1 and 0.01, no fee and no minimum: every figure below can be done in the head. */
const plain = instrument({
  priceIncrement: decimal('0.1'),
  sizeIncrement: decimal('0.01'),
  quantityMin: decimal('0.01'),
  notionalMin: ZERO,
  takerFeeRate: ZERO,
});
const at100 = quote({ bid: decimal('99.9'), ask: decimal('100.1'), mark: decimal('100') });

const inputs = (wish: Partial<Decision>, change: Partial<PlanInputs> = {}): PlanInputs => ({
  decision: decision({ portion: decimal('1'), takeProfit: null, stopLoss: null, ...wish }),
  instrument: plain,
  quote: at100,
  available: decimal('1000'),
  position: null,
  maxPriceDeviation: decimal('0.05'),
  ...change,
});

function entry(given: PlanInputs): EntryPlan {
  const result = makePlan(given);
  if (!result.ok || result.value.kind !== 'entry') throw new Error(`Expected an entry, was ${JSON.stringify(result)}`);
  return result.value;
}

function exit(given: PlanInputs): ExitPlan {
  const result = makePlan(given);
  if (!result.ok || result.value.kind !== 'exit') throw new Error(`Expected an exit, was ${JSON.stringify(result)}`);
  return result.value;
}

const denial = (given: PlanInputs) => {
  const result = makePlan(given);
  return result.ok ? null : result.error.code;
};

const decimals = (low: number, high: number, places: number): fc.Arbitrary<Decimal> =>
  fc.integer({ min: low * 10 ** places, max: high * 10 ** places }).map((units) => decimal((units / 10 ** places).toFixed(places)));

describe('size of an entry', () => {
  test.each([
    // limit = floor(100.1 × 1.005) = 100.6; quantity = floor(portion × 1000 × leverage ÷ 100.6)
    ['buy', '1', 1, '9.94', '999.964'],
    ['buy', '0.5', 1, '4.97', '499.982'],
    ['buy', '0.1', 3, '2.98', '299.788'],
    // A sell fills at 99.9 or better and is margined at the mark of 100: quantity = floor(portion × 1000 × leverage ÷ 100)
    ['sell', '0.5', 1, '5', '500'],
    ['sell', '0.1', 3, '3', '300'],
  ] as const)('%s of portion %s at leverage %d is %s for a notional of %s', (operation, portion, leverage, quantity, notional) => {
    expect(entry(inputs({ operation, portion: decimal(portion), leverage }))).toMatchObject({ quantity, notional, leverage });
  });

  test('the fee comes out of the same budget as the margin', () => {
    // 100 ÷ (100.6 × (1 + 10 × 0.01)) × 10 = 9.036… ; without the fee it would be 9.94.
    const expensive = { ...plain, takerFeeRate: decimal('0.01') };
    expect(entry(inputs({ portion: decimal('0.1'), leverage: 10 }, { instrument: expensive })).quantity).toBe('9.03');
  });

  test('with everything at stake, the worst fill still fits: margin at mark, fee and the loss against the mark', () => {
    // Leverage 10: per unit 100 ÷ 10 + 0.6 of slippage = 10.6 → 94.33, although 1000 × 10 ÷ 100.6 would be 99.40.
    expect(entry(inputs({ leverage: 10 })).quantity).toBe('94.33');
  });

  test('a quotient that rounds up to a whole step buys one step less', () => {
    const whole = { ...plain, priceIncrement: decimal('1'), sizeIncrement: decimal('1') };
    const atOne = quote({ bid: decimal('1'), ask: decimal('1'), mark: decimal('1') });
    const buys = (available: string) => entry(inputs({}, { instrument: whole, quote: atOne, available: decimal(available) })).quantity;
    expect(buys('10')).toBe('10');
    // Twenty-five nines behind the point are more than a quotient keeps.
    expect(buys('9.9999999999999999999999999')).toBe('9');
  });

  test('the margin is the notional by leverage', () => {
    expect(entry(inputs({ portion: decimal('0.1'), leverage: 4 }))).toMatchObject({ notional: '399.382', margin: '99.8455' });
  });

  test('leverage is the decision’s, else the position’s, else 1, and always whole', () => {
    expect(entry(inputs({ leverage: 5 })).leverage).toBe(5);
    expect(entry(inputs({}, { position: position({ leverage: 3 }) })).leverage).toBe(3);
    expect(entry(inputs({})).leverage).toBe(1);
    expect(entry(inputs({ leverage: 2.9 })).leverage).toBe(2);
  });

  test.each([
    ['nothing available', { available: ZERO }],
    ['a negative rest', { available: decimal('-5') }],
    ['less than one step', { available: decimal('1') }],
  ])('%s is too small for an order', (_name, change) => {
    expect(denial(inputs({}, change))).toBe('order_too_small');
  });

  test.each([
    [null, 'size_missing'],
    ['0', 'size_missing'],
    ['0.000001', 'order_too_small'],
  ])('a portion of %s is denied with %s', (portion, code) => {
    expect(denial(inputs({ portion: portion === null ? null : decimal(portion) }))).toBe(code);
  });

  test('the least quantity passes, one step less is denied', () => {
    const withMinimum = (quantityMin: string) => inputs({}, { instrument: { ...plain, quantityMin: decimal(quantityMin) } });
    expect(denial(withMinimum('9.94'))).toBeNull();
    expect(denial(withMinimum('9.95'))).toBe('order_too_small');
  });

  test('the least notional is judged at the lower of mark and limit, both sides', () => {
    const withMinimum = (notionalMin: string, operation: 'buy' | 'sell') =>
      inputs({ operation, portion: decimal('0.5') }, { instrument: { ...plain, notionalMin: decimal(notionalMin) } });
    expect(denial(withMinimum('497', 'buy'))).toBeNull();
    expect(denial(withMinimum('497.01', 'buy'))).toBe('order_too_small');
    // 5 × 99.5, the lowest price the sell may take
    expect(denial(withMinimum('497.5', 'sell'))).toBeNull();
    expect(denial(withMinimum('497.51', 'sell'))).toBe('order_too_small');
  });

  test('the venue’s greatest leverage passes, one more is denied', () => {
    const of = (leverage: number) => inputs({ portion: decimal('0.1'), leverage }, { instrument: { ...plain, leverageMax: 20 } });
    expect(denial(of(20))).toBeNull();
    expect(denial(of(21))).toBe('leverage_exceeded');
  });
});

describe('price limit of an entry', () => {
  test.each([
    ['buy', 'ioc', '100.6'],
    ['buy', 'fok', '100.6'],
    ['buy', 'gtc', '99.9'],
    ['buy', 'post_only', '99.9'],
    ['sell', 'ioc', '99.5'],
    ['sell', 'gtc', '100.1'],
    ['sell', 'post_only', '100.1'],
  ] as const)('%s %s may take %s at worst', (operation, timeInForce, limitPrice) => {
    expect(entry(inputs({ operation, timeInForce, portion: decimal('0.5') })).limitPrice).toBe(limitPrice);
  });

  test('max_price lowers a buy and is rounded down; below the ask it is denied', () => {
    expect(entry(inputs({ maxPrice: decimal('100.19') })).limitPrice).toBe('100.1');
    expect(denial(inputs({ maxPrice: decimal('100.09') }))).toBe('price_limit');
    expect(entry(inputs({ maxPrice: decimal('200') })).limitPrice).toBe('100.6');
    expect(entry(inputs({ maxPrice: decimal('95'), timeInForce: 'gtc' })).limitPrice).toBe('95');
  });

  test('min_price raises a sell and is rounded up; above the bid it is denied', () => {
    expect(entry(inputs({ operation: 'sell', minPrice: decimal('99.81') })).limitPrice).toBe('99.9');
    expect(denial(inputs({ operation: 'sell', minPrice: decimal('99.91') }))).toBe('price_limit');
    expect(entry(inputs({ operation: 'sell', minPrice: decimal('1') })).limitPrice).toBe('99.5');
    expect(entry(inputs({ operation: 'sell', minPrice: decimal('105'), timeInForce: 'gtc' })).limitPrice).toBe('105');
  });

  test('a price that rounds to nothing is denied', () => {
    expect(denial(inputs({ maxPrice: decimal('0.01'), timeInForce: 'gtc' }))).toBe('price_limit');
  });
});

describe('protective prices', () => {
  const levels = { takeProfit: { kind: 'pct', pct: decimal('4') }, stopLoss: { kind: 'pct', pct: decimal('2') } } as const;

  test('percent are taken from the mark: stop-loss on the losing side, take-profit on the winning side', () => {
    expect(entry(inputs(levels))).toMatchObject({ stopLossPrice: '98', takeProfitPrice: '104' });
    expect(entry(inputs({ ...levels, operation: 'sell' }))).toMatchObject({ stopLossPrice: '102', takeProfitPrice: '96' });
  });

  test('both are rounded toward the price: a smaller loss, a nearer profit', () => {
    const odd = {
      takeProfit: { kind: 'price', price: decimal('104.07') },
      stopLoss: { kind: 'price', price: decimal('97.93') },
    } as const;
    expect(entry(inputs(odd))).toMatchObject({ stopLossPrice: '98', takeProfitPrice: '104' });
    const short = {
      operation: 'sell',
      takeProfit: { kind: 'price', price: decimal('95.93') },
      stopLoss: { kind: 'price', price: decimal('102.07') },
    } as const;
    expect(entry(inputs(short))).toMatchObject({ stopLossPrice: '102', takeProfitPrice: '96' });
  });

  test('a level that is not wished for is null', () => {
    expect(entry(inputs({}))).toMatchObject({ stopLossPrice: null, takeProfitPrice: null });
  });
});

describe('exits', () => {
  const held = position({ quantity: decimal('2.55') });
  const close = (portion: string | null, change: Partial<PlanInputs> = {}): PlanInputs =>
    inputs({ operation: 'close', portion: portion === null ? null : decimal(portion) }, { position: held, ...change });

  test.each([
    [null, '2.55'],
    ['1', '2.55'],
    ['0.5', '1.28'],
    ['0.0001', '0.01'],
  ])('closing a share of %s sells %s: rounded up, toward less risk, never more than is held', (portion, quantity) => {
    expect(exit(close(portion))).toEqual({
      kind: 'exit',
      symbol: 'BTC',
      side: 'sell',
      quantity,
      limitPrice: '99.4',
      referencePrice: '100',
    });
  });

  test('a short is bought back', () => {
    expect(exit(close(null, { position: position({ side: 'short' }) }))).toMatchObject({ side: 'buy', quantity: '1', limitPrice: '100.7' });
  });

  test('a rest smaller than one step is still closed whole', () => {
    expect(exit(close('0.5', { position: position({ quantity: decimal('0.003') }) })).quantity).toBe('0.003');
  });

  test('the price of a sale is at least one increment', () => {
    const cheap = quote({ bid: decimal('0.1'), ask: decimal('0.2'), mark: decimal('0.1') });
    expect(exit(close(null, { quote: cheap })).limitPrice).toBe('0.1');
  });

  test.each([
    // Touch 99.9 / 100.1, mark 100; a collar of 0.3 % ends at 99.7 and 100.3, before the 0.5 % of slippage.
    ['long', '0.003', '99.7'],
    ['short', '0.003', '100.3'],
    // A collar of 0.05 % would not even reach the touch: it must not keep anyone in a position.
    ['long', '0.0005', '99.9'],
    ['short', '0.0005', '100.1'],
    ['long', '0.05', '99.4'],
    ['short', '0.05', '100.7'],
  ] as const)('of a %s under a collar of %s reaches to %s', (side, collar, limitPrice) => {
    const held = { position: position({ side }), maxPriceDeviation: decimal(collar) };
    expect(exit(inputs({ operation: 'close' }, held)).limitPrice).toBe(limitPrice);
  });

  test('always reach the touch, whatever the collar and wherever the mark', () => {
    fc.assert(
      fc.property(decimals(1, 200, 2), decimals(0, 1, 3), fc.constantFrom('long', 'short'), (mark, maxPriceDeviation, side) => {
        const prices = quote({ ...at100, mark });
        const held = { quote: prices, position: position({ side }), maxPriceDeviation };
        const { limitPrice } = exit(inputs({ operation: 'close' }, held));
        expect(side === 'long' ? lte(limitPrice, prices.bid) : gte(limitPrice, prices.ask)).toBe(true);
      }),
    );
  });

  test('a share of 0 is denied, and so is closing what is not held', () => {
    expect(denial(close('0'))).toBe('size_missing');
    expect(denial(close(null, { position: null }))).toBe('no_position');
  });
});

describe('open position', () => {
  test.each([
    ['buy', 'short'],
    ['sell', 'long'],
  ] as const)('a %s never turns an open %s around', (operation, side) => {
    expect(denial(inputs({ operation }, { position: position({ side }) }))).toBe('opposite_position');
  });

  test('the same side increases', () => {
    expect(denial(inputs({ operation: 'buy' }, { position: position({ side: 'long' }) }))).toBeNull();
    expect(denial(inputs({ operation: 'sell' }, { position: position({ side: 'short' }) }))).toBeNull();
  });
});

const steps = fc.constantFrom('1', '0.5', '0.1', '0.01', '0.001', '0.00001', '0.25', '0.3');

const anyInputs: fc.Arbitrary<PlanInputs> = fc
  .record({
    operation: fc.constantFrom('buy', 'sell'),
    timeInForce: fc.constantFrom('ioc', 'gtc', 'fok', 'post_only'),
    portion: decimals(0, 1, 6),
    leverage: fc.option(fc.double({ min: 1, max: 60, noNaN: true })),
    available: decimals(-10, 100_000, 6),
    price: decimals(1, 100_000, 2),
    spreadTicks: fc.integer({ min: 1, max: 20 }),
    priceIncrement: steps,
    sizeIncrement: steps,
    fee: decimals(0, 1, 4).map((rate) => mul(rate, decimal('0.01'))),
  })
  .map((given) => {
    const tick = decimal(given.priceIncrement);
    const bid = max(tick, floorToStep(given.price, tick));
    const ask = add(bid, mul(tick, decimal(String(given.spreadTicks))));
    return {
      decision: decision({
        operation: given.operation as 'buy' | 'sell',
        timeInForce: given.timeInForce as 'ioc',
        portion: given.portion,
        leverage: given.leverage,
      }),
      instrument: instrument({ priceIncrement: tick, sizeIncrement: decimal(given.sizeIncrement), takerFeeRate: given.fee }),
      quote: quote({ bid, ask, mark: given.price }),
      available: given.available,
      position: null,
      maxPriceDeviation: decimal('0.05'),
    };
  });

const isMultiple = (value: Decimal, step: Decimal): boolean => eq(floorToStep(value, step), value);

test('every plan obeys the increments, and margin + fee never exceed the portion of what is available', () => {
  let planned = 0;
  fc.assert(
    fc.property(anyInputs, (given) => {
      const result = makePlan(given);
      if (!result.ok || result.value.kind !== 'entry') return;
      planned += 1;
      const { quantity, limitPrice, notional, leverage, side } = result.value;
      const { instrument: rules, quote: prices, available, decision: wish } = given;
      expect(isMultiple(quantity, rules.sizeIncrement)).toBe(true);
      expect(isMultiple(limitPrice, rules.priceIncrement)).toBe(true);
      expect(isPositive(quantity) && isPositive(limitPrice)).toBe(true);
      expect(gte(notional, mul(quantity, limitPrice))).toBe(true);
      // margin + fee ≤ portion × available, both sides times leverage: exact.
      const by = decimal(String(leverage));
      const needed = mul(notional, add(decimal('1'), mul(by, rules.takerFeeRate)));
      const budget = mul(mul(available, wish.portion ?? ZERO), by);
      expect(lte(needed, budget)).toBe(true);
      // Greedy: one more step would not fit, unless the worst fill is what limits.
      const worse = side === 'buy' ? sub(limitPrice, prices.mark) : sub(prices.mark, limitPrice);
      if (lte(wish.portion ?? ZERO, decimal('0.5')) && lte(mul(by, max(ZERO, worse)), mul(prices.mark, decimal('0.5'))))
        expect(
          gt(mul(mul(add(quantity, rules.sizeIncrement), notional), add(decimal('1'), mul(by, rules.takerFeeRate))), mul(budget, quantity)),
        ).toBe(true);
      const protective = [result.value.stopLossPrice, result.value.takeProfitPrice];
      for (const price of protective) if (price !== null) expect(isMultiple(price, rules.priceIncrement)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(planned).toBeGreaterThan(500);
});

test('a marketable order never reaches farther than the slippage limit beyond the touch', () => {
  fc.assert(
    fc.property(anyInputs, (given) => {
      const result = makePlan(given);
      if (!result.ok || result.value.kind !== 'entry') return;
      const { side, limitPrice } = result.value;
      if (side === 'buy') expect(lte(limitPrice, mul(given.quote.ask, add(decimal('1'), SLIPPAGE_LIMIT)))).toBe(true);
      else expect(gte(limitPrice, mul(given.quote.bid, sub(decimal('1'), SLIPPAGE_LIMIT)))).toBe(true);
    }),
  );
});
