import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A checked-in file whose content follows from the sources. `path` is relative to the root. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Writes the files and returns the paths that changed. */
export function writeGenerated(root: string, files: readonly GeneratedFile[]): readonly string[] {
  return files
    .filter((file) => {
      if (readCurrent(root, file.path) === file.text) return false;
      mkdirSync(dirname(join(root, file.path)), { recursive: true });
      writeFileSync(join(root, file.path), file.text);
      return true;
    })
    .map((file) => file.path);
}

/** One line for every file that is missing or differs from what the sources say. */
export function findStale(root: string, files: readonly GeneratedFile[]): readonly string[] {
  return files.flatMap((file) => {
    const current = readCurrent(root, file.path);
    if (current === file.text) return [];
    return [`${file.path}: ${current === null ? 'missing' : 'not what the sources say'} – run npm run docs and commit it.`];
  });
}

function readCurrent(root: string, path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}
