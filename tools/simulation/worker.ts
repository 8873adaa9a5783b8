/**
 * One worker of the simulation: `node worker.mjs <first> <count> <stop-at-failure>` runs its seeds one after the other and prints
 * one JSON line per seed that is bad, then one that sums up. Bundled by `bundle.ts`, with or without a mutant.
 */
import { runSeed } from '../../tests/simulation/run-seed.ts';
import type { SliceSummary, WorkerLine } from './lines.ts';

const PROBLEMS_PER_SEED_MAX = 5;

const [first = 0, count = 0, stopsAtFailure = 0, printsHashes = 0] = process.argv.slice(2).map(Number);
const summary: { -readonly [K in keyof SliceSummary]: SliceSummary[K] } = {
  seeds: 0,
  bad: 0,
  orders: 0,
  entries: 0,
  boots: 0,
  hits: {},
  reached: {},
  troubles: {},
  ms: 0,
};
const startedAt = performance.now();

for (let seed = first; seed < first + count; seed++) {
  const result = await runSeed(seed);
  summary.seeds += 1;
  summary.orders += result.orders;
  summary.entries += result.entries;
  summary.boots += result.boots;
  addTo(summary.hits, result.hits);
  for (const situation of result.reached) addTo(summary.reached, { [situation]: 1 });
  for (const trouble of result.troubles) addTo(summary.troubles, { [trouble]: 1 });
  if (printsHashes === 1) print({ kind: 'hash', seed, hash: result.hash });
  if (result.problems.length === 0) continue;
  summary.bad += 1;
  print({ kind: 'bad', seed, problems: result.problems.slice(0, PROBLEMS_PER_SEED_MAX), troubles: result.troubles });
  if (stopsAtFailure === 1) break;
}
summary.ms = performance.now() - startedAt;
print({ kind: 'summary', summary });

function addTo(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + value;
}

function print(line: WorkerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
