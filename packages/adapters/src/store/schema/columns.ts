import { type Decimal, decimal, type Json, type Timestamp, timestamp } from '@hyperoru/domain';
import { type SQL, sql } from 'drizzle-orm';
import { customType, pgSchema } from 'drizzle-orm/pg-core';

/** Every table of the product lies in this schema, so that a shared database keeps other things apart. */
export const hyperoru = pgSchema('hyperoru');

/** Exact decimal: PostgreSQL `numeric` without a scale, text in memory, never a float. */
export const money = customType<{ data: Decimal; driverData: string }>({
  dataType: () => 'numeric',
  fromDriver: (value) => decimal(value),
  toDriver: (value) => value,
});

/** A moment as `timestamptz`; milliseconds in memory. */
export const moment = customType<{ data: Timestamp; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: (value) => timestamp(new Date(value).getTime()),
  toDriver: (value) => new Date(value).toISOString(),
});

/** Text that PostgreSQL always accepts: NUL characters and lone surrogates, which it refuses, become U+FFFD. */
export const words = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  fromDriver: (value) => value,
  toDriver: (value) => storableText(value),
});

/** A JSON record as `jsonb`; the reader names the type that was written. */
export const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  fromDriver: (value) => value,
  toDriver: (value) => jsonText(value),
});

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
  toDriver: (value) => Buffer.from(value),
});

const REPLACEMENT = '\uFFFD';
/** In the text of a JSON value: an escaped NUL or an escaped surrogate that stands alone. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i;

/** Text as the store will give it back. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', REPLACEMENT) : text;
}

/** The text of a JSON value, as PostgreSQL always accepts it; a JSON null is `null`. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!SUSPECT_ESCAPE.test(text)) return text;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? wellFormed(storableText(part)) : part));
}

/** Lone surrogates become U+FFFD, as in every UTF-8 encoder. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** The value as the store will give it back; what is hashed must be this. */
export function storableJson(value: Json): Json {
  return JSON.parse(jsonText(value)) as Json;
}

/** A JSON null is a value here, not a missing one. */
export const jsonValue = (value: Json): Json | SQL => (value === null ? sql`'null'::jsonb` : value);
