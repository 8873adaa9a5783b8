import { runWorker } from './run-worker.ts';

/** Seeds tried from the remembered one on: a change of the simulator moves what a seed meets. */
const SEEDS_NEAR_HINT = 20;
/** Seeds a mutant has to survive before it counts as not found. */
const SEEDS_MAX = 1_500;

/** The seed that shows a mutant, what it reported, and how many seeds were run to find it. */
export interface Killer {
  readonly seed: number;
  readonly problem: string;
  readonly seedsRun: number;
}

/**
 * Looks for a seed that is bad with the mutant and good without it: near `hint` first, then from seed 1 on. `mutant` and `healthy` are
 * bundles of the worker. null when the mutant survives.
 */
export async function findKiller(mutant: string, healthy: string, hint: number | null): Promise<Killer | null> {
  const slices = [...(hint === null ? [] : [{ first: hint, count: SEEDS_NEAR_HINT }]), { first: 1, count: SEEDS_MAX }];
  let seedsRun = 0;
  for (const { first, count } of slices) {
    for (let next = first; next < first + count; ) {
      const { bad, summary } = await runWorker(mutant, { first: next, count: first + count - next, stopsAtFailure: true });
      seedsRun += summary.seeds;
      const [found] = bad;
      if (found === undefined) break;
      // A seed that is bad anyway says nothing about the mutant.
      const without = await runWorker(healthy, { first: found.seed, count: 1 });
      if (without.bad.length === 0) return { seed: found.seed, problem: found.problems[0] ?? '', seedsRun };
      next = found.seed + 1;
    }
  }
  return null;
}
