import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../apps/server/src/product.ts';
import { callApi } from '../tools/fresh/api-client.ts';
import { MODEL_ORIGIN, startBenchProduct } from './bench-product.ts';
import type { Figure } from './figure.ts';
import { percentile } from './figure.ts';
import { instantModel } from './instant-model.ts';
import { type BenchTrader, createTraders } from './people.ts';

const TRADERS = 100;
/** Every trader opens, closes and opens again. */
const ROUNDS = 3;
/** Triggers arrive at this pace whether or not earlier ones are done: 100 traders that decide every ten seconds. */
const ARRIVALS_PER_SECOND = 10;
const P99_MS_MAX = 50;
/** Wait for the last orders of a round, ms. */
const ROUND_MS_MAX = 30_000;
const BASELINE_SAMPLES = 300;
/** Commits on the way from trigger to order: trigger with run, start with context, decision with intents, sent. */
const COMMITS = 4;

/** From the request of a trigger to the order at the paper venue, with a model that answers at once, 100 traders in the instance. */
export async function runOverhead(): Promise<readonly Figure[]> {
  const { product, base, token, close } = await startBenchProduct({ model: instantModel() });
  try {
    const model = (index: number): string => `bench-${index}`;
    const traders = await createTraders(base, token, { count: TRADERS, model, baseUrl: `${MODEL_ORIGIN}/v1`, intervalSeconds: null });
    const samples = await measureRounds(product, base, token, traders);
    const baselineValue = percentile(await measureCommits(product), 0.99);
    const value = percentile(samples, 0.99);
    return [
      {
        name: 'run-overhead p99',
        value,
        unit: 'ms',
        baseline: `p99 of ${COMMITS} durable commits of the same store, one after the other`,
        baselineValue,
        must: `value <= ${P99_MS_MAX}`,
        ok: value <= P99_MS_MAX,
      },
    ];
  } finally {
    await close();
  }
}

async function measureRounds(product: Product, base: string, token: string, traders: readonly BenchTrader[]): Promise<readonly number[]> {
  const venue = product.deps.venue('paper', 'paper');
  if (venue === null) throw new Error('Expected a paper venue.');
  const startedAt = new Map<string, number>();
  const samples: number[] = [];
  const unfollow = venue.exchange.onEvent((event) => {
    const since = startedAt.get(event.traderId);
    if (event.kind !== 'order' || since === undefined) return;
    samples.push(performance.now() - since);
    startedAt.delete(event.traderId);
  });
  for (let round = 0; round < ROUNDS; round++) {
    const requests: Promise<unknown>[] = [];
    for (const { traderId, bindingId } of traders) {
      startedAt.set(traderId, performance.now());
      requests.push(callApi(`${base}/api/bindings/${bindingId}/trigger`, { method: 'POST', token, body: { event_id: `round-${round}` } }));
      await sleep(1000 / ARRIVALS_PER_SECOND);
    }
    await Promise.all(requests);
    await until(() => samples.length === (round + 1) * traders.length, `${traders.length} orders of round ${round + 1}`);
  }
  unfollow();
  return samples;
}

async function measureCommits(product: Product): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let sample = 0; sample < BASELINE_SAMPLES; sample++) {
    const startedAt = performance.now();
    for (let commit = 0; commit < COMMITS; commit++) {
      await product.deps.store.transaction((tx) => tx.journal.putSetting('bench', { sample, commit }));
    }
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

async function until(isDone: () => boolean, what: string): Promise<void> {
  const giveUpAt = performance.now() + ROUND_MS_MAX;
  while (!isDone()) {
    if (performance.now() > giveUpAt) throw new Error(`Expected ${what} within ${ROUND_MS_MAX / 1000} s.`);
    await sleep(10);
  }
}
