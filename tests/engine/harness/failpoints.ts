import type { EngineDeps, Store } from '@hyperoru/engine';
import { gate, never } from '@hyperoru/testkit';

/** A moment at which a process may die: before or after one awaited call, e.g. `markSent › transaction 1 · after`. */
export type Failpoint = string;

type Call = (...args: unknown[]) => Promise<unknown>;

/** What a process awaits on the way of an order, besides the store's transactions. */
const VENUE_CALLS = ['placeOrder', 'cancelOrder', 'findOrder', 'openOrders', 'account', 'fillsSince', 'fundingSince'] as const;

/** Carries a transaction of a dead process to its rollback. */
class Died extends Error {}

/**
 * Stands between the engine and everything durable it awaits. It records every such moment, in order, and can let the process
 * die at one of them: from then on nothing that this process calls begins, ends or commits.
 */
export class Failpoints {
  readonly #died = gate();
  readonly #counts = new Map<string, number>();
  readonly #crashAt: Failpoint | null;
  readonly seen: Failpoint[] = [];
  #isDead = false;

  constructor(crashAt: Failpoint | null) {
    this.#crashAt = crashAt;
  }

  /** Resolves when the process has died. */
  get died(): Promise<void> {
    return this.#died.passed;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The same dependencies with failpoints around store, venue and model. */
  around(deps: EngineDeps): EngineDeps {
    const store: Store = {
      transaction: (work) =>
        this.#walk('transaction', () =>
          deps.store.transaction(async (tx) => {
            const result = await work(tx);
            if (this.#isDead) throw new Died();
            return result;
          }),
        ),
      onPublished: (listener) => deps.store.onPublished(listener),
    };
    return {
      ...deps,
      store,
      model: { ask: (request) => this.#walk('ask', () => deps.model.ask(request)) },
      venue: (...which) => {
        const connection = deps.venue(...which);
        return connection === null ? null : { ...connection, exchange: this.#aroundCalls(connection.exchange) };
      },
    };
  }

  /** A moment outside store, venue and model. */
  async pass(place: string): Promise<void> {
    await this.#around(place, async () => undefined);
  }

  #aroundCalls<T extends object>(target: T): T {
    const isCall = (name: string | symbol): boolean => VENUE_CALLS.some((each) => each === name);
    return new Proxy(target, {
      get: (_target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const call = member.bind(target) as Call;
        return isCall(name) ? (...args: unknown[]) => this.#walk(String(name), () => call(...args)) : call;
      },
    });
  }

  #walk<T>(call: string, work: () => Promise<T>): Promise<T> {
    // The stack must be looked at before anything is awaited.
    const place = `${callerOf(new Error('Where is this called?').stack ?? '')} › ${call}`;
    const count = (this.#counts.get(place) ?? 0) + 1;
    this.#counts.set(place, count);
    return this.#around(`${place} ${count}`, work);
  }

  async #around<T>(place: string, work: () => Promise<T>): Promise<T> {
    this.#reach(`${place} · before`);
    if (this.#isDead) return never;
    const settled = await work().catch((error: unknown) => (this.#isDead ? never : Promise.reject(error)));
    this.#reach(`${place} · after`);
    return this.#isDead ? never : settled;
  }

  #reach(point: Failpoint): void {
    if (this.#isDead) return;
    this.seen.push(point);
    if (point !== this.#crashAt) return;
    this.#isDead = true;
    this.#died.open();
  }
}

/** Name of the engine's function that made the call: the first frame in its sources. */
function callerOf(stack: string): string {
  const frame = stack.split('\n').find((line) => line.includes('packages/engine/src/')) ?? '';
  const [, name, file] = /at (?:async )?(?:(\S+) \()?.*\/([\w-]+)\.ts/.exec(frame) ?? [];
  return name === undefined || name.includes('anonymous') ? (file ?? 'unknown') : name.replace(/^Object\./, '');
}
