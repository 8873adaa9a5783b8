import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFileGate } from './lock-file.ts';
import { makeTempProject, type TempProject } from './temp-project.ts';

let project: TempProject;

beforeEach(() => {
  project = makeTempProject();
});
afterEach(() => project.remove());

/** Only a local package: the test needs no registry. */
function writeProject(dependencies: Readonly<Record<string, string>>, locked: Readonly<Record<string, string>>): void {
  const manifest = { name: 'fixture', version: '1.0.0' };
  project.write('package.json', JSON.stringify({ ...manifest, dependencies }));
  project.write('part/package.json', JSON.stringify({ name: 'part', version: '1.0.0' }));
  const packages = {
    '': { ...manifest, dependencies: locked },
    ...('part' in locked ? { 'node_modules/part': { resolved: 'part', link: true }, part: { name: 'part', version: '1.0.0' } } : {}),
  };
  project.write('package-lock.json', JSON.stringify({ ...manifest, lockfileVersion: 3, requires: true, packages }));
}

describe('the gate on the lock file', () => {
  test('passes when the lock file covers package.json', async () => {
    writeProject({ part: 'file:./part' }, { part: 'file:./part' });
    expect((await lockFileGate.run(project.root)).problems).toEqual([]);
  });

  test('fails when a package is missing from the lock file', async () => {
    writeProject({ part: 'file:./part' }, {});
    expect((await lockFileGate.run(project.root)).problems.join('\n')).toContain('Missing: part');
  });
});
