import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../tools/free-port.ts';
import { waitForItems } from '../tools/fresh/api-client.ts';
import type { Figure } from './figure.ts';
import { createTraders, setUpPerson } from './people.ts';
import { end, instanceEnv, makeHome, root, startHelper } from './process.ts';

const TRADERS = 100;
/** 100 traders that decide once in half a minute. */
const INTERVAL_SECONDS = 30;
/** Two rounds of every trader before the last reading, ms. */
const RUN_MS = 75_000;
const READ_EVERY_MS = 1_000;
const READY_MS_MAX = 60_000;
const MEGABYTE = 1_000_000;
const VALUE_MAX = 300;

/** Largest resident memory of the server as `npm start` runs it, while 100 traders work; the database is a process of its own and not counted. */
export async function memory(): Promise<readonly Figure[]> {
  const home = makeHome();
  const port = await freePort();
  // As `npm start` does it.
  const child = spawn(process.execPath, ['--max-semi-space-size=2', join(root, 'tools/hyperoru.mjs'), 'start'], {
    cwd: root,
    env: { ...process.env, ...instanceEnv(home.path), HYPERORU_DEMO: '1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    await waitUntilReady(base);
    const token = await setUpPerson(base);
    const baseUrl = await scriptedBaseUrl(base, token);
    await createTraders(base, token, { count: TRADERS, model: () => 'scripted-momentum', baseUrl, intervalSeconds: INTERVAL_SECONDS });
    const value = await largestResident(child.pid ?? 0, RUN_MS);
    const baselineValue = await bareResident(home.path);
    const baseline = 'bare Fastify process, from its sources';
    const must = `value <= ${VALUE_MAX}`;
    return [{ name: 'memory', value, unit: 'MB', baseline, baselineValue, must, ok: value <= VALUE_MAX }];
  } finally {
    await end(child);
    home.remove();
  }
}

async function waitUntilReady(base: string): Promise<void> {
  const giveUpAt = performance.now() + READY_MS_MAX;
  while (performance.now() < giveUpAt) {
    const answer = await fetch(`${base}/api/ready`).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`The server was not ready within ${READY_MS_MAX / 1000} s.`);
}

/** Where the built-in scripted model listens: the demo's traders have it in their settings. */
async function scriptedBaseUrl(base: string, token: string): Promise<string> {
  const traders = await waitForItems(`${base}/api/traders`, token, READY_MS_MAX);
  const first = traders[0] as { readonly llm: { readonly base_url: string } | null } | undefined;
  if (first?.llm == null) throw new Error('Expected demo traders with a model.');
  return first.llm.base_url;
}

async function largestResident(pid: number, forMs: number): Promise<number> {
  let largest = 0;
  for (let waited = 0; waited < forMs; waited += READ_EVERY_MS) {
    largest = Math.max(largest, residentMegabytes(pid));
    await sleep(READ_EVERY_MS);
  }
  return largest;
}

async function bareResident(folder: string): Promise<number> {
  const file = join(folder, 'nothing.json');
  writeFileSync(file, '{}');
  const bare = await startHelper<unknown>(['--import', 'tsx', 'bench/bare-server.ts', file], {});
  try {
    return residentMegabytes(bare.pid);
  } finally {
    await bare.stop();
  }
}

/** Linux only, as the promise is stated. */
function residentMegabytes(pid: number): number {
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return (kibibytes * 1024) / MEGABYTE;
}
