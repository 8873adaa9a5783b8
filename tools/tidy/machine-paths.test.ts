import { describe, expect, test } from 'vitest';
import { findMachinePaths } from './machine-paths.ts';

describe('the gate on paths of one machine', () => {
  test('fails for the folder that holds the checkout', () => {
    const file = { path: 'docs/a.md', text: 'first\nsee /builds/team/other/file.txt\n' };
    expect(findMachinePaths([file], '/builds/team/hyperoru')).toEqual(['docs/a.md:2: names a folder of one machine.']);
  });

  test("fails for someone's home folder", () => {
    const home = ['', 'home', 'alex', 'hyperoru'].join('/');
    expect(findMachinePaths([{ path: 'docs/a.md', text: `${home}\n` }], '/tmp/clone')).toHaveLength(1);
  });

  test('passes ordinary folders, also when the checkout lies in one', () => {
    expect(findMachinePaths([{ path: 'docs/a.md', text: 'logs go to /tmp/x and ~/.hyperoru\n' }], '/tmp/hyperoru')).toEqual([]);
  });
});
