import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, systemClock } from '@hyperoru/adapters';
import { quietLog } from '../tests/setup/quiet-log.ts';
import { freePort } from '../tools/free-port.ts';
import type { Figure } from './figure.ts';
import { percentile } from './figure.ts';
import { end, instanceEnv, makeHome, root } from './process.ts';

const ROUNDS = 5;
const RATIO_MAX = 12;
const POLL_MS = 10;
const READY_MS_MAX = 60_000;

/** From the start of the built server to 200 on /api/ready with a database that is there already, against that database alone. */
export async function startReady(): Promise<readonly Figure[]> {
  const home = makeHome();
  try {
    const env = instanceEnv(home.path);
    const dataDir = join(env['HYPERORU_HOME'] ?? '', 'postgres');
    // The first start makes the database; it is not measured.
    await startOnce(env);
    const values: number[] = [];
    const baselines: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now();
      const database = await startEmbeddedPostgres({ dataDir, clock: systemClock, log: quietLog });
      baselines.push(performance.now() - startedAt);
      await database.stop();
      values.push(await startOnce(env));
    }
    const value = percentile(values, 0.5);
    const baselineValue = percentile(baselines, 0.5);
    const ok = value / baselineValue <= RATIO_MAX;
    const baseline = 'warm start of the bundled database alone';
    return [{ name: 'start-ready', value, unit: 'ms', baseline, baselineValue, must: `ratio <= ${RATIO_MAX}`, ok }];
  } finally {
    home.remove();
  }
}

/** Milliseconds until ready; the server has ended afterwards. */
async function startOnce(env: Readonly<Record<string, string>>): Promise<number> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'apps/server/dist/main.js'), 'start'], {
    cwd: root,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    for (;;) {
      if (await isReady(`http://127.0.0.1:${port}/api/ready`)) return performance.now() - startedAt;
      if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode} before it was ready.`);
      if (performance.now() - startedAt > READY_MS_MAX) throw new Error(`The server was not ready within ${READY_MS_MAX / 1000} s.`);
      await sleep(POLL_MS);
    }
  } finally {
    await end(child);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
