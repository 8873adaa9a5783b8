import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { biomeGate } from './biome.ts';
import { makeTempProject, repositoryRoot, type TempProject } from './temp-project.ts';

let project: TempProject;

beforeEach(() => {
  project = makeTempProject();
  copyFileSync(join(repositoryRoot, 'biome.json'), join(project.root, 'biome.json'));
});
afterEach(() => project.remove());

describe('the gate on format and lint', () => {
  test('passes a well formed file and counts it', async () => {
    project.write('packages/domain/src/a.ts', "export const venue = 'paper';\n");
    const report = await biomeGate.run(project.root);
    expect(report.problems).toEqual([]);
    expect(report.looked).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['format', 'packages/domain/src/a.ts', 'export const venue = "paper"\n'],
    ['noFloatingPromises', 'packages/engine/src/a.ts', 'export async function f() {}\nf();\n'],
    [
      'noMisusedPromises',
      'packages/engine/src/a.ts',
      'async function f(): Promise<boolean> {\n  return true;\n}\nexport const g = () => {\n  if (f()) return 1;\n  return 2;\n};\n',
    ],
    ['noRestrictedGlobals', 'packages/engine/src/a.ts', 'export const id = setTimeout(() => undefined, 1);\n'],
    ['noRestrictedGlobals', 'packages/domain/src/a.ts', 'export const page = fetch;\n'],
    ['noNonNullAssertion', 'apps/server/src/a.ts', 'export const first = (xs: readonly string[]) => xs[0]!;\n'],
    ['noEnum', 'apps/server/src/a.ts', "export enum Side {\n  Buy = 'buy',\n}\n"],
  ])('fails with %s', async (rule, path, text) => {
    project.write(path, text);
    expect((await biomeGate.run(project.root)).problems.join('\n')).toContain(rule);
  });
});
