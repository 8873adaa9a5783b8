import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './simulation/bundle.ts';
import { findKiller } from './simulation/find-killer.ts';
import { readMutantSeeds, writeMutantSeeds } from './simulation/mutant-seeds.ts';
import { MUTANTS } from './simulation/mutants.ts';
import { runInParallel, runWorker, type SliceResult } from './simulation/run-worker.ts';
import { missedSituations } from './simulation/situations.ts';
import type { Tally } from './suites/tally.ts';

/**
 * What every change has to pass: many seeds of the whole engine with trouble in it, the same seeds twice with the same hashes,
 * every listed situation met, and every mutant killed by a seed that is good without it. `--seeds`, `--twice`, `--mutants=0` make it
 * smaller, `--only=<name>` runs one mutant. `--hints` runs the mutants only, looks for their seeds from the first on and remembers them.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    twice: { type: 'string', default: '500' },
    mutants: { type: 'string', default: '1' },
    only: { type: 'string' },
    hints: { type: 'boolean', default: false },
    processes: { type: 'string', default: '2' },
    record: { type: 'string' },
  },
});
const PROCESSES = Math.max(1, Math.min(Number(values.processes), availableParallelism()));
const BAD_SHOWN_MAX = 10;

const folder = mkdtempSync(join(tmpdir(), 'hyperoru-simulation-'));
const tally = { passed: 0, failed: 0, skipped: 0 };

try {
  const worker = join(folder, 'worker.mjs');
  await bundle('worker.ts', worker);
  if (values.only === undefined && !values.hints) {
    await checkSeeds(worker, Number(values.seeds));
    await checkTwice(worker, Number(values.twice));
  }
  if (values.mutants === '1') await checkMutants(worker);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.record !== undefined) writeFileSync(values.record, JSON.stringify(tally satisfies Tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

function judge(isGood: boolean, what: string): void {
  tally[isGood ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${isGood ? '✓' : '✗'} ${what}\n`);
}

async function checkSeeds(worker: string, count: number): Promise<void> {
  const { summary, bad } = await runInParallel(worker, { first: 1, count }, PROCESSES);
  const perSecond = Math.round((summary.seeds / summary.ms) * 1_000);
  const size = `${summary.orders} orders, ${summary.boots} starts of the process, ${perSecond} seeds per second`;
  judge(bad.length === 0 && summary.seeds === count, `${summary.seeds} seeds, ${bad.length} bad (${size})`);
  show(bad);
  const missed = missedSituations(summary);
  judge(missed.length === 0, `every listed situation was met${missed.length === 0 ? '' : `, but for: ${missed.join(' · ')}`}`);
}

async function checkTwice(worker: string, count: number): Promise<void> {
  const options = { first: 1, count, printsHashes: true };
  const [once, again] = await Promise.all([runWorker(worker, options), runWorker(worker, options)]);
  const different = [...once.hashes].filter(([seed, hash]) => again.hashes.get(seed) !== hash).map(([seed]) => seed);
  judge(
    different.length === 0 && once.hashes.size === count,
    `${count} seeds twice, ${different.length} with another hash ${different.slice(0, BAD_SHOWN_MAX)}`,
  );
}

async function checkMutants(healthy: string): Promise<void> {
  const seeds = new Map(readMutantSeeds());
  const queue = MUTANTS.filter(({ name }) => values.only === undefined || name === values.only);
  const work = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const { name } = mutant;
      const file = join(folder, `mutant-${queue.length}.mjs`);
      await bundle('worker.ts', file, mutant);
      const killer = await findKiller(file, healthy, values.hints ? null : (seeds.get(name) ?? null));
      if (killer === null) seeds.delete(name);
      else seeds.set(name, killer.seed);
      const fate = killer === null ? 'SURVIVED' : `is killed by seed ${killer.seed} (${killer.seedsRun} run): ${killer.problem}`;
      judge(killer !== null, `mutant "${name}" ${fate}`);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  if (values.hints) writeMutantSeeds(seeds);
}

function show(bad: SliceResult['bad']): void {
  for (const { seed, problems, troubles } of bad.slice(0, BAD_SHOWN_MAX))
    process.stdout.write(`  seed ${seed} [${troubles.join(' ')}]\n${problems.map((problem) => `    ${problem}\n`).join('')}`);
}
