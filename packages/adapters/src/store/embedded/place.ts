import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyBinaries } from './binaries.ts';
import { EmbeddedDatabaseProblem } from './problem.ts';

/** PostgreSQL refuses to run as root; then it runs as the system's user without rights. */
const NOBODY = 65_534;
/** Where the server's folder goes when nobody cannot reach the home folder. */
const SYSTEM_STATE_FOLDER = '/var/lib';
/** Length of a Unix socket's path, in bytes, less the name `/.s.PGSQL.5432` and the final NUL. */
const SOCKET_FOLDER_BYTES_MAX = process.platform === 'darwin' ? 88 : 92;

/** Where the server lives and as whom it runs. */
export interface Place {
  /** Holds `pgdata`, the log and, if short enough, the socket. */
  readonly folder: string;
  readonly pgdata: string;
  readonly logFile: string;
  readonly native: string;
  /** Empty unless this process is root. */
  readonly runAs: { readonly uid?: number; readonly gid?: number };
}

/** Chooses and prepares the folder. Throws EmbeddedDatabaseProblem('folder_unusable'). */
export function preparePlace(dataDir: string, native: string): Place {
  const isRoot = process.getuid?.() === 0;
  try {
    // As root, parents that are made here let nobody pass (and nothing more), so that the data can stay in them.
    mkdirSync(dirname(dataDir), { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const folder = realpathSync(isRoot ? reachableFolder(realpathSync(dataDir)) : dataDir);
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    return {
      folder,
      pgdata: join(folder, 'pgdata'),
      logFile: join(folder, 'postgres.log'),
      native: isRoot && !isReachable(join(native, 'bin')) ? copyBinaries(native, folder) : native,
      runAs: isRoot ? { uid: NOBODY, gid: NOBODY } : {},
    };
  } catch (cause) {
    if (cause instanceof EmbeddedDatabaseProblem) throw cause;
    throw new EmbeddedDatabaseProblem(
      'folder_unusable',
      `The database folder ${dataDir} cannot be used: ${text(cause)}. Make it writable for this user, or set HYPERORU_HOME to another folder.`,
      { cause },
    );
  }
}

/**
 * As root: the folder itself when every parent lets others pass, else a folder of the system's state named by a pointer file.
 * The pointer, not a computed name, is the truth: an emptied home never meets the database of an earlier one.
 */
function reachableFolder(dataDir: string): string {
  const pointer = join(dataDir, 'location');
  if (existsSync(pointer)) return pointedFolder(pointer, dataDir);
  if (existsSync(join(dataDir, 'pgdata')) || isReachable(dirname(dataDir))) return dataDir;
  const folder = mkdtempSync(join(SYSTEM_STATE_FOLDER, 'hyperoru-'));
  writeFileSync(join(folder, 'home'), `${dataDir}\n`);
  const unfinished = `${pointer}.${process.pid}`;
  writeFileSync(unfinished, `${folder}\n`);
  renameSync(unfinished, pointer);
  return folder;
}

function pointedFolder(pointer: string, dataDir: string): string {
  const folder = readFileSync(pointer, 'utf8').trim();
  const home = existsSync(join(folder, 'home')) ? readFileSync(join(folder, 'home'), 'utf8').trim() : null;
  if (home === dataDir) return folder;
  const found = home === null ? 'is not there' : `belongs to ${home}`;
  throw new EmbeddedDatabaseProblem(
    'folder_damaged',
    `${pointer} says that the database lies in ${folder}, which ${found}. Put the folder back, or delete ${pointer} to start with an empty database and restore a backup.`,
  );
}

/** True when a user without rights may pass through the folder and all its parents. */
export function isReachable(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    const { mode, uid, gid } = statSync(path);
    const passes = (mode & 0o001) !== 0 || (uid === NOBODY && (mode & 0o100) !== 0) || (gid === NOBODY && (mode & 0o010) !== 0);
    if (!passes) return false;
    if (path === dirname(path)) return true;
  }
}

/** A private folder for the socket: beside the data when the path is short enough, else a fresh one for temporary files. */
export function socketFolder(place: Place): string {
  const beside = join(place.folder, 'run');
  const folder = Buffer.byteLength(beside) <= SOCKET_FOLDER_BYTES_MAX ? beside : mkdtempSync(join(tmpdir(), 'hyperoru-'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (place.runAs.uid !== undefined && lstatSync(folder).uid !== place.runAs.uid) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

const text = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
