import { ApiError, apiError } from './api-error.ts';

/** How much may be asked. */
export interface BinanceLimits {
  /** Request weight per address and minute. */
  readonly weightPerMinute: number;
  /** Orders per account and 10 seconds. */
  readonly ordersPerTenSeconds: number;
  /** Orders per account and minute. */
  readonly ordersPerMinute: number;
}

export const BINANCE_LIMITS: BinanceLimits = { weightPerMinute: 2400, ordersPerTenSeconds: 300, ordersPerMinute: 1200 };

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
/** Requests in spite of 429 within one minute that are answered with 429 again; the next one is a ban. */
export const STRIKES_MAX = 10;
const BAN_MS_MIN = 120_000;
const BAN_MS_MAX = 259_200_000;

interface Address {
  minute: number;
  weight: number;
  strikes: number;
  bans: number;
  bannedUntil: number;
}

/** Refusal with the seconds after which it makes sense to come back. */
export interface LimitRefusal {
  readonly error: ApiError;
  readonly retryAfterS: number;
}

/** Counts weight per address and orders per account in the fixed windows of the venue's clock. */
export class RateLimits {
  readonly #limits: BinanceLimits;
  readonly #addresses = new Map<string, Address>();
  readonly #orders = new Map<string, number>();

  constructor(limits: BinanceLimits) {
    this.#limits = limits;
  }

  get limits(): BinanceLimits {
    return this.#limits;
  }

  /** Counts one request; a refusal is 429 and, when the client goes on, 418. */
  spend(ip: string, weight: number, now: number): LimitRefusal | null {
    const address = this.#address(ip, now);
    if (now < address.bannedUntil) return banned(address.bannedUntil, now);
    address.weight += weight;
    if (address.weight <= this.#limits.weightPerMinute) return null;
    address.strikes += 1;
    if (address.strikes > STRIKES_MAX) {
      this.ban(ip, now + Math.min(BAN_MS_MAX, BAN_MS_MIN * 2 ** address.bans), now);
      return banned(address.bannedUntil, now);
    }
    return this.tooMany(ip, MINUTE_MS - (now % MINUTE_MS));
  }

  ban(ip: string, until: number, now: number): void {
    const address = this.#address(ip, now);
    address.bannedUntil = until;
    address.bans += 1;
  }

  /** The words of 429. */
  tooMany(ip: string, retryAfterMs: number): LimitRefusal {
    return { error: apiError(-1003, ip, String(this.#limits.weightPerMinute)), retryAfterS: Math.ceil(retryAfterMs / 1000) };
  }

  usedWeight(ip: string, now: number): number {
    return this.#address(ip, now).weight;
  }

  /** Counts orders of an account; -1015 when there were too many. */
  spendOrders(accountId: string, count: number, now: number): LimitRefusal | null {
    const { ordersPerTenSeconds, ordersPerMinute } = this.#limits;
    const used = this.usedOrders(accountId, now);
    if (used.tenSeconds + count > ordersPerTenSeconds)
      return { error: apiError(-1015, String(ordersPerTenSeconds), '10 SECOND'), retryAfterS: 10 };
    if (used.minute + count > ordersPerMinute) return { error: apiError(-1015, String(ordersPerMinute), '1 MINUTE'), retryAfterS: 60 };
    for (const window of windowsOf(accountId, now)) this.#orders.set(window, (this.#orders.get(window) ?? 0) + count);
    this.#forgetOldWindows(accountId, now);
    return null;
  }

  usedOrders(accountId: string, now: number): { readonly tenSeconds: number; readonly minute: number } {
    const [tenSeconds, minute] = windowsOf(accountId, now).map((window) => this.#orders.get(window) ?? 0);
    return { tenSeconds: tenSeconds ?? 0, minute: minute ?? 0 };
  }

  #address(ip: string, now: number): Address {
    const minute = Math.floor(now / MINUTE_MS);
    const known = this.#addresses.get(ip) ?? { minute, weight: 0, strikes: 0, bans: 0, bannedUntil: 0 };
    if (known.minute !== minute) Object.assign(known, { minute, weight: 0, strikes: 0 });
    this.#addresses.set(ip, known);
    return known;
  }

  #forgetOldWindows(accountId: string, now: number): void {
    const current = windowsOf(accountId, now);
    for (const window of this.#orders.keys()) {
      if (window.startsWith(`${accountId}|`) && !current.includes(window)) this.#orders.delete(window);
    }
  }
}

/** The words of 418. */
export function banned(until: number, now: number): LimitRefusal {
  const msg = `Way too many requests; IP banned until ${until}. Please use the websocket for live updates to avoid bans.`;
  return { error: new ApiError(-1003, msg, 418), retryAfterS: Math.max(0, Math.ceil((until - now) / 1000)) };
}

const windowsOf = (accountId: string, now: number): readonly string[] => [
  `${accountId}|10s|${Math.floor(now / TEN_SECONDS_MS)}`,
  `${accountId}|1m|${Math.floor(now / MINUTE_MS)}`,
];
