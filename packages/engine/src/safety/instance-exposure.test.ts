import { DEFAULT_INSTANCE_LIMITS, decimal, type InstanceLimits, type Stakes, ZERO } from '@hyperoru/domain';
import { type Bound, BTC, buy, type MemoryPipeline, openMemoryPipeline, type Pipeline, wants } from '@hyperoru/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInstanceExposure } from './instance-exposure.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;
let other: Bound;

beforeEach(async () => {
  memory = await openMemoryPipeline();
  p = memory.pipeline;
  bound = await p.newTrader();
  other = await p.newTrader();
  await p.run(other, wants(buy));
});
afterEach(() => memory.close());

const nothing: Stakes = { totalNotional: ZERO, longNotional: ZERO, shortNotional: ZERO, symbols: [], unpriced: [] };
const limits: InstanceLimits = { ...DEFAULT_INSTANCE_LIMITS, maxTotalNotional: decimal('100000') };
const read = (given: InstanceLimits | null = limits) =>
  p.records.read((tx) => {
    const own = { traderId: bound.trader.id, stakes: nothing, now: p.clock.now() };
    return readInstanceExposure(p.deps, tx, given, own);
  });

test('what others hold counts at the mark of their venue', async () => {
  const before = await read();
  expect(before).toMatchObject({ totalNotional: '1985', unpriced: [], entriesLastMinute: 1 });
  await p.price('51000');
  const after = await read();
  expect(after.totalNotional).toBe('2024.7');
  expect(Number(after.pnlToday)).toBeGreaterThan(Number(before.pnlToday));
});

test('what is held where no price can be had is unpriced, and no gain or loss', async () => {
  await p.price('51000');
  await p.records.updateTrader(other.trader.id, { exchange: null });
  const { unpriced, pnlToday } = await read();
  expect(unpriced).toEqual([BTC]);
  expect(Number(pnlToday)).toBeLessThan(0);
});

test.each<[string, InstanceLimits | null]>([
  ['no limit asks for them', { ...limits, maxTotalNotional: null, maxDailyLoss: null }],
  ['the limits cannot be read', null],
])('sums are not read when %s', async (_name, given) => {
  expect(await read(given)).toEqual({ totalNotional: '0', pnlToday: '0', unpriced: [], entriesLastMinute: 1 });
});
