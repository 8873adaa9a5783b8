import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { removeDatabase } from '../tools/fresh/fresh-clone.ts';

export const root = resolve(import.meta.dirname, '..');

const END_WAIT_MS_MAX = 20_000;

/** A helper process of a bench that says in one JSON line when it is ready. */
export interface Helper<T> {
  readonly pid: number;
  readonly ready: T;
  /** SIGTERM, and SIGKILL if that does not end it. */
  stop(): Promise<void>;
}

/** Starts `node <args>` and waits for its first line on stdout that is JSON. Rejects when it ends or stays silent instead. */
export async function startHelper<T>(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  waitMsMax = 60_000,
): Promise<Helper<T>> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = await new Promise<T>((resolveReady, reject) => {
    const timer = setTimeout(() => reject(new Error(`${args.join(' ')} was not ready within ${waitMsMax / 1000} s.`)), waitMsMax);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with code ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      clearTimeout(timer);
      resolveReady(JSON.parse(line) as T);
    });
  });
  return { pid: child.pid ?? 0, ready, stop: () => end(child) };
}

/** Ends a child of ours and waits for it. */
export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolveEnd) => {
    const force = setTimeout(() => child.kill('SIGKILL'), END_WAIT_MS_MAX);
    child.once('exit', () => {
      clearTimeout(force);
      resolveEnd();
    });
    child.kill('SIGTERM');
  });
}

/** An empty folder for the product's data, and how to delete it. */
export function makeHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hyperoru-bench-'));
  const remove = (): void => {
    removeDatabase(join(path, 'data'));
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  };
  return { path, remove };
}

/** Settings of an instance of its own in the given folder. */
export function instanceEnv(home: string): Readonly<Record<string, string>> {
  return {
    HYPERORU_HOME: join(home, 'data'),
    HYPERORU_KEY_FILE: join(home, 'key/master.key'),
    HYPERORU_SETUP_TOKEN: SETUP_TOKEN,
    HYPERORU_DEMO: '0',
    HYPERORU_LOG_LEVEL: 'error',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: '',
  };
}

/** Of instances that live for one measurement on loopback. */
export const SETUP_TOKEN = 'bench-setup-token-for-one-measurement';
