import { asId, type TraderId, ZERO } from '@hyperoru/domain';
import { describe, expect, test } from 'vitest';
import type { CardRecords } from './card-cache.ts';
import { CardCache } from './card-cache.ts';

const traderOf = (digit: number): TraderId => asId<TraderId>(`00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`);
const trader = traderOf(1);

function records(openPositions: number): CardRecords {
  const totals = { runs: 0, trades: 0, deposits: ZERO, realizedPnl: ZERO, fees: ZERO, funding: ZERO };
  return { lastExecuted: null, bindings: [], openPositions, lastRun: null, lastDecision: null, sparkline: [], totals };
}

/** A cache over a store whose value and number of readings the test sees. */
function startCache() {
  const time = { ms: 0 };
  const stored = { value: 0, reads: 0 };
  const cache = new CardCache({ monotonicMs: () => time.ms });
  const read = async (id = trader): Promise<number> => {
    const load = async () => {
      stored.reads += 1;
      return records(stored.value);
    };
    return (await cache.read(id, load)).openPositions;
  };
  return { time, stored, cache, read };
}

describe('CardCache', () => {
  test('reads once for many readers at once and after each other', async () => {
    const { stored, read } = startCache();
    expect(await Promise.all([read(), read()])).toEqual([0, 0]);
    await read();
    expect(stored.reads).toBe(1);
  });

  test('reads again after five seconds', async () => {
    const { time, stored, read } = startCache();
    await read();
    time.ms = 5_000;
    await read();
    expect(stored.reads).toBe(1);
    time.ms = 5_001;
    await read();
    expect(stored.reads).toBe(2);
  });

  test('reads again once it was told to forget, and only for that trader', async () => {
    const { stored, cache, read } = startCache();
    await Promise.all([read(traderOf(1)), read(traderOf(2))]);
    cache.forget(traderOf(1));
    await Promise.all([read(traderOf(1)), read(traderOf(2))]);
    expect(stored.reads).toBe(3);
  });

  test('never gives what was being read when a change came to those who ask after the change', async () => {
    const { cache, read } = startCache();
    let finish = (_: CardRecords): void => undefined;
    const reading = new Promise<CardRecords>((resolve) => {
      finish = resolve;
    });
    const slow = cache.read(trader, () => reading);
    cache.forget(trader);
    const fresh = read();
    finish(records(99));
    expect((await slow).openPositions).toBe(99);
    expect(await fresh).toBe(0);
    expect(await read()).toBe(0);
  });

  test('does not keep a failure', async () => {
    const { cache, read } = startCache();
    await expect(cache.read(trader, () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(await read()).toBe(0);
  });

  test('holds 2,000 traders and drops the one read longest ago', async () => {
    const { stored, read } = startCache();
    for (let index = 0; index <= 2_000; index += 1) await read(traderOf(index));
    const before = stored.reads;
    await read(traderOf(1));
    expect(stored.reads).toBe(before);
    await read(traderOf(0));
    expect(stored.reads).toBe(before + 1);
  });
});
