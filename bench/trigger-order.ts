import { setTimeout as sleep } from 'node:timers/promises';
import { asId, type BindingId, type TraderId } from '@hyperoru/domain';
import { nextSlot, type OwnerScope, ownerScope, patchBinding } from '@hyperoru/engine';
import { callApi } from '../tools/fresh/api-client.ts';
import { type BenchProduct, liftLimits, MODEL_ORIGIN, startBenchProduct } from './bench-product.ts';
import type { Figure } from './figure.ts';
import { percentile } from './figure.ts';
import { instantModel } from './instant-model.ts';
import { type BenchTrader, createTraders } from './people.ts';

const TRADERS = 1_000;
const INTERVAL_MS = 60_000;
/** Every trader opens and closes. */
const ROUNDS = 2;
const P99_MS_MAX = 250;
const RSS_MB_MAX = 1_000;
const MEGABYTE = 1_000_000;
const READ_EVERY_MS = 500;
/** Bindings changed at the same time. */
const PARALLEL = 8;
/** Wait for orders that are late, ms. A trigger older than 30 s starts no run any more. */
const LATE_MS_MAX = 45_000;
const BASELINE_SAMPLES = 300;
/** Commits on the way from trigger to order: trigger with run, start with context, decision with intents, sent. */
const COMMITS = 4;

/**
 * From trigger to order at the paper venue with 1,000 traders that decide once a minute and a model that answers at once: first with
 * triggers spread evenly over the minute, as strategies fire them, then on the schedules themselves, from the slot's own time on.
 * Resident memory is that of the whole process, with what the bench itself holds; the database is another process.
 */
export async function triggerOrder(): Promise<readonly Figure[]> {
  const bench = await startBenchProduct({ model: instantModel() });
  const memory = watchMemory();
  try {
    const model = (index: number): string => `bench-${index}`;
    const traders = await createTraders(bench.base, bench.token, {
      count: TRADERS,
      model,
      baseUrl: `${MODEL_ORIGIN}/v1`,
      intervalSeconds: null,
    });
    const ids = traders.map(({ traderId }) => asId<TraderId>(traderId));
    const scope = ownerScope(await liftLimits(bench.product, ids));
    const spread = await measureSpread(bench, traders);
    const scheduled = await measureScheduled(bench, scope, traders);
    const baselineValue = percentile(await measureCommits(bench), 0.99);
    const baseline = `p99 of ${COMMITS} durable commits of the same store, one after the other`;
    const timed = (name: string, { samples, missing }: Orders): Figure => {
      // An order that never came is as late as we waited for it.
      const value = percentile([...samples, ...Array.from({ length: missing }, () => LATE_MS_MAX)], 0.99);
      const must = `value <= ${P99_MS_MAX}`;
      return { name, value, unit: 'ms', baseline, baselineValue, must, ok: value <= P99_MS_MAX };
    };
    return [
      timed('trigger-order spread p99', spread),
      timed('trigger-order schedules p99', scheduled),
      {
        name: 'trigger-order memory',
        value: memory.largest(),
        unit: 'MB',
        baseline: 'the same process before it started the product',
        baselineValue: memory.first,
        must: `value <= ${RSS_MB_MAX}`,
        ok: memory.largest() <= RSS_MB_MAX,
      },
    ];
  } finally {
    memory.stop();
    await bench.close();
  }
}

interface Orders {
  readonly samples: readonly number[];
  /** Triggers without an order. */
  readonly missing: number;
}

/** Orders of traders whose trigger has a time; each counts once. */
function followOrders({ product }: BenchProduct) {
  const since = new Map<string, number>();
  const samples: number[] = [];
  const unfollow = product.deps.venue('paper', 'paper')?.exchange.onEvent((event) => {
    const at = since.get(event.traderId);
    // Before its trigger it is the order of an earlier one.
    if (event.kind !== 'order' || at === undefined || performance.now() < at) return;
    samples.push(performance.now() - at);
    since.delete(event.traderId);
  });
  const end = async (): Promise<Orders> => {
    const giveUpAt = performance.now() + LATE_MS_MAX;
    while (since.size > 0 && performance.now() < giveUpAt) await sleep(READ_EVERY_MS);
    unfollow?.();
    return { samples, missing: since.size };
  };
  return { since, end };
}

async function measureSpread(bench: BenchProduct, traders: readonly BenchTrader[]): Promise<Orders> {
  const orders = followOrders(bench);
  const requests: Promise<unknown>[] = [];
  const begunAt = performance.now();
  for (let count = 0; count < ROUNDS * traders.length; count++) {
    const { traderId, bindingId } = traders[count % traders.length] ?? { traderId: '', bindingId: '' };
    await sleep(begunAt + (count * INTERVAL_MS) / traders.length - performance.now());
    orders.since.set(traderId, performance.now());
    const body = { event_id: `spread-${count}` };
    requests.push(callApi(`${bench.base}/api/bindings/${bindingId}/trigger`, { method: 'POST', token: bench.token, body }));
  }
  await Promise.all(requests);
  return orders.end();
}

async function measureScheduled(bench: BenchProduct, scope: OwnerScope, traders: readonly BenchTrader[]): Promise<Orders> {
  const { deps } = bench.product;
  const triggers = [{ type: 'schedule', intervalSeconds: INTERVAL_MS / 1_000 }] as const;
  const rest = [...traders];
  const worker = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      const changed = await patchBinding(deps, scope, { bindingId: asId<BindingId>(next.bindingId), triggers });
      if (!changed.ok) throw new Error(changed.error.message);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  const all: Orders[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const orders = followOrders(bench);
    const now = deps.clock.now();
    const zero = performance.now() - now;
    for (const { traderId, bindingId } of traders)
      orders.since.set(traderId, zero + nextSlot(triggers[0], now, asId<BindingId>(bindingId)));
    await sleep(INTERVAL_MS);
    all.push(await orders.end());
  }
  return { samples: all.flatMap(({ samples }) => samples), missing: all.reduce((sum, { missing }) => sum + missing, 0) };
}

async function measureCommits({ product }: BenchProduct): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let sample = 0; sample < BASELINE_SAMPLES; sample++) {
    const startedAt = performance.now();
    for (let commit = 0; commit < COMMITS; commit++)
      await product.deps.store.transaction((tx) => tx.journal.putSetting('bench', { sample, commit }));
    samples.push(performance.now() - startedAt);
  }
  return samples;
}

function watchMemory() {
  const read = (): number => process.memoryUsage.rss() / MEGABYTE;
  const first = read();
  let largest = first;
  const timer = setInterval(() => {
    largest = Math.max(largest, read());
  }, READ_EVERY_MS);
  return { first, largest: () => largest, stop: () => clearInterval(timer) };
}
