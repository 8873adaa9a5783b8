import { pick, type Random, type Situation } from './situation.ts';

type Fields = Record<string, unknown>;

/** One in so many answers is of this many bytes. */
const HUGE_SHARE = 1 / 20_000;
const HUGE_LENGTH = 10 * 1_048_576;

/** Words that look like ours. */
const LOOK_ALIKES = [
  'ВТС',
  'BTC\u200b',
  'ＢＴＣ',
  'btc',
  ' BTC',
  'BTC\u0000',
  'ETH\u202e',
  'B\u0301TC',
  'SOL',
  '',
  'constructor',
  '__proto__',
] as const;
const NUMBERS = [
  '1e400',
  '-1e400',
  '1e-400',
  '1e15',
  '999999999999999999999',
  '0.0000000000000000000000001',
  '-0',
  '-5',
  '0',
  '1.5',
  '1e3',
  'NaN',
  'Infinity',
  '-Infinity',
  'null',
  'true',
  '"1e3"',
  '"0x10"',
  '"50 000"',
  '"50,000"',
  '"٥٠"',
  '"-1"',
  '" 1"',
  '"1."',
  '".5"',
  `"${'9'.repeat(59)}"`,
  `"0.${'0'.repeat(57)}1"`,
  `"${'9'.repeat(400)}"`,
  '[]',
  '{}',
  '[1]',
  '1000',
  '0.1',
  '125',
  '2.999999999999999',
] as const;
const FIELDS = [
  'operation',
  'symbol',
  'target_portion_of_balance',
  'size_pct',
  'leverage',
  'take_profit_price',
  'take_profit_pct',
  'stop_loss_price',
  'stop_loss_pct',
  'max_price',
  'min_price',
  'time_in_force',
  'confidence',
  'reason',
  'reasoning',
] as const;

/** Stands for a number that JSON.stringify could not write. */
const RAW = '\u0001raw:';

/** A model's answer: a sound one, or one that is wrong in some of the ways models are. */
export function drawAnswer(random: Random, situation: Situation): string {
  if (random() < HUGE_SHARE) return drawHuge(random, situation);
  const list = drawDecisions(random, situation);
  const damages = random() < 0.65 ? 0 : 1 + Math.floor(random() * 3);
  for (let count = 0; count < damages; count++) damageFields(random, pick(random, ...(list as [Fields, ...Fields[]])));
  const text = write(wrap(random, list));
  return random() < 0.2 ? damageText(random, text) : text;
}

function drawDecisions(random: Random, situation: Situation): readonly Fields[] {
  const symbols = [...situation.listed.keys()];
  const count = random() < 0.7 ? 1 : random() < 0.8 ? 2 : 3 + Math.floor(random() * 23);
  if (count > 2)
    return Array.from({ length: count }, () => drawDecision(random, situation, pick(random, ...(symbols as [string, ...string[]]))));
  return (random() < 0.5 ? symbols : symbols.toReversed()).slice(0, count).map((symbol) => drawDecision(random, situation, symbol));
}

/** Most are sound; some have a stop on the wrong side, beyond liquidation, or none. */
function drawDecision(random: Random, situation: Situation, symbol: string): Fields {
  const operation = pick(random, 'buy', 'sell', 'long', 'short', 'close', 'hold', 'buy', 'sell');
  if (operation === 'hold') return random() < 0.5 ? { operation } : { operation, symbol, reason: 'waits' };
  if (operation === 'close') return { operation, symbol, target_portion_of_balance: pick(random, 1, 0.5, null, 0) };
  const mark = Number(situation.listed.get(symbol)?.quote.mark ?? 1);
  const down = operation === 'buy' || operation === 'long' ? -1 : 1;
  const away = (share: number): number => Number((mark * (1 + down * share)).toPrecision(pick(random, 5, 8, 17)));
  const isSound = random() < 0.8;
  const stop = isSound
    ? pick<Fields>(random, { stop_loss_price: away(0.001 + random() * 0.1) }, { stop_loss_pct: 0.1 + random() * 10 })
    : pick<Fields>(random, { stop_loss_price: away(-0.05) }, { stop_loss_pct: 99 }, {}, { stop_loss_price: away(random() * 0.001) });
  const profit = isSound
    ? pick<Fields>(random, { take_profit_price: away(-0.001 - random() * 0.1) }, { take_profit_pct: 0.1 + random() * 20 }, {})
    : pick<Fields>(random, { take_profit_price: away(0.03) }, { take_profit_pct: 0.0001 });
  const size = pick<Fields>(
    random,
    { target_portion_of_balance: random() },
    { size_pct: random() * 100 },
    { target_portion_of_balance: String(random().toFixed(6)) },
  );
  const limit = pick<Fields>(
    random,
    {},
    {},
    {},
    {},
    {},
    {},
    { max_price: away(-0.001) },
    { min_price: away(0.001) },
    { max_price: away(0.5) },
  );
  const leverage = random() < 0.9 ? pick(random, undefined, 1, 2, 2.5) : pick(random, 3, 20, 999);
  return {
    operation,
    symbol,
    ...size,
    ...stop,
    ...profit,
    ...limit,
    leverage,
    time_in_force: pick(random, undefined, 'ioc', 'gtc', 'fok', 'post_only'),
    reason: 'because',
  };
}

/** Wrong types, numbers beyond reason, look-alikes, missing, doubled and unknown fields. */
function damageFields(random: Random, fields: Fields): void {
  const name = pick(random, ...FIELDS);
  const way = Math.floor(random() * 7);
  if (way <= 2) fields[name] = RAW + pick(random, ...NUMBERS);
  else if (way === 3) delete fields[name];
  else if (way === 4) fields['symbol'] = pick(random, ...LOOK_ALIKES);
  else if (way === 5)
    fields[pick(random, 'Operation', 'stop', 'amount', '__proto__', 'constructor', 'toString')] = pick<unknown>(random, 1, 'buy', {
      operation: 'sell',
    });
  else fields[name] = pick<unknown>(random, { value: fields[name] }, [fields[name]], 'x'.repeat(30_000), '\ud800', true);
}

function wrap(random: Random, list: readonly Fields[]): unknown {
  const [first] = list;
  if (list.length === 1 && random() < 0.5) return first;
  if (random() < 0.3) return list;
  return random() < 0.05 ? { decisions: { decisions: list } } : { decisions: list };
}

/** JSON, with raw texts where JSON has no word for the value. */
const write = (value: unknown): string =>
  (JSON.stringify(value) ?? 'undefined').replaceAll(
    /"\\u0001raw:((?:[^"\\]|\\.)*)"/g,
    (_all, raw: string) => JSON.parse(`"${raw}"`) as string,
  );

/** Truncated, fenced, thought aloud, doubled, echoed, commented, with a doubled key, or with a few bytes changed. */
function damageText(random: Random, text: string): string {
  const at = Math.floor(random() * text.length);
  switch (Math.floor(random() * 12)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return `\`\`\`json\n${text}\n\`\`\``;
    case 2:
      return `<think>{"operation":"sell","symbol":"BTC","size_pct":100}</think>${text}`;
    case 3:
      return `${text}\n${text}`;
    case 4:
      return `Prices: [{"symbol":"BTC","mark":"50000"}]\n${text}`;
    case 5:
      return text.replace('{', '{"operation":"buy","operation":"sell",');
    case 6:
      return `${text} // as asked`;
    case 7:
      return text.replaceAll('"', pick(random, "'", '“', '\\"'));
    case 8:
      return JSON.stringify(text);
    case 9:
      return `${'['.repeat(Math.floor(random() * 20_000))}${text}`;
    case 10:
      return pick(random, '', ' ', 'null', '0', '"buy BTC"', '[]', '{}', '\ufeff{}', '{"decisions":[]}', '{"decisions":null}');
    default:
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x1_0000)) + text.slice(at + Math.floor(random() * 3));
  }
}

/** A sound answer with ten megabytes in one of its texts, or nothing but ten megabytes. */
function drawHuge(random: Random, situation: Situation): string {
  const long = pick(random, 'a', '\\u0000', '{"a":', '"', '9').repeat(HUGE_LENGTH / 8);
  const fields = drawDecision(random, situation, 'BTC');
  return random() < 0.5 ? JSON.stringify({ ...fields, [pick(random, ...FIELDS)]: long }) : long;
}
