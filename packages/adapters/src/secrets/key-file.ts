import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { KeyProblem } from './key-problem.ts';
import { KEY_BYTES, type MasterKey, parseMasterKey } from './master-key.ts';

/** A key file holds one short line; anything longer is something else. */
const KEY_FILE_BYTES_MAX = 1024;
const OTHERS_MODE = 0o077;

export interface KeySource {
  readonly keyFile: string;
  /** Folder with the database; the key must not lie in it, or a copy of the data would carry its own key. */
  readonly dataDir: string;
  /** The key itself from the environment, in place of the file; null = use the file. */
  readonly envKey: string | null;
}

/** The instance's key: from the environment, else from the file, which is made at first start (0600). Throws KeyProblem. */
export function loadOrCreateKey(source: KeySource): MasterKey {
  if (source.envKey !== null) return parseMasterKey(source.envKey, 'HYPERORU_KEY');
  const file = resolve(source.keyFile);
  if (isInside(file, source.dataDir))
    throw new KeyProblem(
      'key_inside_data',
      `The key file ${file} lies inside the data folder ${source.dataDir}, so every copy of the data would carry its key: set HYPERORU_KEY_FILE to a path outside it.`,
    );
  try {
    if (!existsSync(file)) create(file);
    return read(file);
  } catch (error) {
    if (error instanceof KeyProblem) throw error;
    const reason = error instanceof Error ? error.message : 'unknown error';
    throw new KeyProblem(
      'key_file_unusable',
      `The key file ${file} cannot be used (${reason}): make the path readable and writable, or set HYPERORU_KEY_FILE to another.`,
      { cause: error },
    );
  }
}

function read(file: string): MasterKey {
  const stat = statSync(file);
  if (!stat.isFile() || stat.size > KEY_FILE_BYTES_MAX)
    throw new KeyProblem('key_invalid', `${file} is no key file: set HYPERORU_KEY_FILE to the file with the key.`);
  // Windows has no such modes; its files are private to the user's profile.
  if (process.platform !== 'win32' && (stat.mode & OTHERS_MODE) !== 0)
    throw new KeyProblem(
      'key_file_open',
      `Other users may read the key file ${file}: run "chmod 600 ${file}", and consider its key known if others had access.`,
    );
  return parseMasterKey(readFileSync(file, 'utf8'), file);
}

/** Written whole and synced under another name, then linked into place: a crash leaves no half key, a race no second one. */
function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFolder(dirname(file));
}

function syncFolder(folder: string): void {
  // Windows cannot open folders; its file systems journal the name.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Also through symbolic links, and before the paths exist. */
function isInside(file: string, folder: string): boolean {
  const path = relative(realPath(resolve(folder)), realPath(file));
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && resolve(path) !== path);
}

function realPath(path: string): string {
  const parent = dirname(path);
  if (existsSync(path)) return realpathSync(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}
