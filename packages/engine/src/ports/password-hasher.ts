/** Slow password hashing; at most a few at once. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** `hash` null = no such user: takes the same time and answers false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}
