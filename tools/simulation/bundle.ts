import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from './mutants.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Bundles a program of this folder into one file: it starts quickly, and nothing is loaded later, which would take real time. A mutant
 * replaces its text in one source file. Throws when the text is not there exactly once.
 */
export async function bundle(entry: 'worker.ts' | 'replay.ts', outfile: string, mutant: Mutant | null = null): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'error',
    // Native parts of adapters that no seed uses.
    loader: { '.node': 'empty' },
    external: ['vitest', 'fast-check'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: mutant === null ? [] : [mutation(mutant)],
  });
}

const mutation = (mutant: Mutant): Plugin => ({
  name: 'mutant',
  setup({ onLoad }) {
    onLoad({ filter: /packages\/(?:domain|engine|adapters)\/src\/.*\.ts$/ }, ({ path }) => {
      if (relative(ROOT, path) !== mutant.file) return undefined;
      return { contents: mutated(readFileSync(path, 'utf8'), mutant), loader: 'ts' };
    });
  },
});

/** The source with the mutant in it. Throws when the text to replace is not there exactly once: the list has to follow the code. */
export function mutated(source: string, { name, from, to }: Mutant): string {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`Expected the text of mutant "${name}" once, found it ${parts.length - 1} times.`);
  return parts.join(to);
}
