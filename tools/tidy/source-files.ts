import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text file of the repository. `path` is relative to the root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Larger files are data, not something a person reads; bytes. */
const FILE_BYTES_MAX = 2_000_000;
const TEXT = /\.(ts|tsx|mts|mjs|cjs|js|css|html|json|md|sql|sh|yml|yaml|example)$|(^|\/)(LICENSE|run)$/;
const EXEMPT =
  /(^|\/)(node_modules|dist|coverage)\/|\.gen\.ts$|^package-lock\.json$|^data\/|^docs\/reference\/openapi\.json$|\/migrations\/meta\//;

/** All text files that are, or are about to be, under version control. */
export function listSourceFiles(root: string): readonly SourceFile[] {
  const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
  const paths = listing.split('\0').filter((path) => path !== '' && TEXT.test(path) && !EXEMPT.test(path));
  return paths.flatMap((path) => {
    const text = readIfPresent(join(root, path));
    return text === null || text.length > FILE_BYTES_MAX ? [] : [{ path, text }];
  });
}

/** A file may be deleted in the working tree and still be listed. */
function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Program text, as opposed to documents and data. */
export function isCode(path: string): boolean {
  return /\.(ts|tsx|mts|mjs|cjs|js)$/.test(path);
}

/** Files that only run inside a test. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('tests/') || path.startsWith('packages/testkit/src/contract-suites/');
}
