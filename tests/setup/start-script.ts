import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A TypeScript program of ours in a process of its own. */
export interface RunningScript {
  readonly process: ChildProcess;
  /** Resolves with the first line of its output that contains the text; rejects when it ends before. */
  says(text: string): Promise<string>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

export function startScript(path: string, args: readonly string[]): RunningScript {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, path), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const waiting = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of [...waiting]) look();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  return {
    process: child,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = output.split('\n').find((one) => one.includes(text));
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        void ended.then(() => reject(new Error(`Expected "${text}" before the end, was:\n${output}`)));
        look();
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
