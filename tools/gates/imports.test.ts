import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkImports } from './imports.ts';
import { makeTempProject, repositoryRoot, type TempProject } from './temp-project.ts';

const PACKAGES = ['domain', 'engine', 'contracts', 'adapters', 'testkit'];
let project: TempProject;

beforeEach(() => {
  project = makeTempProject(PACKAGES);
  copyFileSync(join(repositoryRoot, '.dependency-cruiser.cjs'), join(project.root, '.dependency-cruiser.cjs'));
});
afterEach(() => project.remove());

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  const folders = Object.keys(files).some((path) => path.startsWith('apps/')) ? ['packages', 'apps'] : ['packages'];
  return (await checkImports(project.root, folders)).problems.join('\n');
}

const from = (name: string): string => `import * as x from '${name}';\nexport const y = x;\n`;

describe('the gate on imports', () => {
  test('passes the allowed direction and counts what it read', async () => {
    project.write('packages/engine/src/index.ts', from('@hyperoru/domain'));
    project.write('packages/adapters/src/store/store.ts', from('@hyperoru/engine'));
    const report = await checkImports(project.root, ['packages']);
    expect(report.problems).toEqual([]);
    expect(report.looked).toBeGreaterThanOrEqual(PACKAGES.length);
  });

  test.each([
    ['domain-imports', 'packages/domain/src/a.ts', '@hyperoru/engine'],
    ['domain-imports', 'packages/domain/src/a.ts', 'node:crypto'],
    ['domain-imports', 'packages/domain/src/a.ts', 'zod'],
    ['one-owner-of-big-js', 'packages/domain/src/ledger/entry.ts', 'big.js'],
    ['engine-imports', 'packages/engine/src/a.ts', '@hyperoru/adapters'],
    ['engine-imports', 'packages/engine/src/a.ts', 'node:fs'],
    ['contracts-imports', 'packages/contracts/src/a.ts', '@hyperoru/domain'],
    ['adapters-know-no-app', 'packages/adapters/src/store/a.ts', '@hyperoru/contracts'],
    ['testkit-in-tests-only', 'packages/adapters/src/store/a.ts', '@hyperoru/testkit'],
    ['testkit-imports', 'packages/testkit/src/a.ts', '@hyperoru/adapters'],
    ['web-imports-contracts-only', 'apps/web/src/a.ts', '@hyperoru/domain'],
    ['web-runs-in-a-browser', 'apps/web/src/a.ts', 'node:fs'],
    ['routes-know-no-adapter', 'apps/server/src/http/app.ts', '@hyperoru/adapters'],
    ['resolvable', 'packages/domain/src/a.ts', './missing.ts'],
  ])('fails with %s when %s imports %s', async (rule, path, name) => {
    expect(await problemsOf({ [path]: from(name) })).toContain(rule);
  });

  test('fails when one adapter imports another, also between two exchanges', async () => {
    const problems = await problemsOf({
      'packages/adapters/src/store/a.ts': 'export const a = 1;\n',
      'packages/adapters/src/secrets/b.ts': from('../store/a.ts'),
      'packages/adapters/src/exchanges/paper/p.ts': 'export const p = 1;\n',
      'packages/adapters/src/exchanges/binance/q.ts': from('../paper/p.ts'),
    });
    expect(problems).toContain('adapters-are-strangers: packages/adapters/src/secrets/b.ts');
    expect(problems).toContain('adapters-are-strangers: packages/adapters/src/exchanges/binance/q.ts');
  });

  test('fails for two files that need each other', async () => {
    const problems = await problemsOf({ 'packages/domain/src/a.ts': from('./b.ts'), 'packages/domain/src/b.ts': from('./a.ts') });
    expect(problems).toContain('no-circular');
  });
});
