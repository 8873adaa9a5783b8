import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { build, staleTargets } from '../../tools/bootstrap/build.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = resolve(ROOT, 'apps/server/dist/main.js');
const WAIT_MS_MAX = 25_000;

/** Builds the server unless it is current; call it before the first {@link spawnProduct}. */
export async function buildServer(): Promise<void> {
  if (staleTargets(ROOT).includes('server')) await build(ROOT, ['server']);
}

/** The product as a process of its own, as a person starts it. */
export interface SpawnedProduct {
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  /** Waits until stdout holds a match, and answers it. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts it with these settings and nothing of this process' environment but the path. */
export function spawnProduct(args: readonly string[], env: Readonly<Record<string, string>>): SpawnedProduct {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const told = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
    told();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const exited = new Promise<number | null>((done) => {
    child.on('close', (code) => {
      done(code);
      told();
    });
  });
  return {
    child,
    exited,
    output: () => ({ stdout, stderr }),
    printed: (pattern) =>
      new Promise((done, fail) => {
        const giveUp = setTimeout(() => fail(new Error(`Expected ${pattern}, printed: ${stdout}\n${stderr}`)), WAIT_MS_MAX);
        const look = () => {
          const found = pattern.exec(stdout);
          const isOver = child.exitCode !== null || child.signalCode !== null;
          if (found === null && !isOver) return;
          clearTimeout(giveUp);
          listeners.delete(look);
          if (found !== null) done(found);
          else fail(new Error(`Expected ${pattern}, ended with ${child.exitCode}: ${stdout}\n${stderr}`));
        };
        listeners.add(look);
        look();
      }),
  };
}
