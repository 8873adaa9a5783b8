import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage']);
/** Tests do not change what is built; generated files follow from the others. */
const SKIPPED_FILES = /\.test\.tsx?$|\.gen\.ts$/;

/**
 * One hash over names and contents of everything below the given files and folders: equal exactly when a build would be.
 *
 * @param {string} root
 * @param {readonly string[]} paths relative to root
 */
export function fingerprint(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((start) => listFiles(root, start)).sort()) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function listFiles(root, start) {
  const entry = readdirSafely(join(root, start));
  if (entry === null) return [start];
  return entry.flatMap((item) => {
    const path = `${start}/${item.name}`;
    if (item.isDirectory()) return SKIPPED_FOLDERS.has(item.name) ? [] : listFiles(root, path);
    return SKIPPED_FILES.test(item.name) ? [] : [path];
  });
}

/** The entries of a folder, or null when it is a file. */
function readdirSafely(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return null;
    throw error;
  }
}
