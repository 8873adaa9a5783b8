import { z } from 'zod';

/**
 * What the scripted rules see of a prompt: the JSON values that stand in it, known by their shape and not by their place.
 * - prices: `[{"symbol":"BTC","mark":"64000.5",…}]`
 * - positions: `[{"symbol":"BTC","side":"long","age_minutes":12,…}]`
 * - candles: `{"BTC":{"interval":"4h","candles":[[time,open,high,low,close,volume],…]}}`, oldest first
 * Numbers may be JSON numbers or decimal texts.
 */
export interface PromptFacts {
  readonly prices: readonly PriceFact[];
  readonly positions: readonly PositionFact[];
  /** Closing prices per symbol, oldest first. */
  readonly closes: ReadonlyMap<string, readonly number[]>;
}

export interface PriceFact {
  readonly symbol: string;
  readonly mark: number;
}

export interface PositionFact {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly ageMinutes: number;
}

/** JSON values looked at in one prompt; a prompt has three. */
const VALUES_MAX = 200;
/** Brackets that turn out to open no value; bounds the work on a text of nothing but brackets. */
const MISSES_MAX = 50;

const figure = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);
const pricesSchema = z.array(z.looseObject({ symbol: z.string(), mark: figure })).min(1);
const positionsSchema = z
  .array(z.looseObject({ symbol: z.string(), side: z.enum(['long', 'short']), age_minutes: figure.default(0) }))
  .min(1);
const candlesSchema = z.record(
  z.string(),
  z.looseObject({ candles: z.array(z.tuple([z.unknown(), figure, figure, figure, figure]).rest(z.unknown())) }),
);

/** Prompt text → facts. A prompt without the values gives empty facts; it never throws. */
export function readPrompt(text: string): PromptFacts {
  let prices: readonly PriceFact[] = [];
  let positions: readonly PositionFact[] = [];
  let closes: ReadonlyMap<string, readonly number[]> = new Map();
  for (const value of jsonValues(text)) {
    const asPrices = pricesSchema.safeParse(value);
    const asPositions = positionsSchema.safeParse(value);
    const asCandles = candlesSchema.safeParse(value);
    if (asPositions.success)
      positions = asPositions.data.map((row) => ({ symbol: row.symbol, side: row.side, ageMinutes: row.age_minutes }));
    else if (asPrices.success) prices = asPrices.data.map((row) => ({ symbol: row.symbol, mark: row.mark }));
    else if (asCandles.success)
      closes = new Map(Object.entries(asCandles.data).map(([symbol, row]) => [symbol, row.candles.map((candle) => candle[4])]));
  }
  return { prices, positions, closes };
}

/** Outermost JSON arrays and objects of a text, in order. Text that only looks like JSON is skipped. */
function jsonValues(text: string): readonly unknown[] {
  const values: unknown[] = [];
  let misses = 0;
  for (let at = 0; at < text.length && values.length < VALUES_MAX && misses < MISSES_MAX; at++) {
    if (text[at] !== '[' && text[at] !== '{') continue;
    const end = matchingEnd(text, at);
    const value = end === null ? undefined : parse(text.slice(at, end));
    if (end === null || value === undefined) {
      misses++;
      continue;
    }
    values.push(value);
    at = end - 1;
  }
  return values;
}

/** A bracket that is not closed within this many characters opens no value; keeps broken prompts cheap. */
const VALUE_CHARS_MAX = 300_000;

function matchingEnd(text: string, start: number): number | null {
  let depth = 0;
  let isInString = false;
  const limit = Math.min(text.length, start + VALUE_CHARS_MAX);
  for (let at = start; at < limit; at++) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
