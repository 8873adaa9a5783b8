import { posix } from 'node:path';
import { isCode, isTest, type SourceFile } from './source-files.ts';

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bexport\s+\*\s+from\s*)(['"])(\.{1,2}\/[^'"]+)\1/g;
/** Databases and servers for tests; it is no package and has no name. */
const TEST_SETUP = 'tests/setup/';
const FORBIDDEN_FOLDERS = new Set(['utils', 'util', 'helpers', 'common', 'services', 'manager', 'managers', 'misc']);

/** Relative imports that leave their package, and folders whose name says nothing. */
export function findBorderCrossings(files: readonly SourceFile[]): readonly string[] {
  const problems: string[] = [];
  for (const file of files) {
    const own = packageOf(file.path);
    if (own === null) continue;
    const empty = file.path.split('/').find((part) => FORBIDDEN_FOLDERS.has(part));
    if (empty !== undefined) problems.push(`${file.path}: the folder name "${empty}" says nothing; name what is inside.`);
    if (!isCode(file.path)) continue;
    for (const match of file.text.matchAll(SPECIFIER)) {
      const specifier = match[2] ?? '';
      const target = posix.normalize(posix.join(posix.dirname(file.path), specifier));
      const isTestSetup = isTest(file.path) && target.startsWith(TEST_SETUP);
      if (!target.startsWith(`${own}/`) && !isTestSetup)
        problems.push(`${file.path}: "${specifier}" leaves ${own} – import by package name.`);
    }
  }
  return problems;
}

function packageOf(path: string): string | null {
  return /^(?:packages|apps)\/[^/]+(?=\/)/.exec(path)?.[0] ?? null;
}
