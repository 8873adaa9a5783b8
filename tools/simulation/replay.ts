/**
 * Replays one seed: `node replay.mjs <seed> [trouble,trouble…]` leaves out the troubles named, prints everything that happened and what
 * was wrong. A bad seed is made smaller first: every trouble that its failure does not need is left out.
 */
import { runSeed, type SeedResult } from '../../tests/simulation/run-seed.ts';
import { TROUBLES, type Trouble } from '../../tests/simulation/swarm.ts';

const [seedText = '1', withoutText = ''] = process.argv.slice(2);
const seed = Number(seedText);
const given = TROUBLES.filter((trouble) => withoutText.split(',').includes(trouble));

const first = await runSeed(seed, { without: new Set(given) });
const left = first.problems.length === 0 ? given : await shrink(first);
const result = await runSeed(seed, { keepsTrace: true, without: new Set(left) });
process.stdout.write(`${result.trace.join('\n')}\n\n`);
process.stdout.write(`seed ${seed}, ${result.hash}\nneeds: ${result.troubles.join(' ') || 'no trouble'}\n`);
process.stdout.write(result.problems.length === 0 ? 'nothing is wrong\n' : `${result.problems.join('\n')}\n`);
process.exitCode = result.problems.length === 0 ? 0 : 1;

/** Troubles that can be left out while the same rule stays broken. */
async function shrink(bad: SeedResult): Promise<readonly Trouble[]> {
  const rule = ruleOf(bad);
  const without = new Set<Trouble>(given);
  for (const trouble of bad.troubles) {
    const smaller = new Set([...without, trouble]);
    if (ruleOf(await runSeed(seed, { without: smaller })) === rule) without.add(trouble);
  }
  return [...without];
}

function ruleOf({ problems }: SeedResult): string | null {
  return problems[0]?.split(' ')[0] ?? null;
}
