/** Compares two texts of which one is secret; the time depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  let difference = a.length ^ b.length;
  // charCodeAt past the end is NaN, which `|` turns into 0.
  for (let index = 0; index < length; index += 1) difference |= (a.charCodeAt(index) | 0) ^ (b.charCodeAt(index) | 0);
  return difference === 0;
}
