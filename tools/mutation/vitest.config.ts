import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const packages = join(import.meta.dirname, '../../packages');
const sourceOf = (name: string): string => join(packages, name, 'src/index.ts');

/** Tests of the mutated folders alone, on the sources beside this file: a mutant lives in a copy of the repository. */
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  resolve: {
    alias: { '@hyperoru/domain': sourceOf('domain'), '@hyperoru/engine': sourceOf('engine'), '@hyperoru/testkit': sourceOf('testkit') },
  },
  test: { include: ['packages/domain/src/{orders,risk,decisions,ledger}/**/*.test.ts'] },
});
