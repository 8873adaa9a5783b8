/** Source of identity and randomness. */
export interface Ids {
  /** A fresh random UUID, lower case. */
  uuid(): string;
  /** A UUID derived from the parts: same parts, same id, for all time. */
  derived(...parts: readonly string[]): string;
  /** SHA-256 of UTF-8 text, 64 hex digits. */
  hash(text: string): string;
  /** `bytes` random bytes from the system's generator as base64url. */
  token(bytes: number): string;
  /** Uniform in [0, 1). */
  random(): number;
}
