import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callApi, waitForItems } from '../tools/fresh/api-client.ts';
import type { Figure } from './figure.ts';
import { percentile } from './figure.ts';
import { createTraders, setUpPerson } from './people.ts';
import { instanceEnv, makeHome, root, startHelper } from './process.ts';

const PATHS = ['/api/traders', '/api/decisions', '/api/fills'];
const TRADERS = 20;
const INTERVAL_SECONDS = 5;
/** Enough for full first pages, ms. */
const FILL_UP_MS_MAX = 120_000;
const ITEMS_WANTED = 50;
const CONNECTIONS = 10;
/** One load lasts so long, s; product and baseline take turns, so that a busy machine hits both. */
const LOAD_SECONDS = 4;
const ROUNDS = 3;
const RATIO_MIN = 0.5;

/**
 * Authenticated list routes of the whole product with its database, against bare routes that answer the same bodies as constants.
 * Both are processes of their own on this machine in the same run, take turns under the same load (10 keep-alive connections, no
 * compression) and have the same response schemas; the median of three rounds counts. The product checks host, session, rate limit,
 * policy and query for every request, and gives equal questions of one person the same text for up to a second or until something of
 * that person changes. The bare route checks nothing, but encodes its constant by the schema every time, as Fastify does. So the ratio
 * tells what a page pays that asks again while nothing changed, not what the first question after a change costs.
 * Traders are paused meanwhile; samples of their equity still end shared answers.
 */
export async function apiReads(): Promise<readonly Figure[]> {
  const home = makeHome();
  const product = await startHelper<{ url: string; scriptedBaseUrl: string }>(
    ['--import', 'tsx', 'bench/product-server.ts'],
    instanceEnv(home.path),
  );
  try {
    const { url, scriptedBaseUrl } = product.ready;
    const token = await setUpPerson(url);
    const traders = await createTraders(url, token, {
      count: TRADERS,
      model: (index) => (index % 2 === 0 ? 'scripted-momentum' : 'scripted-reversion'),
      baseUrl: scriptedBaseUrl,
      intervalSeconds: INTERVAL_SECONDS,
    });
    await waitForItems(`${url}/api/decisions`, token, FILL_UP_MS_MAX, ITEMS_WANTED);
    await waitForItems(`${url}/api/fills`, token, FILL_UP_MS_MAX);
    // Reads are measured, not the traders that run beside them.
    for (const { traderId } of traders)
      await callApi(`${url}/api/traders/${traderId}/status`, { method: 'PUT', token, body: { active: false } });
    const answers = Object.fromEntries(await Promise.all(PATHS.map(async (path) => [path, await callApi(url + path, { token })] as const)));
    const file = join(home.path, 'answers.json');
    writeFileSync(file, JSON.stringify(answers));
    const bare = await startHelper<{ url: string }>(['--import', 'tsx', 'bench/bare-server.ts', file], {});
    try {
      return PATHS.map((path) => compare(path, url, bare.ready.url, token));
    } finally {
      await bare.stop();
    }
  } finally {
    await product.stop();
    home.remove();
  }
}

function compare(path: string, product: string, bare: string, token: string): Figure {
  const values: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    baselines.push(requestsPerSecond(bare + path, token));
    values.push(requestsPerSecond(product + path, token));
  }
  const value = percentile(values, 0.5);
  const baselineValue = percentile(baselines, 0.5);
  return {
    name: `api-reads GET ${path}`,
    value,
    unit: 'requests/s',
    baseline: 'bare Fastify route, same schema, constant answer',
    baselineValue,
    must: `ratio >= ${RATIO_MIN}`,
    ok: value / baselineValue >= RATIO_MIN,
  };
}

function requestsPerSecond(url: string, token: string): number {
  const cannon = join(root, 'node_modules/autocannon/autocannon.js');
  const args = [cannon, '-c', String(CONNECTIONS), '-d', String(LOAD_SECONDS), '-H', `authorization=Bearer ${token}`, '--json', url];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`autocannon ended with ${status}.`);
  const result = JSON.parse(stdout) as {
    readonly requests: { readonly average: number };
    readonly non2xx: number;
    readonly errors: number;
  };
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors.`);
  return result.requests.average;
}
