import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTempProject, repositoryRoot, type TempProject } from './temp-project.ts';
import { checkTypes } from './types.ts';

let project: TempProject;

beforeEach(() => {
  project = makeTempProject();
  copyFileSync(join(repositoryRoot, 'tsconfig.base.json'), join(project.root, 'tsconfig.base.json'));
  project.write('tsconfig.json', JSON.stringify({ extends: './tsconfig.base.json', compilerOptions: { types: [] }, include: ['src'] }));
});
afterEach(() => project.remove());

describe('the gate on types', () => {
  test('passes sound code and counts its files', async () => {
    project.write('src/a.ts', 'export const quantity: string = "1";\n');
    expect(await checkTypes(project.root, ['.'])).toEqual({ looked: 1, problems: [] });
  });

  test.each([
    ['a wrong type', 'export const quantity: string = 1;\n'],
    ['an unchecked index', 'export const first = (xs: readonly string[]): string => xs[0];\n'],
    ['an enum, which cannot be erased', "export enum Side {\n  Buy = 'buy',\n}\n"],
    ['a parameter property, which cannot be erased', 'export class A {\n  constructor(readonly x: string) {}\n}\n'],
  ])('fails for %s', async (_what, text) => {
    project.write('src/a.ts', text);
    expect((await checkTypes(project.root, ['.'])).problems.join('\n')).toContain('src/a.ts');
  });

  test('fails for a project without settings', async () => {
    project.write('src/a.ts', 'export {};\n');
    expect((await checkTypes(project.root, ['.', 'apps/web'])).problems).toEqual(['apps/web: expected a tsconfig.json.']);
  });
});
