import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './mutants.ts';

const FILE = join(import.meta.dirname, 'mutant-seeds.json');

/**
 * The seed that killed each mutant last, by its name. Only a place to look first: when the simulator changes, other seeds kill, and
 * `npx tsx tools/simulation-suite.ts --hints` writes them anew.
 */
export function readMutantSeeds(): ReadonlyMap<string, number> {
  const seeds: Readonly<Record<string, number>> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
  return new Map(Object.entries(seeds));
}

/** In the order of the list; what is in it no more is left out. */
export function writeMutantSeeds(seeds: ReadonlyMap<string, number>): void {
  const entries = MUTANTS.flatMap(({ name }) => {
    const seed = seeds.get(name);
    return seed === undefined ? [] : [[name, seed]];
  });
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
