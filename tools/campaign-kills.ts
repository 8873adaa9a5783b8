import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres, systemClock } from '@hyperoru/adapters';
import pg from 'pg';
import { call, Instance } from './campaign/instance.ts';
import { checkRules, lostIds, RULE_NAMES, seenIds, type Violation } from './campaign/oracles.ts';
import { freePort } from './free-port.ts';

/**
 * Kills a running demo with SIGKILL, the whole process group with its database, at random moments, and checks after each
 * restart that nothing is lost or doubled. `npm run campaign:kills -- --kills 50 --seed 1 --report docs/reports/kills.md`
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    report: { type: 'string' },
    record: { type: 'string' },
  },
});
const KILLS = Number(values.kills);
const EXTRA_TRADERS = 4;
const READY_MS_MAX = 10_000;
/** An order of unknown fate is proven absent by three looks, five seconds apart, after its deadline. */
const SETTLE_MS = 30_000;

const random = mulberry32(Number(values.seed));
const home = mkdtempSync(join(tmpdir(), 'hyperoru-kills-'));
const outputFile = join(home, 'output.log');
const port = await freePort();
const instance = new Instance({ home, port, setupToken: 'campaign-setup-token', outputFile });
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const readyMs: number[] = [];
const violations: Violation[] = [];
let inFlight = 0;

const firstReady = await instance.start();
const token = await setUp();
const bindings = await addTraders();
for (let kill = 1; kill <= KILLS; kill++) {
  await sleep(300 + random() * 2_500);
  const seen = await withDatabase(seenIds);
  await Promise.allSettled(bindings.map((id) => call(`${instance.url}/api/bindings/${id}/trigger`, { method: 'POST', token, body: {} })));
  await sleep(random() * 150);
  await instance.kill();
  const took = await instance.start();
  readyMs.push(took);
  if (took > READY_MS_MAX) violations.push({ rule: 'ready within 10 s', detail: `kill ${kill}: ${Math.round(took)} ms` });
  const after = await withDatabase(async (client) => ({
    ids: await seenIds(client),
    broken: await checkRules(client, { isAtRest: false }),
    open: await openWork(client),
  }));
  inFlight += after.open > 0 ? 1 : 0;
  violations.push(...lostIds(seen, after.ids), ...after.broken);
  console.log(
    `kill ${kill}/${KILLS}: ready in ${Math.round(took)} ms, ${after.ids.get('fills')?.size ?? 0} fills, ${after.open} runs were under way, ${violations.length} violations`,
  );
}
await sleep(SETTLE_MS);
violations.push(...(await withDatabase((client) => checkRules(client, { isAtRest: true }))));
const audit = await call<{ intact: boolean; entries: number }>(`${instance.url}/api/audit/verify`, { token });
if (!audit.intact) violations.push({ rule: 'the audit chain is intact', detail: JSON.stringify(audit) });
const totals = await withDatabase(countTotals);
const exitCode = await instance.stop();
report();
if (values.record !== undefined) writeFileSync(values.record, JSON.stringify({ passed: KILLS, failed: violations.length, skipped: 0 }));
process.exitCode = violations.length === 0 ? 0 : 1;

async function setUp(): Promise<string> {
  const answer = await call<{ session_token: string }>(`${instance.url}/api/setup`, {
    method: 'POST',
    body: { setup_token: 'campaign-setup-token', username: 'campaign', password: 'campaign-password' },
  });
  return answer.session_token;
}

/** More traders like the demo's, woken every five seconds, so that a kill rarely finds nothing under way. */
async function addTraders(): Promise<readonly string[]> {
  const { items } = await call<{ items: { id: string; llm: { model: string; base_url: string } }[] }>(`${instance.url}/api/traders`, {
    token,
  });
  const prompts = await call<{ items: { id: string }[] }>(`${instance.url}/api/prompts`, { token });
  const model = items[0];
  const prompt = prompts.items[0];
  if (model === undefined || prompt === undefined) throw new Error('Expected the demo to exist.');
  const ids: string[] = [];
  for (let index = 0; index < EXTRA_TRADERS; index++) {
    const trader = await call<{ id: string }>(`${instance.url}/api/traders`, {
      method: 'POST',
      token,
      body: { name: `Campaign ${index}`, description: '' },
    });
    const at = `${instance.url}/api/traders/${trader.id}`;
    await call(`${at}/llm`, { method: 'PUT', token, body: { model: model.llm.model, base_url: model.llm.base_url } });
    await call(`${at}/exchange`, { method: 'PUT', token, body: { exchange: 'paper', environment: 'paper' } });
    const binding = await call<{ id: string }>(`${at}/bindings`, {
      method: 'POST',
      token,
      body: { prompt_id: prompt.id, symbols: ['BTC', 'ETH'], triggers: [{ type: 'schedule', interval_seconds: 5 }] },
    });
    await call(`${at}/status`, { method: 'PUT', token, body: { active: true } });
    ids.push(binding.id);
  }
  return ids;
}

async function withDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'data', 'postgres'), clock: systemClock, log: silent });
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
    await server.stop();
  }
}

/** Runs that the kill interrupted or that were waiting: each is one that could have been lost or doubled. */
async function openWork(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from hyperoru.runs where state <> 'finished' or (code = 'interrupted' and finished_at > now() - interval '8 seconds')`,
  );
  return rows[0]?.n ?? 0;
}

async function countTotals(client: pg.Client): Promise<Readonly<Record<string, number>>> {
  const { rows } = await client.query<
    Record<string, number>
  >(`select (select count(*) from hyperoru.runs)::int as runs, (select count(*) from hyperoru.decisions)::int as decisions,
    (select count(*) from hyperoru.orders)::int as orders, (select count(*) from hyperoru.fills)::int as fills, (select count(*) from hyperoru.audit_entries)::int as audit_entries`);
  return rows[0] ?? {};
}

function report(): void {
  const sorted = readyMs.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const lines = [
    '# Kill campaign',
    '',
    `SIGKILL of the whole process group, embedded database included, at random moments of a running demo with ${EXTRA_TRADERS} more traders. Commit ${commit}, seed ${values.seed}.`,
    '',
    '| figure | value |',
    '|---|---|',
    `| kills | ${KILLS} |`,
    `| kills with at least one run under way | ${inFlight} |`,
    `| first start to ready, ms | ${Math.round(firstReady)} |`,
    `| restart to ready, ms: median, p95, max | ${at(0.5)}, ${at(0.95)}, ${at(1)} |`,
    ...Object.entries(totals).map(([name, count]) => `| ${name.replace('_', ' ')} at the end | ${count} |`),
    `| audit chain | ${audit.intact ? 'intact' : 'broken'}, ${audit.entries} entries |`,
    `| clean stop at the end, exit code | ${exitCode} |`,
    `| violations | ${violations.length} |`,
    '',
    'Rules checked after every restart:',
    '',
    ...['nothing that was committed is lost', 'ready within 10 s', ...RULE_NAMES].map((rule) => `- ${rule}`),
    ...(violations.length === 0
      ? []
      : ['', 'Violations:', '', ...violations.slice(0, 50).map(({ rule, detail }) => `- ${rule}: ${detail}`)]),
    '',
  ];
  if (values.report !== undefined) {
    mkdirSync(join(values.report, '..'), { recursive: true });
    writeFileSync(values.report, lines.join('\n'));
  }
  console.log(lines.join('\n'));
}

/** Small seeded generator (Tommy Ettinger's mulberry32), uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
