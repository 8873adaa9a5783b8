import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DID_NOT_RUN, type Tally } from './tally.ts';

/** A program whose tests count. */
export interface Suite {
  readonly title: string;
  /** Arguments of node; `record` is the file the program leaves its result in. */
  readonly args: (record: string) => readonly string[];
  /** The record → tally; `folder` is where it lies, with whatever else the program left there. */
  readonly read: (text: string, folder: string) => Tally;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeMsMax: number;
}

/** After the time limit a suite may tidy up for so long before it is killed, ms. */
const GRACE_MS = 10_000;

/** Runs a suite with its output on the terminal. A suite that leaves no record, or fails without saying so in it, counts as failed. */
export async function runSuite(suite: Suite, root: string): Promise<Tally> {
  const startedAt = performance.now();
  process.stdout.write(`\n── ${suite.title}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'hyperoru-suite-'));
  const record = join(folder, 'record.json');
  try {
    const exitCode = await runNode(suite, record, root);
    const tally = readRecord(suite, record);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stdout.write(`── ${suite.title}: ${tally.failed === 0 && exitCode === 0 ? 'ok' : 'FAILED'} after ${seconds} s\n`);
    return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode(suite: Suite, record: string, root: string): Promise<number | null> {
  const colors: Readonly<Record<string, string>> = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, suite.args(record), {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...colors, ...suite.env },
    });
    const giveUp = setTimeout(() => {
      process.stdout.write(`── ${suite.title}: not finished after ${suite.timeMsMax / 60_000} minutes, ending it\n`);
      child.kill('SIGTERM');
    }, suite.timeMsMax);
    const force = setTimeout(() => child.kill('SIGKILL'), suite.timeMsMax + GRACE_MS);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(giveUp);
      clearTimeout(force);
      resolve(exitCode);
    });
  });
}

function readRecord(suite: Suite, record: string): Tally {
  try {
    return suite.read(readFileSync(record, 'utf8'), dirname(record));
  } catch (error) {
    process.stdout.write(`── ${suite.title}: left no readable record (${error instanceof Error ? error.message : String(error)})\n`);
    return DID_NOT_RUN;
  }
}
