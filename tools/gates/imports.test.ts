import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkImports } from './imports.ts';
import { makeTempProject, repositoryRoot, type TempProject } from './temp-project.ts';

const PACKAGES = ['domain', 'engine', 'contracts', 'adapters', 'testkit'];

const from = (name: string): string => `import * as x from '${name}';\nexport const y = x;\n`;

function makeGuardedProject(): TempProject {
  const project = makeTempProject(PACKAGES);
  copyFileSync(join(repositoryRoot, '.dependency-cruiser.cjs'), join(project.root, '.dependency-cruiser.cjs'));
  return project;
}

/** Rule, importing file, what it must not import. Each file breaks its rule alone. */
const FORBIDDEN = [
  ['domain-imports', 'packages/domain/src/a1.ts', '@hyperoru/engine'],
  ['domain-imports', 'packages/domain/src/a2.ts', 'node:crypto'],
  ['domain-imports', 'packages/domain/src/a3.ts', 'zod'],
  ['one-owner-of-big-js', 'packages/domain/src/ledger/entry.ts', 'big.js'],
  ['engine-imports', 'packages/engine/src/a1.ts', '@hyperoru/adapters'],
  ['engine-imports', 'packages/engine/src/a2.ts', 'node:fs'],
  ['contracts-imports', 'packages/contracts/src/a.ts', '@hyperoru/domain'],
  ['adapters-know-no-app', 'packages/adapters/src/store/a1.ts', '@hyperoru/contracts'],
  ['adapters-are-strangers', 'packages/adapters/src/secrets/a.ts', '../store/b.ts'],
  ['adapters-are-strangers', 'packages/adapters/src/exchanges/binance/a.ts', '../paper/b.ts'],
  ['testkit-in-tests-only', 'packages/adapters/src/store/a2.ts', '@hyperoru/testkit'],
  ['testkit-imports', 'packages/testkit/src/a.ts', '@hyperoru/adapters'],
  ['web-imports-contracts-only', 'apps/web/src/a1.ts', '@hyperoru/domain'],
  ['web-runs-in-a-browser', 'apps/web/src/a2.ts', 'node:fs'],
  ['routes-know-no-adapter', 'apps/server/src/http/a.ts', '@hyperoru/adapters'],
  ['resolvable', 'packages/domain/src/a4.ts', './missing.ts'],
  ['no-circular', 'packages/domain/src/circle-back.ts', './circle.ts'],
] as const;

describe('the gate on imports', () => {
  let problems = '';

  beforeAll(async () => {
    const project = makeGuardedProject();
    for (const path of ['packages/adapters/src/store/b.ts', 'packages/adapters/src/exchanges/paper/b.ts'])
      project.write(path, 'export {};\n');
    project.write('packages/domain/src/circle.ts', from('./circle-back.ts'));
    for (const [, path, name] of FORBIDDEN) project.write(path, from(name));
    problems = (await checkImports(project.root, ['packages', 'apps'])).problems.join('\n');
    project.remove();
  });

  test.each(FORBIDDEN)('fails with %s when %s imports %s', (rule, path) => {
    expect(problems).toContain(`error ${rule}: ${path}`);
  });
});

describe('the gate on imports, where nothing is wrong,', () => {
  let project: TempProject;

  beforeEach(() => {
    project = makeGuardedProject();
  });
  afterEach(() => project.remove());

  test('passes the allowed direction and counts what it read', async () => {
    project.write('packages/engine/src/index.ts', from('@hyperoru/domain'));
    project.write('packages/adapters/src/store/store.ts', from('@hyperoru/engine'));
    project.write('packages/adapters/src/store/store.test.ts', from('@hyperoru/testkit'));
    const report = await checkImports(project.root, ['packages']);
    expect(report.problems).toEqual([]);
    expect(report.looked).toBeGreaterThanOrEqual(PACKAGES.length);
  });
});
