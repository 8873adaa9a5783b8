/** A field of a body that may be left out; undefined stays undefined. */
export const mapGiven = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined => (value === undefined ? undefined : map(value));

/** null = no limit of this kind. */
export const orNone =
  <T, U>(map: (value: T) => U) =>
  (value: T | null): U | null =>
    value === null ? null : map(value);
