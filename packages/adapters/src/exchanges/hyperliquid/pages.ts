/** Most answers read for one question; more than the venue keeps. */
const PAGES_MAX = 12;

/**
 * Reads a range of time page by page, whichever end of it the venue answers first. `page` gets both ends, ms, inclusive; rows on
 * the seam come twice and count once by `key`. Oldest first.
 */
export async function readPages<T extends { readonly time: number }>(
  since: number,
  {
    rows,
    key,
    page,
  }: { readonly rows: number; readonly key: (row: T) => string; readonly page: (from: number, to?: number) => Promise<readonly T[]> },
): Promise<readonly T[]> {
  const all = new Map<string, T>();
  let from = since;
  let to: number | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const answer = await page(from, to);
    const known = all.size;
    for (const row of answer) all.set(key(row), row);
    const [first, last] = [answer[0], answer.at(-1)];
    if (first === undefined || last === undefined || answer.length < rows || all.size === known) break;
    if (last.time >= first.time) from = last.time;
    else to = last.time;
  }
  return [...all.values()].sort((a, b) => a.time - b.time);
}
