import type { PasswordHasher } from '@hyperoru/engine';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's second set of Argon2id parameters: 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** Each takes 19 MiB and a core; more at once would only be a lever against the server. */
const AT_ONCE_MAX = 4;
const WAITING_MAX = 200;
const PASSWORD_BYTES_MAX = 4096;

/** A hash that no password has, of the same cost: for people who do not exist. */
const NOBODY = `$argon2id$v=19$m=${ARGON2ID.memoryCost},t=${ARGON2ID.timeCost},p=${ARGON2ID.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Argon2id, at most four at once; 200 more wait, then it throws. Passwords over 4096 bytes throw RangeError. */
export function argon2PasswordHasher(): PasswordHasher {
  const gate = turnstile();
  return {
    hash: (password) => gate(() => hash(bounded(password), ARGON2ID)),
    verify: (stored, password) =>
      gate(async () => {
        const isRight = await verify(stored ?? NOBODY, bounded(password));
        return isRight && stored !== null;
      }),
  };
}

function bounded(password: string): string {
  if (Buffer.byteLength(password) > PASSWORD_BYTES_MAX) throw new RangeError(`Expected a password of at most ${PASSWORD_BYTES_MAX} bytes.`);
  return password;
}

function turnstile(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= AT_ONCE_MAX) {
      if (waiting.length >= WAITING_MAX) throw new Error('Too many passwords are being checked.');
      // The one who leaves hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
