import { type ApiError, apiError } from './api-error.ts';
import type { SigningKey } from './signing.ts';

/** One API key of one account. */
export interface BinanceKey {
  readonly apiKey: string;
  readonly accountId: string;
  readonly signing: SigningKey;
  /** Futures trading is switched on. Default true; reading always is. */
  readonly canTrade?: boolean;
  /** Withdrawals are switched on. Default false. */
  readonly canWithdraw?: boolean;
  /** The only addresses that may use the key. Default any. */
  readonly ips?: readonly string[];
}

const KEY_FORMAT = /^[A-Za-z0-9]{64}$/;

/** The keys that exist at the venue. */
export class KeyRing {
  readonly #keys = new Map<string, BinanceKey>();

  constructor(keys: readonly BinanceKey[]) {
    for (const key of keys) this.add(key);
  }

  /** Adds a key or replaces the one of the same name, as when its permissions or addresses are edited. */
  add(key: BinanceKey): void {
    if (!KEY_FORMAT.test(key.apiKey)) throw new RangeError(`Expected an API key of 64 letters and digits, was ${key.apiKey.length} long.`);
    this.#keys.set(key.apiKey, key);
  }

  remove(apiKey: string): void {
    this.#keys.delete(apiKey);
  }

  removeAll(accountId: string): void {
    for (const key of [...this.#keys.values()]) if (key.accountId === accountId) this.#keys.delete(key.apiKey);
  }

  get(apiKey: string): BinanceKey | null {
    return this.#keys.get(apiKey) ?? null;
  }

  /** The key when it may be used from this address for this purpose. */
  check(apiKey: string, use: { readonly ip: string; readonly trades: boolean }): BinanceKey | ApiError {
    if (!KEY_FORMAT.test(apiKey)) return apiError(-2014);
    const key = this.get(apiKey);
    const mayUse = key !== null && (key.ips === undefined || key.ips.includes(use.ip)) && (!use.trades || key.canTrade !== false);
    return mayUse ? key : apiError(-2015, use.ip);
  }
}
