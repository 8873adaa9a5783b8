import { type ChildProcess, spawn } from 'node:child_process';

/** Output kept to explain a failure, characters. */
const OUTPUT_LENGTH_MAX = 100_000;

/** A program as a person sees it: its lines, and whether it ended. */
export interface Terminal {
  readonly child: ChildProcess;
  output(): string;
  /** The first match in the output so far or to come; throws when the program ends or the time is over before. */
  waitFor(what: string, pattern: RegExp, timeMsMax: number): Promise<RegExpExecArray>;
  /** Resolves when the program has ended; throws when it has not in time. */
  waitForExit(timeMsMax: number): Promise<number | null>;
}

/** Starts a program in a process group of its own, so that a test can end everything it started. */
export function openTerminal(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly onLine?: (line: string) => void },
): Terminal {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  let pending = '';
  let ended: { readonly code: number | null } | null = null;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const collect = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    output = (output + text).slice(-OUTPUT_LENGTH_MAX);
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) options.onLine?.(line);
    changed();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('close', (code) => {
    ended = { code };
    changed();
  });

  /** Waits until `look` gives something; it is asked again after every change. */
  const until = <T>(what: string, timeMsMax: number, look: () => T | null): Promise<T> =>
    new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        listeners.delete(check);
        act();
      };
      const check = (): void => {
        const found = look();
        if (found !== null) finish(() => resolve(found));
        else if (ended !== null) finish(() => reject(new Error(`${what}: the program ended with code ${ended?.code ?? 'none'} before.`)));
      };
      const timer = setTimeout(() => finish(() => reject(new Error(`${what}: not within ${timeMsMax / 1000} s.`))), timeMsMax);
      listeners.add(check);
      check();
    });

  return {
    child,
    output: () => output,
    waitFor: (what, pattern, timeMsMax) => until(what, timeMsMax, () => pattern.exec(output)),
    waitForExit: async (timeMsMax) => (await until('the end of the program', timeMsMax, () => ended)).code,
  };
}
