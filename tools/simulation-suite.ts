import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './simulation/bundle.ts';
import { MUTANTS } from './simulation/mutants.ts';
import { runInParallel, runWorker, type SliceResult } from './simulation/run-worker.ts';
import { missedSituations } from './simulation/situations.ts';
import type { Tally } from './suites/tally.ts';

/**
 * What every change has to pass: many seeds of the whole engine with trouble in it, the same seeds twice with the same hashes,
 * every listed situation met, and every mutant killed. `--seeds`, `--twice`, `--mutants=0` make it smaller.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    twice: { type: 'string', default: '500' },
    mutants: { type: 'string', default: '1' },
    only: { type: 'string' },
    record: { type: 'string' },
  },
});
const PROCESSES = Math.max(1, Math.min(2, availableParallelism()));
/** Seeds a mutant has to survive before it counts as not found. */
const SEEDS_PER_MUTANT = 3_000;
const BAD_SHOWN_MAX = 10;

const folder = mkdtempSync(join(tmpdir(), 'hyperoru-simulation-'));
const tally = { passed: 0, failed: 0, skipped: 0 };

try {
  if (values.only === undefined) {
    const worker = join(folder, 'worker.mjs');
    await bundle('worker.ts', worker);
    await checkSeeds(worker, Number(values.seeds));
    await checkTwice(worker, Number(values.twice));
  }
  if (values.mutants === '1') await checkMutants();
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

async function checkMutants(): Promise<void> {
  const queue = MUTANTS.filter(({ name }) => values.only === undefined || name === values.only);
  const work = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const file = join(folder, `${mutant.name.replaceAll(' ', '-')}.mjs`);
      await bundle('worker.ts', file, mutant);
      const { bad, summary } = await runWorker(file, { first: 1, count: SEEDS_PER_MUTANT, stopsAtFailure: true });
      const first = bad[0];
      judge(
        first !== undefined,
        `mutant "${mutant.name}" ${first === undefined ? 'SURVIVED' : `is killed by seed ${first.seed}: ${first.problems[0]}`} (${summary.seeds} seeds)`,
      );
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
}

function show(bad: SliceResult['bad']): void {
  for (const { seed, problems, troubles } of bad.slice(0, BAD_SHOWN_MAX))
    process.stdout.write(`  seed ${seed} [${troubles.join(' ')}]\n${problems.map((problem) => `    ${problem}\n`).join('')}`);
}
