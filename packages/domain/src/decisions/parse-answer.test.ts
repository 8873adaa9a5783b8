import { describe, expect, test } from 'vitest';
import { DECISION_ANSWER_SCHEMA, DECISION_FIELDS, DECISIONS_MAX, REASON_LENGTH_MAX } from './answer-schema.ts';
import type { InvalidDecision } from './decision.ts';
import { parseAnswer } from './parse-answer.ts';

const buy = { operation: 'buy', symbol: 'BTC', target_portion_of_balance: 0.2, leverage: 2, stop_loss_price: 48000, reason: 'up' };
const answerOf = (...decisions: readonly object[]): string => JSON.stringify({ decisions });
const withFields = (fields: object): string => JSON.stringify({ ...buy, ...fields });

function parsed(text: string) {
  const result = parseAnswer(text);
  if (!result.ok) throw new Error(`Expected decisions, was: ${result.error.message}`);
  return result.value;
}

function refused(text: string): InvalidDecision {
  const result = parseAnswer(text);
  if (result.ok) throw new Error(`Expected a refusal, was: ${JSON.stringify(result.value)}`);
  return result.error;
}

describe('accepted answers', () => {
  test('a full decision in the first vocabulary', () => {
    const text = answerOf({
      operation: 'sell',
      symbol: 'ETH',
      target_portion_of_balance: 0.25,
      leverage: 3,
      take_profit_price: 2800.5,
      stop_loss_price: '3200',
      min_price: 2990,
      time_in_force: 'gtc',
      confidence: 0.7,
      reason: 'weak',
    });
    expect(parsed(text)).toEqual([
      {
        operation: 'sell',
        symbol: 'ETH',
        portion: '0.25',
        leverage: 3,
        takeProfit: { kind: 'price', price: '2800.5' },
        stopLoss: { kind: 'price', price: '3200' },
        maxPrice: null,
        minPrice: '2990',
        timeInForce: 'gtc',
        confidence: 0.7,
        reason: 'weak',
      },
    ]);
  });

  test('a full decision in the second vocabulary', () => {
    const text = JSON.stringify({
      operation: 'long',
      symbol: 'BTC',
      size_pct: 12.5,
      take_profit_pct: 4,
      stop_loss_pct: 2,
      max_price: 51000,
      reasoning: 'strong',
    });
    expect(parsed(text)).toEqual([
      {
        operation: 'buy',
        symbol: 'BTC',
        portion: '0.125',
        leverage: null,
        takeProfit: { kind: 'pct', pct: '4' },
        stopLoss: { kind: 'pct', pct: '2' },
        maxPrice: '51000',
        minPrice: null,
        timeInForce: 'ioc',
        confidence: null,
        reason: 'strong',
      },
    ]);
  });

  test.each([
    ['buy', 'buy'],
    ['long', 'buy'],
    ['sell', 'sell'],
    ['short', 'sell'],
    ['close', 'close'],
    ['hold', 'hold'],
  ])('the word %s means %s', (word, operation) => {
    expect(parsed(withFields({ operation: word }))[0]?.operation).toBe(operation);
  });

  test('one object, a list and {"decisions":[…]} say the same', () => {
    const expected = parsed(answerOf(buy));
    expect(parsed(JSON.stringify(buy))).toEqual(expected);
    expect(parsed(JSON.stringify([buy]))).toEqual(expected);
    expect(parsed(`\n  ${JSON.stringify(buy)}\t`)).toEqual(expected);
  });

  test.each(['{"decisions":[]}', '[]'])('%s is a valid wish to do nothing', (text) => {
    expect(parsed(text)).toEqual([]);
  });

  test('a hold needs no symbol, every other operation does', () => {
    expect(parsed('{"operation":"hold"}')[0]).toMatchObject({ operation: 'hold', symbol: null });
    for (const operation of ['buy', 'sell', 'close']) expect(refused(JSON.stringify({ operation })).code).toBe('schema');
  });

  test('several decisions keep their order', () => {
    const answer = parsed(answerOf({ operation: 'close', symbol: 'ETH' }, buy, { operation: 'hold', symbol: 'SOL' }));
    expect(answer.map(({ operation, symbol }) => `${operation} ${symbol}`)).toEqual(['close ETH', 'buy BTC', 'hold SOL']);
  });

  test.each(['BTC', '1INCH', 'KPEPE', 'A', 'A'.repeat(20)])('takes the symbol %s', (symbol) => {
    expect(parsed(withFields({ symbol }))[0]?.symbol).toBe(symbol);
  });

  test('null says the same as leaving a field out', () => {
    const nulls = Object.fromEntries(Object.keys(DECISION_FIELDS).map((name) => [name, null]));
    const given = { operation: 'buy', symbol: 'BTC' };
    expect(parsed(JSON.stringify({ ...nulls, ...given }))).toEqual(parsed(JSON.stringify(given)));
  });

  test('numbers arrive as the decimal that was written', () => {
    expect(parsed(withFields({ stop_loss_price: '0.000012345678901234' }))[0]?.stopLoss).toEqual({
      kind: 'price',
      price: '0.000012345678901234',
    });
    expect(parsed('{"operation":"buy","symbol":"BTC","max_price":0.1000}')[0]?.maxPrice).toBe('0.1');
  });

  test('a long reason is kept in full up to the limit, then cut', () => {
    expect(parsed(withFields({ reason: 'r'.repeat(5_000) }))[0]?.reason).toHaveLength(5_000);
    expect(parsed(withFields({ reason: 'r'.repeat(REASON_LENGTH_MAX) }))[0]?.reason).toHaveLength(REASON_LENGTH_MAX);
    expect(parsed(withFields({ reason: 'r'.repeat(REASON_LENGTH_MAX + 1) }))[0]?.reason).toHaveLength(REASON_LENGTH_MAX);
  });

  test('a reason can always be stored: no NUL, no half of a character', () => {
    expect(parsed(withFields({ reason: 'a\0b' }))[0]?.reason).toBe('a\ufffdb');
    expect(parsed('{"operation":"hold","reason":"\\ud83d"}')[0]?.reason).toBe('\ufffd');
    expect(parsed(withFields({ reason: '😀' }))[0]?.reason).toBe('😀');
    expect(parsed(withFields({ reason: `${'r'.repeat(REASON_LENGTH_MAX - 1)}😀` }))[0]?.reason).toMatch(/r\ufffd$/);
  });
});

describe('limits, both sides', () => {
  test.each([
    ['target_portion_of_balance', [0, 1, '0.5'], [-0.000001, 1.000001, 20]],
    ['size_pct', [0, 100, 0.01], [-1, 100.0001]],
    ['leverage', [1, 50, 1000], [0, 0.99, -1, 1000.5, 1001]],
    ['take_profit_price', [0.000001, '1'], [0, -1]],
    ['take_profit_pct', [0.01, 500], [0, -4]],
    ['stop_loss_pct', [0.01, 99], [0, -2]],
    ['max_price', [1], [0, -1]],
    ['min_price', [1], [0, -1]],
    ['confidence', [0, 1, 0.5], [-0.01, 1.01, 90]],
  ] as const)('%s', (name, inside, outside) => {
    const decide = (value: unknown): string => JSON.stringify({ operation: 'buy', symbol: 'BTC', [name]: value });
    for (const value of inside) expect(parseAnswer(decide(value)).ok, String(value)).toBe(true);
    for (const value of outside) expect(refused(decide(value)).code, String(value)).toBe('schema');
  });

  test('takes as many decisions as the limit and none more', () => {
    const many = (count: number): string => answerOf(...Array.from({ length: count }, (_, index) => ({ ...buy, symbol: `S${index}` })));
    expect(parsed(many(DECISIONS_MAX))).toHaveLength(DECISIONS_MAX);
    expect(refused(many(DECISIONS_MAX + 1)).code).toBe('too_many');
  });
});

describe('refused answers', () => {
  test.each([
    ['nothing', ''],
    ['prose', 'I would buy BTC.'],
    ['prose around JSON', `Here you go: ${JSON.stringify(buy)}`],
    ['a fence', `\`\`\`json\n${JSON.stringify(buy)}\n\`\`\``],
    ['two values', `${JSON.stringify(buy)}${JSON.stringify(buy)}`],
    ['two lines of JSON', `${JSON.stringify(buy)}\n${JSON.stringify(buy)}`],
    ['an answer cut in the middle', answerOf(buy).slice(0, -3)],
    ['a comment', `${JSON.stringify(buy)} // done`],
    ['a trailing comma', '{"operation":"hold",}'],
    ['single quotes', "{'operation':'hold'}"],
    ['NaN', '{"operation":"buy","symbol":"BTC","leverage":NaN}'],
    ['Infinity', '{"operation":"buy","symbol":"BTC","leverage":Infinity}'],
    ['a byte order mark', `\ufeff${JSON.stringify(buy)}`],
    ['thoughts before the JSON', `<think>hm</think>${JSON.stringify(buy)}`],
  ])('%s is not one JSON value', (_name, text) => {
    expect(refused(text).code).toBe('not_json');
  });

  test.each(['null', 'true', '1', '"buy"'])('%s is no decision', (text) => {
    expect(refused(text).code).toBe('not_one_value');
  });

  test.each([
    ['an unknown operation', { operation: 'moon' }],
    ['an operation in capitals', { operation: 'BUY' }],
    ['an operation with a space', { operation: 'buy ' }],
    ['a Cyrillic look-alike in the operation', { operation: 'b\u0443y' }],
    ['a Cyrillic look-alike in the symbol', { symbol: 'B\u0422C' }],
    ['a full-width symbol', { symbol: 'ＢＴＣ' }],
    ['an inherited name as operation', { operation: 'constructor' }],
    ['a number as operation', { operation: 1 }],
    ['a small-letter symbol', { symbol: 'btc' }],
    ['a symbol with a quote currency', { symbol: 'BTC/USDC' }],
    ['an empty symbol', { symbol: '' }],
    ['a symbol of 21 characters', { symbol: 'A'.repeat(21) }],
    ['a list of symbols', { symbol: ['BTC'] }],
    ['a field nobody knows', { quantity: 3 }],
    ['a field that differs by one capital', { stop_loss_Price: 1 }],
    ['a number with a unit', { leverage: '2x' }],
    ['a number with a comma', { stop_loss_price: '48,000' }],
    ['a number in exponent form as text', { stop_loss_price: '4.8e4' }],
    ['an empty number', { leverage: '' }],
    ['a boolean number', { leverage: true }],
    ['a number as list', { leverage: [2] }],
    ['a number beyond every price', { max_price: 1e15 }],
    ['an endless number', { max_price: '1'.repeat(61) }],
    ['an unknown time in force', { time_in_force: 'day' }],
    ['a time in force in capitals', { time_in_force: 'GTC' }],
    ['a reason that is no text', { reason: { why: 'up' } }],
    ['a second reason that is no text', { reasoning: 5 }],
  ])('%s makes the answer invalid', (_name, fields) => {
    expect(refused(withFields(fields)).code).toBe('schema');
  });

  test('1e400 is not a number JSON can carry, and is refused', () => {
    expect(refused('{"operation":"buy","symbol":"BTC","max_price":1e400}').code).toBe('schema');
  });

  test('a field from a prototype is a field nobody knows', () => {
    expect(refused('{"operation":"hold","__proto__":{"leverage":100}}').code).toBe('schema');
    expect(refused('{"operation":"hold","constructor":1}').code).toBe('schema');
  });

  test.each([
    ['both sizes', { size_pct: 20 }],
    ['both stop-losses', { stop_loss_pct: 2 }],
    ['both take-profits', { take_profit_price: 52000, take_profit_pct: 4 }],
  ])('%s contradict each other', (_name, fields) => {
    expect(refused(withFields(fields)).code).toBe('contradiction');
  });

  test('a field that stands twice is a contradiction, not a choice of the parser', () => {
    expect(refused('{"operation":"hold","symbol":"BTC","operation":"buy"}').code).toBe('contradiction');
    expect(refused('{"operation":"buy","symbol":"BTC","leverage":1,"leverag\\u0065":50}').code).toBe('contradiction');
  });

  test('two decisions for one symbol contradict each other; holds do not', () => {
    expect(refused(answerOf(buy, { operation: 'close', symbol: 'BTC' })).code).toBe('contradiction');
    expect(refused(answerOf(buy, { operation: 'long', symbol: 'BTC' })).code).toBe('contradiction');
    expect(parsed(answerOf(buy, { operation: 'hold', symbol: 'BTC' }, { operation: 'hold' }, { operation: 'hold' }))).toHaveLength(4);
  });

  test('nothing is salvaged: one bad decision of three makes all three invalid', () => {
    const error = refused(answerOf(buy, { ...buy, symbol: 'ETH', leverage: 'high' }, { operation: 'hold' }));
    expect(error).toEqual({ code: 'schema', message: 'Expected decisions[1].leverage to be a number.' });
  });

  test.each([
    ['{"decisions":{}}', 'a list'],
    ['{"decisions":null}', 'a list'],
    ['{"decisions":[],"operation":"buy"}', 'operation'],
    ['{"decisions":[1]}', 'an object'],
    ['[[]]', 'an object'],
    ['[null]', 'an object'],
  ])('%s is refused with a message about %s', (text, about) => {
    const error = refused(text);
    expect(error.code).toBe('schema');
    expect(error.message).toContain(about);
  });

  test('a message never repeats more than 60 characters of what the model wrote', () => {
    expect(refused(JSON.stringify({ ...buy, ['x'.repeat(100_000)]: 1 })).message.length).toBeLessThan(160);
    expect(refused(JSON.stringify({ decisions: [], ['x'.repeat(100_000)]: 1 })).message.length).toBeLessThan(160);
  });

  test('an error of ours is no invalid answer: it is thrown', () => {
    const noText = { toString: () => '{}' } as unknown as string;
    expect(() => parseAnswer(noText)).toThrow(TypeError);
  });

  test('huge and deep answers end in a refusal', () => {
    expect(refused('['.repeat(100_000)).code).toBe('not_json');
    expect(refused(`${'['.repeat(2_000)}${']'.repeat(2_000)}`).code).toBe('schema');
    expect(refused(`{"operation":"hold","x":"${'y'.repeat(2_000_000)}"}`).code).toBe('schema');
    expect(refused(JSON.stringify(Array.from({ length: 50_000 }, () => 1))).code).toBe('too_many');
  });
});

describe('the asked-for schema', () => {
  test('names exactly the fields that are read', () => {
    const items = (
      DECISION_ANSWER_SCHEMA as { properties: { decisions: { items: { properties: object; additionalProperties: boolean } } } }
    ).properties.decisions.items;
    expect(Object.keys(items.properties)).toEqual(Object.keys(DECISION_FIELDS));
    expect(items.additionalProperties).toBe(false);
  });
});
