/** A name further away than this is another name, not a slip. */
const EDITS_MAX = 3;

/** The known name that the fewest edits (insert, delete, replace; Levenshtein 1966) turn `name` into; null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let best: { readonly name: string; readonly edits: number } | null = null;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > EDITS_MAX) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= EDITS_MAX && edits < candidate.length && (best === null || edits < best.edits)) best = { name: candidate, edits };
  }
  return best?.name ?? null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
