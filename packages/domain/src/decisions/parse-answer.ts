import { isSymbol, type Symbol } from '../market/instrument.ts';
import {
  DECIMAL_LENGTH_MAX,
  type Decimal,
  decimal,
  decimalFromNumber,
  div,
  gt,
  isDecimal,
  isNegative,
  isPositive,
} from '../money/decimal.ts';
import { TIMES_IN_FORCE, type TimeInForce } from '../orders/order.ts';
import { err, ok, type Result } from '../result.ts';
import { DECISION_FIELDS, DECISIONS_MAX, REASON_LENGTH_MAX } from './answer-schema.ts';
import type { Decision, InvalidDecision, Operation, ProtectiveLevel } from './decision.ts';
import { findDuplicateKey } from './duplicate-key.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Digits kept of a JSON number; prices of perpetuals need far fewer. */
const NUMBER_PLACES = 12;
const ONE_HUNDRED = decimal('100');
/** NUL and halves of a surrogate pair: no database stores them as text. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;
/** A map, not an object: `constructor` is no operation. */
const OPERATION_WORDS: ReadonlyMap<unknown, Operation> = new Map<string, Operation>([
  ['buy', 'buy'],
  ['long', 'buy'],
  ['sell', 'sell'],
  ['short', 'sell'],
  ['close', 'close'],
  ['hold', 'hold'],
]);

/** Carries the first problem out of the small field readers; never leaves this file. */
class Invalid extends Error {
  readonly problem: InvalidDecision;

  constructor(code: InvalidDecision['code'], message: string) {
    super(message);
    this.problem = { code, message };
  }
}

/**
 * The text of a model's or program's answer → its decisions, or why it is none. The text must be exactly one JSON value:
 * one object, a list, or `{"decisions":[…]}`. Nothing is salvaged: a single wrong field makes the whole answer invalid.
 */
export function parseAnswer(text: string): Result<readonly Decision[], InvalidDecision> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ code: 'not_json', message: 'Expected exactly one JSON value and nothing around it.' });
  }
  try {
    const twice = findDuplicateKey(text);
    if (twice !== null) throw new Invalid('contradiction', `Expected every field once, was "${twice.slice(0, 60)}" twice.`);
    const items = listOf(value);
    if (items.length > DECISIONS_MAX) throw new Invalid('too_many', `Expected at most ${DECISIONS_MAX} decisions, was ${items.length}.`);
    const decisions = items.map((item, index) => parseDecision(item, items.length === 1 ? '' : `decisions[${index}].`));
    rejectConflicts(decisions);
    return ok(decisions);
  } catch (error) {
    if (error instanceof Invalid) return err(error.problem);
    throw error;
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) throw new Invalid('not_one_value', 'Expected a JSON object or list.');
  if (!('decisions' in value)) return [value];
  if (!Array.isArray(value['decisions'])) throw new Invalid('schema', 'Expected decisions to be a list.');
  const extra = Object.keys(value).find((key) => key !== 'decisions');
  if (extra !== undefined) throw new Invalid('schema', `Expected no field beside decisions, was "${extra.slice(0, 60)}".`);
  return value['decisions'];
}

function parseDecision(value: unknown, at: string): Decision {
  if (!isFields(value)) throw new Invalid('schema', `Expected ${at || 'the answer '}to be an object.`);
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(DECISION_FIELDS, key));
  if (unknown !== undefined) throw new Invalid('schema', `Expected only known fields, was ${at}"${unknown.slice(0, 60)}".`);
  const operation = readOperation(value, at);
  const decision: Decision = {
    operation,
    symbol: readSymbol(value, at, operation),
    portion: readPortion(value, at),
    leverage: readLeverage(value, at),
    takeProfit: readLevel(value, at, 'take_profit'),
    stopLoss: readLevel(value, at, 'stop_loss'),
    maxPrice: readPositive(value, at, 'max_price'),
    minPrice: readPositive(value, at, 'min_price'),
    timeInForce: readTimeInForce(value, at),
    confidence: readConfidence(value, at),
    reason: readReason(value, at),
  };
  return Object.freeze(decision);
}

function rejectConflicts(decisions: readonly Decision[]): void {
  const seen = new Set<Symbol>();
  for (const { symbol, operation } of decisions) {
    if (symbol === null || operation === 'hold') continue;
    if (seen.has(symbol)) throw new Invalid('contradiction', `Expected at most one decision for ${symbol}.`);
    seen.add(symbol);
  }
}

function readOperation(fields: Fields, at: string): Operation {
  const operation = OPERATION_WORDS.get(fields['operation']);
  if (operation === undefined) throw new Invalid('schema', `Expected ${at}operation to be buy, sell, close or hold.`);
  return operation;
}

function readSymbol(fields: Fields, at: string, operation: Operation): Symbol | null {
  const value = fields['symbol'] ?? null;
  if (value === null) {
    if (operation === 'hold') return null;
    throw new Invalid('schema', `Expected ${at}symbol for ${operation}.`);
  }
  if (typeof value !== 'string' || !isSymbol(value))
    throw new Invalid('schema', `Expected ${at}symbol to be an upper-case name such as BTC.`);
  return value as Symbol;
}

function readPortion(fields: Fields, at: string): Decimal | null {
  const portion = readNumber(fields, at, 'target_portion_of_balance');
  const percent = readNumber(fields, at, 'size_pct');
  if (portion !== null && percent !== null)
    throw new Invalid('contradiction', `Expected only one of ${at}target_portion_of_balance and ${at}size_pct.`);
  const value = percent === null ? portion : div(percent, ONE_HUNDRED);
  if (value !== null && (isNegative(value) || gt(value, decimal('1'))))
    throw new Invalid('schema', `Expected the size of ${at || 'the decision '}between 0 and 1 (0 and 100 in percent).`);
  return value;
}

function readLeverage(fields: Fields, at: string): number | null {
  const value = readNumber(fields, at, 'leverage');
  if (value === null) return null;
  const leverage = Number(value);
  if (leverage < 1 || leverage > 1000) throw new Invalid('schema', `Expected ${at}leverage of 1 or more.`);
  return leverage;
}

function readLevel(fields: Fields, at: string, name: 'take_profit' | 'stop_loss'): ProtectiveLevel | null {
  const price = readPositive(fields, at, `${name}_price`);
  const pct = readPositive(fields, at, `${name}_pct`);
  if (price !== null && pct !== null) throw new Invalid('contradiction', `Expected only one of ${at}${name}_price and ${at}${name}_pct.`);
  if (price !== null) return { kind: 'price', price };
  return pct === null ? null : { kind: 'pct', pct };
}

function readTimeInForce(fields: Fields, at: string): TimeInForce {
  const value = fields['time_in_force'] ?? 'ioc';
  const found = TIMES_IN_FORCE.find((each) => each === value);
  if (found === undefined) throw new Invalid('schema', `Expected ${at}time_in_force to be one of ${TIMES_IN_FORCE.join(', ')}.`);
  return found;
}

function readConfidence(fields: Fields, at: string): number | null {
  const value = readNumber(fields, at, 'confidence');
  if (value === null) return null;
  const confidence = Number(value);
  if (confidence < 0 || confidence > 1) throw new Invalid('schema', `Expected ${at}confidence between 0 and 1.`);
  return confidence;
}

function readReason(fields: Fields, at: string): string {
  for (const name of ['reason', 'reasoning']) {
    const value = fields[name] ?? null;
    if (value !== null && typeof value !== 'string') throw new Invalid('schema', `Expected ${at}${name} to be text.`);
  }
  const reason = String(fields['reason'] ?? fields['reasoning'] ?? '');
  return reason.slice(0, REASON_LENGTH_MAX).replace(UNSTORABLE, '\ufffd');
}

function readPositive(fields: Fields, at: string, name: string): Decimal | null {
  const value = readNumber(fields, at, name);
  if (value !== null && !isPositive(value)) throw new Invalid('schema', `Expected ${at}${name} to be greater than 0.`);
  return value;
}

/** A JSON number or a decimal text; null and absent are the same. */
function readNumber(fields: Fields, at: string, name: string): Decimal | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15) return decimalFromNumber(value, NUMBER_PLACES);
  if (typeof value === 'string' && value.length <= DECIMAL_LENGTH_MAX && isDecimal(value)) return decimal(value);
  throw new Invalid('schema', `Expected ${at}${name} to be a number.`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
