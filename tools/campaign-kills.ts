import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCampaignModel } from './campaign/campaign-model.ts';
import { Database, killNow } from './campaign/database.ts';
import { certainTraders, statesAt, untilInFlight } from './campaign/in-flight.ts';
import { call, Instance } from './campaign/instance.ts';
import { type KillSlice, quantile, readSlices, writeReport } from './campaign/kill-report.ts';
import { checkRules, countTotals, lostIds, seenIds, type Violation } from './campaign/oracles.ts';
import { mulberry32 } from './campaign/random.ts';
import { addTraders, type CampaignTrader, SETUP_TOKEN, setUp } from './campaign/traders.ts';
import { freePort } from './free-port.ts';

/**
 * Kills the running product with SIGKILL while orders are on their way, and checks after each restart that nothing is lost,
 * doubled, made up or stuck: `npm run campaign:kills -- --kills 1000 --seed 1 --report docs/reports/kills.md [--append]`.
 * With --append the report adds this slice to those it has.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    report: { type: 'string' },
    append: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
});
const KILLS = Number(values.kills);
const SEED = Number(values.seed);
const TRADERS = 32;
/** Traders woken before each kill. */
const WOKEN = 5;
/** The kill comes so long after the first intent was seen, at most, ms: most while orders are sent, some while positions are protected. */
const AFTER_INTENT_MS_MAX = 120;
const LATE_MS_MAX = 800;
const LATE_SHARE = 0.2;
const INTENT_WAIT_MS = 2_000;
/** Share of the kills that take the database with them. */
const DATABASE_SHARE = 0.2;
const READY_MS_MAX = 10_000;
/** An order of unknown fate is proven absent by three looks, five seconds apart, after its deadline. */
const SETTLE_MS = 30_000;
const REST_TRIES_MAX = 10;
const IN_FLIGHT_SHARE_MIN = 0.7;

const random = mulberry32(SEED);
const home = mkdtempSync(join(tmpdir(), 'hyperoru-kills-'));
// Lets the database's own user pass when this runs as root.
chmodSync(home, 0o711);
mkdirSync(join(home, 'data'), { mode: 0o711 });
const model = await startCampaignModel(mulberry32(SEED + 1));
const instance = new Instance({
  home,
  port: await freePort(),
  outputFile: join(home, 'output.log'),
  env: { HYPERORU_SETUP_TOKEN: SETUP_TOKEN, HYPERORU_PRIVATE_ENDPOINTS: model.origin, HYPERORU_DEMO: '0' },
});
const database = new Database(join(home, 'data'));
const violations: Violation[] = [];
const states: Record<string, number> = {};
const readyMs: number[] = [];
const counts = { withDatabase: 0, inFlight: 0, fresh: 0, anyOpen: 0 };

let token = '';
let traders: readonly CampaignTrader[] = [];
try {
  await run();
} finally {
  // Whatever failed, nothing is left running.
  await database.end();
  await instance.stop();
  await model.stop();
}

async function run(): Promise<void> {
  await instance.start();
  token = await setUp(instance.url);
  traders = await addTraders(instance.url, token, model.origin, TRADERS);
  const began = performance.now();
  for (let kill = 1; kill <= KILLS; kill++) {
    await killOnce(kill);
    const figures = `ready in ${readyMs.at(-1)} ms, in flight ${counts.inFlight}, ${violations.length} violations`;
    console.log(`kill ${kill}/${KILLS}: ${figures}`);
  }
  const seconds = (performance.now() - began) / 1000;
  await rest();
  const audit = await call<{ intact: boolean }>(`${instance.url}/api/audit/verify`, { token });
  if (!audit.intact) violations.push({ rule: 'the audit chain is intact', detail: JSON.stringify(audit) });
  const totals = await countTotals(await database.client());
  await database.end();
  const exitCode = await instance.stop();
  if (exitCode !== 0) violations.push({ rule: 'a clean stop ends with 0', detail: `exit code ${exitCode}` });
  judgeFigures();
  conclude({ totals, seconds });
}

function judgeFigures(): void {
  const slowest = quantile(readyMs, 0.99);
  if (slowest > READY_MS_MAX) violations.push({ rule: 'ready within 10 s (p99)', detail: `${slowest} ms` });
  if (counts.inFlight >= KILLS * IN_FLIGHT_SHARE_MIN) return;
  const rule = `${IN_FLIGHT_SHARE_MIN * 100} % of the kills hit an order in flight`;
  violations.push({ rule, detail: `${counts.inFlight} of ${KILLS}` });
}

function conclude({ totals, seconds }: Pick<KillSlice, 'totals' | 'seconds'>): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const slice: KillSlice = { seed: SEED, commit, kills: KILLS, ...counts, states, readyMs, totals, seconds, violations };
  console.log(writeReport(values.report, [...(values.append ? readSlices(values.report) : []), slice]));
  if (values.record !== undefined) writeFileSync(values.record, JSON.stringify({ passed: KILLS, failed: violations.length, skipped: 0 }));
  // What went wrong can be looked at.
  if (violations.length === 0) rmSync(home, { recursive: true, force: true });
  else console.log(`The product's folder is kept: ${home}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/** Wakes some traders, kills while their orders are on the way, starts again and checks. */
async function killOnce(kill: number): Promise<void> {
  const woken = await chooseTraders();
  const client = await database.client();
  const before = await seenIds(client);
  const roundBegan = new Date();
  const withDatabase = random() < DATABASE_SHARE;
  const afterIntentMs = random() * (random() < LATE_SHARE ? LATE_MS_MAX : AFTER_INTENT_MS_MAX);
  const doomed = withDatabase ? database.processes() : [];
  void Promise.allSettled(woken.map((id) => call(`${instance.url}/api/bindings/${id}/trigger`, { method: 'POST', token, body: {} })));
  await untilInFlight(client, INTENT_WAIT_MS);
  await sleep(afterIntentMs);
  const killed = instance.kill();
  killNow(doomed);
  const killedAt = new Date();
  await killed;
  if (withDatabase) await database.end();
  readyMs.push(Math.round(await instance.start()));
  const after = await database.client();
  violations.push(...lostIds(before, await seenIds(after)), ...(await checkRules(after, { isAtRest: false })).map(named(kill)));
  const hit = await statesAt(after, killedAt, roundBegan);
  for (const state of hit.inFlight) states[state] = (states[state] ?? 0) + 1;
  counts.withDatabase += withDatabase ? 1 : 0;
  counts.inFlight += hit.inFlight.length > 0 ? 1 : 0;
  counts.fresh += hit.fresh.length > 0 ? 1 : 0;
  counts.anyOpen += hit.anyOpen > 0 ? 1 : 0;
}

function named(kill: number): (violation: Violation) => Violation {
  return ({ rule, detail }) => ({ rule, detail: `kill ${kill}: ${detail}` });
}

/** Bindings of traders without an order in doubt; when too many are, the product gets the time to resolve them. */
async function chooseTraders(): Promise<readonly string[]> {
  const ids = traders.map(({ traderId }) => traderId);
  let free = await certainTraders(await database.client(), ids);
  if (free.length < WOKEN) {
    await rest();
    free = await certainTraders(await database.client(), ids);
  }
  const shuffled = free.map((id) => ({ id, key: random() })).toSorted((a, b) => a.key - b.key);
  const chosen = new Set(shuffled.slice(0, WOKEN).map(({ id }) => id));
  return traders.filter(({ traderId }) => chosen.has(traderId)).map(({ bindingId }) => bindingId);
}

/** Lets the product settle, then checks what must hold at rest. Prices go on, so a rule is broken only if it stays broken. */
async function rest(): Promise<void> {
  await sleep(SETTLE_MS);
  let broken: readonly Violation[] = [];
  for (let tries = 0; tries < REST_TRIES_MAX; tries++) {
    broken = await checkRules(await database.client(), { isAtRest: true });
    if (broken.length === 0) return;
    await sleep(1_000);
  }
  violations.push(...broken);
}
