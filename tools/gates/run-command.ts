import { spawn } from 'node:child_process';

/** Longest time one tool of a gate may take, ms. */
const COMMAND_TIME_MS_MAX = 180_000;
/** Most output kept of a tool, characters; the end is what tells. */
const OUTPUT_LENGTH_MAX = 200_000;

export interface CommandResult {
  /** null when it was ended by a signal or the time limit. */
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program without a shell and collects stdout and stderr together. Rejects only when it cannot be started. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_TIME_MS_MAX,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_LENGTH_MAX);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

/** The lines of a tool's output that carry text, at most `max`; says how many were left out. */
export function outputLines(output: string, max: number): readonly string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `… ${lines.length - max} more lines`];
}
