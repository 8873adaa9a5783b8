import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTempProject, type TempProject } from './temp-project.ts';
import { unusedGate } from './unused.ts';

let project: TempProject;

beforeEach(() => {
  project = makeTempProject();
  project.write('knip.json', JSON.stringify({ entry: ['src/main.ts'], project: ['src/**/*.ts'] }));
  project.write('src/main.ts', "import { used } from './rules.ts';\n\nused();\n");
  project.write('src/rules.ts', 'export function used() {}\n');
});
afterEach(() => project.remove());

describe('the gate on dead code', () => {
  test('passes when everything is used', async () => {
    expect((await unusedGate.run(project.root)).problems).toEqual([]);
  });

  test('fails for a file that nothing imports', async () => {
    project.write('src/forgotten.ts', 'export {};\n');
    expect((await unusedGate.run(project.root)).problems.join('\n')).toContain('src/forgotten.ts');
  });

  test('fails for an export that nothing imports', async () => {
    project.write('src/rules.ts', 'export function used() {}\nexport function unused() {}\n');
    expect((await unusedGate.run(project.root)).problems.join('\n')).toContain('unused');
  });

  test('fails for a library that nothing imports', async () => {
    project.write('package.json', JSON.stringify({ name: 'fixture', type: 'module', dependencies: { zod: '4.6.7' } }));
    expect((await unusedGate.run(project.root)).problems.join('\n')).toContain('zod');
  });
});
