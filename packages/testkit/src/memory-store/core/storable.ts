/** Text as the database keeps it: NUL characters and lone surrogates become U+FFFD. */
export function storableText(text: string): string {
  const plain = text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  return SURROGATE.test(plain) ? Buffer.from(plain, 'utf8').toString('utf8') : plain;
}

/** A JSON value as the database gives it back. Returns the same object when nothing had to change. */
export function storableJson<T>(value: T): T {
  const text = JSON.stringify(value);
  // An escaped NUL or surrogate is rare; everything else may be shared as it is.
  if (text === undefined || !SUSPECT_ESCAPE.test(text)) return value;
  return JSON.parse(text, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}

/** Makes the named text fields storable. */
export function withStorableText<Row extends object>(row: Row, fields: readonly (keyof Row)[]): Row {
  let changed: Row | null = null;
  for (const field of fields) {
    const value = row[field];
    if (typeof value !== 'string') continue;
    const text = storableText(value);
    if (text !== value) changed = { ...(changed ?? row), [field]: text };
  }
  return changed ?? row;
}

const SURROGATE = /[\ud800-\udfff]/;
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i;
