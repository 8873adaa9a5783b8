const REDACTED = '[redacted]';
/** A piece of the key this long is recognisable as the key's. */
const FRAGMENT_LENGTH = 6;
/** Shorter "keys" are words such as `ollama`; hiding them would hide the answer. */
const KEY_LENGTH_MIN = 8;

/** Removes a key, every piece of it of six characters or more, and masked spellings (`sk-ab***wxyz`) from a text of the endpoint. */
export type KeyFilter = (text: string) => string;

export function keyFilter(key: string | null): KeyFilter {
  if (key === null || key.length < KEY_LENGTH_MIN) return (text) => text;
  const fragments = new Set<string>();
  for (let at = 0; at + FRAGMENT_LENGTH <= key.length; at++) fragments.add(key.slice(at, at + FRAGMENT_LENGTH));
  return (text) => withoutMasked(withoutFragments(text.replaceAll(key, REDACTED), fragments), key);
}

/** Replaces each longest run of the text that is covered by pieces of the key. */
function withoutFragments(text: string, fragments: ReadonlySet<string>): string {
  let clean = '';
  let copiedTo = 0;
  for (let at = 0; at + FRAGMENT_LENGTH <= text.length; at++) {
    if (!fragments.has(text.slice(at, at + FRAGMENT_LENGTH))) continue;
    let end = at + FRAGMENT_LENGTH;
    while (end < text.length && fragments.has(text.slice(end + 1 - FRAGMENT_LENGTH, end + 1))) end++;
    clean += text.slice(copiedTo, at) + REDACTED;
    copiedTo = end;
    at = end - 1;
  }
  return clean + text.slice(copiedTo);
}

/** Providers quote a refused key as its first and last characters around stars or dots. */
function withoutMasked(text: string, key: string): string {
  return text.replace(/[\w-]*(?:[*•…x]{3,}|\.{3})[\w-]*/g, (word) => {
    const [head = ''] = word.split(/[*•….]|x{3}/);
    const tail = word.split(/[*•….]|x{3}/).at(-1) ?? '';
    const isPiece = (head.length >= 2 && key.startsWith(head)) || (tail.length >= 2 && key.endsWith(tail));
    return isPiece ? REDACTED : word;
  });
}
