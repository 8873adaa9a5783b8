/** The value that must be there, e.g. `order <id> to be stored`; a missing one is a bug and throws. */
export function expected<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Expected ${what}.`);
  return value;
}
