import { createHash } from 'node:crypto';

/** Life of a listen key after it was made or kept alive, ms. */
export const LISTEN_KEY_LIFE_MS = 3_600_000;

interface ListenKey {
  readonly text: string;
  readonly accountId: string;
  expiresAt: number;
}

/** The keys of user streams; one per account. */
export class ListenKeys {
  readonly #byAccount = new Map<string, ListenKey>();
  #made = 0;

  /** The living key of the account, its life renewed, or a new one. */
  open(accountId: string, now: number): string {
    const known = this.#byAccount.get(accountId);
    if (known !== undefined && known.expiresAt > now) {
      known.expiresAt = now + LISTEN_KEY_LIFE_MS;
      return known.text;
    }
    this.#made += 1;
    const text = createHash('sha256').update(`${accountId}|${this.#made}`).digest('hex');
    this.#byAccount.set(accountId, { text, accountId, expiresAt: now + LISTEN_KEY_LIFE_MS });
    return text;
  }

  /** Renews the life of the key. null when the account has none that lives. */
  keepAlive(accountId: string, now: number): string | null {
    const known = this.#byAccount.get(accountId);
    if (known === undefined || known.expiresAt <= now) return null;
    known.expiresAt = now + LISTEN_KEY_LIFE_MS;
    return known.text;
  }

  close(accountId: string): void {
    this.#byAccount.delete(accountId);
  }

  /** Ends the life of the account's key early, as the venue may. */
  expire(accountId: string, now: number): void {
    const known = this.#byAccount.get(accountId);
    if (known !== undefined) known.expiresAt = now;
  }

  /** Whose stream the key opens; null when it does not live. */
  accountOf(text: string, now: number): string | null {
    for (const key of this.#byAccount.values()) if (key.text === text && key.expiresAt > now) return key.accountId;
    return null;
  }
}
