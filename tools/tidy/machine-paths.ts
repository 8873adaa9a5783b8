import { dirname } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** Parents that appear in ordinary documents and therefore prove nothing. */
const ORDINARY_PARENTS = new Set(['/', '/tmp', '/opt', '/srv', '/home', '/root', '/app', '/usr/src', '/var']);
const SOMEONES_HOME = /(?:\/home|\/Users)\/[a-z][\w-]*\//;

/** Lines that name a folder of the machine the file was written on. */
export function findMachinePaths(files: readonly SourceFile[], root: string): readonly string[] {
  const parent = dirname(root);
  const problems: string[] = [];
  for (const file of files) {
    file.text.split('\n').forEach((line, index) => {
      const isHere = !ORDINARY_PARENTS.has(parent) && line.includes(`${parent}/`);
      if (isHere || SOMEONES_HOME.test(line)) problems.push(`${file.path}:${index + 1}: names a folder of one machine.`);
    });
  }
  return problems;
}
