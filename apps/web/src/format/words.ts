/** "1 run", "2 runs", "0 runs". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount} ${amount === 1 ? singular : plural}`;
}

/** "partially_filled" as "partially filled". */
export function spaced(code: string): string {
  return code.replaceAll('_', ' ');
}

/** First letter large. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Cut at a word, with an ellipsis. */
export function shorten(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const cut = text.slice(0, lengthMax);
  const lastSpace = cut.lastIndexOf(' ');
  return `${cut.slice(0, lastSpace > lengthMax / 2 ? lastSpace : lengthMax).trimEnd()}…`;
}
