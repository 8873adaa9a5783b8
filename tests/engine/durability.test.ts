import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres, systemClock } from '@hyperoru/adapters';
import { buy, type Pipeline, wants } from '@hyperoru/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quietLog } from '../setup/quiet-log.ts';
import { openPipeline } from './harness/pipeline.ts';
import { until } from './harness/until.ts';
import { syncsOf, type Trace } from './harness/wal-trace.ts';

/**
 * Power loss forgets what was not synced. Proof that it cannot forget an order the venue may have: when the first byte of the
 * request reaches a real server, the commit that marked the order as sent lies in front of what PostgreSQL has flushed.
 */
interface Arrival {
  readonly clientOrderId: string;
  readonly state: string | null;
  /** Transaction that wrote the row as it stands. */
  readonly xid: string | null;
  readonly flushedLsn: string;
  /** Moment of the first byte, s since 1970. */
  readonly at: number;
}

const CONTROLS_MAX = 20;

let folder: string;
let postgres: EmbeddedPostgres;
let witness: pg.Client;
let venue: Server;
let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
/** The log is read from here on. */
let fromLsn: string;
const arrivals: Arrival[] = [];

beforeAll(async () => {
  // Not among other tests' writes: nobody but the order path asks this server to sync.
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-durable-'));
  execFileSync('chmod', ['711', folder]);
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), clock: systemClock, log: quietLog });
  witness = new pg.Client(postgres.connection);
  await witness.connect();
  await witness.query('create extension pg_walinspect');
  venue = createServer((_request, response) => response.end());
  venue.on('connection', (socket) => socket.prependOnceListener('data', (bytes: Buffer) => void note(bytes)));
  await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
  opened = await openPipeline({ connection: postgres.connection, drop: async () => undefined });
  p = opened.pipeline;
  fromLsn = await flushedNow();
  p.exchange.probe = () => ({ before: async ({ clientOrderId }) => void (await send(clientOrderId)) });
}, 60_000);
afterAll(async () => {
  await opened.close();
  await witness.end();
  venue.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What stands behind the first byte at the moment it arrives. */
async function note(bytes: Buffer): Promise<void> {
  const at = (performance.timeOrigin + performance.now()) / 1000;
  const clientOrderId = /GET \/(\S+)/.exec(bytes.toString('latin1'))?.[1] ?? '';
  const { rows } = await witness.query<{ flushed: string; state: string | null; xid: string | null }>(
    `select pg_current_wal_flush_lsn()::text as flushed, o.state, o.xmin::text as xid from (select 1) one left join hyperoru.orders o on o.client_order_id = $1`,
    [clientOrderId],
  );
  const [row] = rows;
  if (row !== undefined) arrivals.push({ clientOrderId, state: row.state, xid: row.xid, flushedLsn: row.flushed, at });
}

/** One request on a connection of its own; it is answered once the evidence is taken. */
async function send(clientOrderId: string): Promise<void> {
  await fetch(`http://127.0.0.1:${(venue.address() as AddressInfo).port}/${clientOrderId}`, { headers: { connection: 'close' } });
  await until('the witness saw the order', () => arrivals.some((each) => each.clientOrderId === clientOrderId));
}

/** True when the commit of a transaction lies within what was flushed. */
async function isFlushed(xid: string | null, flushedLsn: string): Promise<boolean> {
  const { rowCount } = await witness.query(
    `select 1 from pg_get_wal_records_info($2::pg_lsn, pg_current_wal_flush_lsn()) where xid::text = $1 and record_type = 'COMMIT' and end_lsn <= $3::pg_lsn`,
    [xid, fromLsn, flushedLsn],
  );
  return (rowCount ?? 0) > 0;
}

async function flushedNow(client: pg.Client = witness): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn');
  return rows[0]?.lsn ?? '';
}

/** True when a commit came back before it was flushed. */
async function commitsUnflushed(careless: pg.Client): Promise<boolean> {
  const { rows } = await careless.query<{ xid: string }>(
    'update hyperoru.orders set reason = reason where id = (select id from hyperoru.orders limit 1) returning pg_current_xact_id()::xid::text as xid',
  );
  const xid = rows[0]?.xid ?? null;
  const flushedLsn = await flushedNow(careless);
  await until('the careless commit is flushed after all', () => isFlushed(xid, 'FFFFFFFF/FFFFFFFF'));
  return !(await isFlushed(xid, flushedLsn));
}

describe('when the first byte of an order reaches the venue', () => {
  test('the commit that marked it as sent is flushed to disk: entry, stop-loss, take-profit and close', async () => {
    const bound = await p.newTrader();
    await p.run(bound, wants(buy));
    await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }));
    expect(arrivals.length).toBeGreaterThanOrEqual(4);
    expect(arrivals.map(({ clientOrderId }) => clientOrderId)).toEqual(p.sentFor(bound).map(({ clientOrderId }) => clientOrderId));
    expect(arrivals.filter(({ state }) => state !== 'sent')).toEqual([]);
    for (const { xid, flushedLsn } of arrivals) expect(await isFlushed(xid, flushedLsn)).toBe(true);
  });

  test('a commit that does not wait for the disk would be noticed', async () => {
    const careless = new pg.Client(postgres.connection);
    await careless.connect();
    await careless.query('set synchronous_commit to off');
    let unflushed = 0;
    try {
      for (let count = 0; count < CONTROLS_MAX && unflushed === 0; count++) unflushed += (await commitsUnflushed(careless)) ? 1 : 0;
    } finally {
      await careless.end();
    }
    expect(unflushed).toBe(1);
  });

  test('nothing in the server’s settings lets a commit be forgotten', async () => {
    const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums'];
    const { rows } = await witness.query<{ name: string; setting: string }>(
      'select name, setting from pg_settings where name = any($1) order by name',
      [settings],
    );
    expect(rows.map(({ name, setting }) => `${name} ${setting}`)).toEqual(settings.toSorted().map((name) => `${name} on`));
  });

  test('the database has called fdatasync on its log since it last wrote to it', async ({ skip }) => {
    const trace = await startTrace();
    if (typeof trace === 'string') return skip(`System calls cannot be watched here: ${trace}`);
    arrivals.length = 0;
    const bound = await p.newTrader();
    await p.run(bound, wants(buy));
    const syncs = syncsOf(await trace.stop());
    expect(arrivals).toHaveLength(p.sentFor(bound).length);
    for (const { at } of arrivals) {
      const written = Math.max(...syncs.writes.filter((each) => each < at));
      const synced = syncs.syncs.filter(({ from, to }) => from >= written && to <= at);
      expect(synced.length, 'a sync between the last write of the log and the first byte').toBeGreaterThan(0);
    }
  });
});

/** Watches every process of the server; a sentence when this machine does not let us. */
async function startTrace(): Promise<{ stop(): Promise<Trace> } | string> {
  if (!['/usr/bin/strace', '/bin/strace'].some((path) => existsSync(path))) return 'strace is not installed.';
  const output = join(folder, 'trace');
  const { rows } = await witness.query<{ pid: number }>('select pid from pg_stat_activity');
  const postmaster = Number(readFileSync(join(folder, 'database', 'pgdata', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const pids = [postmaster, ...rows.map(({ pid }) => pid)].flatMap((pid) => ['-p', String(pid)]);
  const strace = spawn('strace', ['-f', '-ttt', '-T', '-y', '-e', 'trace=fdatasync,fsync,pwrite64,pwritev', '-o', output, ...pids], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  strace.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = new Promise<void>((resolve) => strace.once('close', () => resolve()));
  await until('strace is attached', () => said.includes('attached') || strace.exitCode !== null);
  if (strace.exitCode !== null) return said.trim().slice(0, 300);
  return {
    stop: async () => {
      strace.kill('SIGINT');
      await ended;
      return readFileSync(output, 'utf8').split('\n');
    },
  };
}
