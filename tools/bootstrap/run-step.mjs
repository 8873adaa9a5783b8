import { spawn } from 'node:child_process';

/** A person should see at least this often that something still happens, ms. */
const PROGRESS_EVERY_MS = 10_000;
/** Output kept to explain a failure, characters. */
const OUTPUT_LENGTH_MAX = 20_000;
/** A step that is interrupted takes its program with it. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const EXIT_INTERRUPTED = 130;

/** A step of the set-up failed in a way the person can act on; the message is complete. */
export class StepFailed extends Error {}

/**
 * Runs a program as one step of the set-up: says what happens, says every ten seconds that it still does, and how long it took.
 * The program's own output appears only when it fails.
 *
 * @param {{ title: string, program: string, args: readonly string[], cwd: string, env?: Record<string, string>, timeMsMax: number, hint: string }} step
 * @returns {Promise<void>} rejects with StepFailed
 */
export function runStep({ title, program, args, cwd, env = {}, timeMsMax, hint }) {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  say(`${title} …`);
  const progress = setInterval(() => say(`  still at it after ${seconds()} s`), PROGRESS_EVERY_MS);
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && !program.endsWith('.exe');
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeMsMax,
      shell,
    });
    const endChild = (signal) => {
      child.kill(signal);
      process.exit(EXIT_INTERRUPTED);
    };
    for (const signal of END_SIGNALS) process.once(signal, endChild);
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_LENGTH_MAX);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => reject(new StepFailed(`${title}: could not start ${program} (${error.message}). ${hint}`)));
    child.on('close', (code, signal) => {
      for (const each of END_SIGNALS) process.off(each, endChild);
      if (code === 0) {
        say(`  done in ${seconds()} s`);
        resolve();
        return;
      }
      const how = code === null ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(new StepFailed(`${output.trimEnd()}\n\n${title}: ${program} ${how} after ${seconds()} s. ${hint}`));
    });
  }).finally(() => clearInterval(progress));
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}
