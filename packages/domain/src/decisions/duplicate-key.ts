/** Texts, and the brackets between them; linear, because no part of a text can match in two ways. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gs;
const IS_KEY = /\s*:/y;

/**
 * The first key that one object of a valid JSON text has twice, or null. `JSON.parse` silently keeps the last of them,
 * so an answer that says both `buy` and `sell` would look like a decision.
 */
export function findDuplicateKey(jsonText: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (const { 0: token, index } of jsonText.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else {
      const keys = open.at(-1) ?? null;
      IS_KEY.lastIndex = index + token.length;
      if (keys === null || !IS_KEY.test(jsonText)) continue;
      const key = String(JSON.parse(token));
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return null;
}
