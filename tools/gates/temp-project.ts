import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The checkout that the gates guard. */
export const repositoryRoot = resolve(import.meta.dirname, '../..');

/** A throw-away project for the test of a gate: the given files, and the tools of this repository. */
export interface TempProject {
  readonly root: string;
  write(path: string, text: string): void;
  remove(): void;
}

/** Makes a project folder outside the repository. `packages` become importable as @hyperoru/<name>. */
export function makeTempProject(packages: readonly string[] = []): TempProject {
  const root = mkdtempSync(join(tmpdir(), 'hyperoru-gate-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '@hyperoru'), { recursive: true });
  for (const library of ['@biomejs', '@types', 'big.js', 'dependency-cruiser', 'knip', 'typescript', 'zod']) {
    symlinkSync(join(repositoryRoot, 'node_modules', library), join(modules, library));
  }
  write('package.json', JSON.stringify({ name: 'fixture', private: true, type: 'module', workspaces: ['packages/*'] }));
  for (const name of packages) {
    const manifest = { name: `@hyperoru/${name}`, version: '0.1.0', type: 'module', exports: { '.': './src/index.ts' } };
    write(`packages/${name}/package.json`, JSON.stringify({ ...manifest, dependencies: dependenciesOf(packages, name) }));
    write(`packages/${name}/src/index.ts`, 'export {};\n');
    symlinkSync(join(root, 'packages', name), join(modules, '@hyperoru', name));
  }
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Everything is declared, so that only the rule under test can fail. */
function dependenciesOf(packages: readonly string[], own: string): Readonly<Record<string, string>> {
  const others = packages.filter((name) => name !== own).map((name) => [`@hyperoru/${name}`, '0.1.0'] as const);
  return Object.fromEntries([...others, ['big.js', '7.0.1'], ['zod', '4.6.7']]);
}
