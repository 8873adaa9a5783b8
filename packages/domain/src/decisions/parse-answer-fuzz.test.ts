import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDecimal } from '../money/decimal.ts';
import { DECISION_FIELDS } from './answer-schema.ts';
import { parseAnswer } from './parse-answer.ts';

/** Values a careless or hostile model puts where others belong. */
const NASTY: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  'buy',
  'hold',
  'BTC',
  'btc',
  '0',
  '-0',
  '1',
  '-1',
  '1e3',
  '１',
  '0.1',
  'NaN',
  '\0',
  '\ud800',
  '__proto__',
  'x'.repeat(70),
  0,
  -0,
  1,
  -1,
  0.1,
  1e-300,
  1e14,
  1e15,
  1e300,
  [],
  {},
  [null],
  { decisions: [] },
]; // prettier-ignore
const KEYS = [...Object.keys(DECISION_FIELDS), 'decisions', '__proto__', 'constructor', 'toString', 'Operation', 'stop loss', ''];
const operations = fc.constantFrom('buy', 'sell', 'close', 'hold', 'long', 'short');

/** One time in six. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

/** Mostly well-formed decisions with some fields replaced, added or taken away, some texts cut, doubled or spiced. */
const mutatedAnswer = fc
  .record({
    decisions: fc.array(
      fc.record({
        operation: operations,
        symbol: fc.constantFrom('BTC', 'ETH', 'SOL', '1INCH'),
        changes: seldom(fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...NASTY)), { minLength: 1, maxLength: 3 })),
        doubles: fc.boolean(),
        portion: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 4 },
    ),
    form: fc.constantFrom('wrapped', 'list', 'single'),
    cut: seldom(fc.nat(200)),
    spice: fc.option(fc.tuple(fc.nat(200), fc.constantFrom('{', '}', '"', '\\', ',', ':', '\0', '1', 'e', '\ufeff', '[', '</think>')), {
      freq: 6,
    }),
  })
  .map(({ decisions, form, cut, spice }) => {
    const items = decisions.map(({ operation, symbol, portion, changes, doubles }) => {
      const fields: [string, unknown][] = [
        ['operation', operation],
        ['symbol', symbol],
        ['target_portion_of_balance', portion],
        ...(changes ?? []),
      ];
      const written = doubles ? fields : Object.entries(Object.fromEntries(fields));
      return `{${written.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
    });
    let text = form === 'wrapped' ? `{"decisions":[${items.join(',')}]}` : form === 'list' ? `[${items.join(',')}]` : (items[0] ?? '{}');
    if (spice !== null) text = text.slice(0, spice[0]) + spice[1] + text.slice(spice[0]);
    return cut === null ? text : text.slice(0, cut);
  });

test('ten thousand mutated answers never throw: each is decisions that keep the rules, or a coded refusal', () => {
  let accepted = 0;
  fc.assert(
    fc.property(mutatedAnswer, (text) => {
      const result = parseAnswer(text);
      if (!result.ok) {
        expect(['not_json', 'not_one_value', 'schema', 'contradiction', 'too_many']).toContain(result.error.code);
        return;
      }
      accepted += 1;
      for (const decision of result.value) {
        expect(Object.isFrozen(decision)).toBe(true);
        expect(['buy', 'sell', 'close', 'hold']).toContain(decision.operation);
        if (decision.operation !== 'hold') expect(decision.symbol).toMatch(/^[A-Z0-9]{1,20}$/);
        if (decision.portion !== null) {
          expect(isDecimal(decision.portion)).toBe(true);
          expect(Number(decision.portion)).toBeGreaterThanOrEqual(0);
          expect(Number(decision.portion)).toBeLessThanOrEqual(1);
        }
        if (decision.leverage !== null) expect(decision.leverage).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 10_000 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test('arbitrary text and arbitrary JSON never throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      expect(typeof parseAnswer(text).ok).toBe('boolean');
    }),
    { numRuns: 2_000 },
  );
});
