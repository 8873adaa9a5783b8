import { type Decimal, toNumber } from '@hyperoru/domain';

const MINUTE_MS = 60_000;
/** Weight of REST requests per IP and minute. */
export const IP_WEIGHT_MAX = 1200;
const ADDRESS_REQUESTS_FREE = 10_000;
const CANCELS_EXTRA = 100_000;
/** An address whose budget is used up may still send one request in this time. */
const EXHAUSTED_INTERVAL_MS = 10_000;

const LIGHT_INFO = new Set(['l2Book', 'allMids', 'clearinghouseState', 'orderStatus', 'spotClearinghouseState', 'exchangeStatus']);
const ROWS_PER_WEIGHT: Readonly<Record<string, number>> = {
  userFills: 20,
  userFillsByTime: 20,
  userFunding: 20,
  fundingHistory: 20,
  historicalOrders: 20,
  candleSnapshot: 60,
};

/** Weight of an info request before its rows are known. */
export function infoWeight(type: string): number {
  if (type === 'userRole') return 60;
  return LIGHT_INFO.has(type) ? 2 : 20;
}

/** What the rows of an answer weigh on top. */
export function rowsWeight(type: string, answer: unknown): number {
  const per = ROWS_PER_WEIGHT[type];
  return per === undefined || !Array.isArray(answer) ? 0 : Math.floor(answer.length / per);
}

export const exchangeWeight = (batch: number): number => 1 + Math.floor(batch / 40);

/** Request budgets: weight per IP and minute, requests per address over its lifetime. */
export class Budgets {
  readonly #weights = new Map<string, { at: number; weight: number }[]>();
  readonly #used = new Map<string, number>();
  readonly #lastExhausted = new Map<string, number>();

  /** False when the IP has used up its minute. */
  takeWeight(ip: string, weight: number, now: number): boolean {
    const recent = (this.#weights.get(ip) ?? []).filter((entry) => entry.at > now - MINUTE_MS);
    this.#weights.set(ip, recent);
    if (recent.reduce((sum, entry) => sum + entry.weight, 0) + weight > IP_WEIGHT_MAX) return false;
    recent.push({ at: now, weight });
    return true;
  }

  /** Weight that becomes known after the answer; it counts against the next request. */
  addWeight(ip: string, weight: number, now: number): void {
    if (weight > 0) this.#weights.get(ip)?.push({ at: now, weight });
  }

  /** Counts `requests` of an address; the text of the refusal when its budget is used up. */
  takeRequests(
    address: string,
    requests: number,
    account: { readonly volume: Decimal; readonly isCancel: boolean; readonly now: number },
  ): string | null {
    const cap = this.capOf(account.volume);
    const limit = account.isCancel ? Math.min(cap + CANCELS_EXTRA, 2 * cap) : cap;
    const used = this.usedBy(address) + requests;
    if (used > limit) {
      const last = this.#lastExhausted.get(address) ?? Number.NEGATIVE_INFINITY;
      if (account.now - last < EXHAUSTED_INTERVAL_MS) {
        return `Too many cumulative requests sent (${used} > ${limit}) for cumulative volume traded $${toNumber(account.volume).toFixed(2)}. Place taker orders to free up 1 request per USDC traded.`;
      }
      this.#lastExhausted.set(address, account.now);
    }
    this.#used.set(address, used);
    return null;
  }

  /** Requests an address may send in all: a start and one per USDC traded. */
  capOf(volume: Decimal): number {
    return ADDRESS_REQUESTS_FREE + Math.floor(toNumber(volume));
  }

  usedBy(address: string): number {
    return this.#used.get(address) ?? 0;
  }

  /** Sets what an address has used, so that a test needs no ten thousand requests. */
  setUsed(address: string, requests: number): void {
    this.#used.set(address, requests);
  }

  dump(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#used);
  }

  load(used: Readonly<Record<string, number>>): void {
    this.#used.clear();
    for (const [address, requests] of Object.entries(used)) this.#used.set(address, requests);
  }
}
