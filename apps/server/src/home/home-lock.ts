import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, StartProblem, systemCode } from '../start-problem.ts';
import { isAlive, startOf } from './process-identity.ts';

const ATTEMPTS_MAX = 3;

interface Holder {
  readonly pid: number;
  readonly start: string | null;
}

/**
 * Takes the data folder for this process: one product per folder. A lock whose process is gone is taken over, so that a start
 * after `kill -9` needs nobody's help. Throws StartProblem when another process has it, or the folder cannot be written.
 */
export function lockHome(home: string): { release(): void } {
  makeFolder(home);
  const file = join(home, 'hyperoru.lock');
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (tryCreate(file, mine)) return { release: () => release(file, mine) };
    const holder = readHolder(file);
    if (holder !== null && isHeld(holder)) {
      throw new StartProblem(
        `Hyperoru is already running in ${home} (process ${holder.pid}). Open its dashboard, stop it first, or choose another folder with HYPERORU_HOME.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new StartProblem(`The lock ${file} could not be taken; several starts seem to happen at once. Try again.`);
}

function makeFolder(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(home, error);
  }
}

/** Appears complete or not at all: a half-written lock would look like a dead one. */
function tryCreate(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw unwritable(file, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(file: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null;
    return { pid: value.pid, start: 'start' in value && typeof value.start === 'string' ? value.start : null };
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** In a container every start has the same id, so the start time decides when it is known. */
function isHeld(holder: Holder): boolean {
  if (!Number.isInteger(holder.pid) || holder.pid <= 0 || !isAlive(holder.pid)) return false;
  const now = startOf(holder.pid);
  if (holder.start === null || now === null) return holder.pid !== process.pid;
  return holder.start === now;
}

function release(file: string, mine: string): void {
  try {
    if (readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

const unwritable = (path: string, error: unknown): StartProblem =>
  new StartProblem(
    `${path} cannot be written: ${reasonOf(error)}. Make it writable for this user, or set HYPERORU_HOME to a folder that is.`,
    { cause: error },
  );
