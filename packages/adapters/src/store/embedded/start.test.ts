import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryLog } from '@hyperoru/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietLog } from '../../../../../tests/setup/quiet-log.ts';
import { type RunningScript, startScript } from '../../../../../tests/setup/start-script.ts';
import { systemClock } from '../../system/clock.ts';
import { readPostmasterFile } from './probe.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts';

const isRoot = process.getuid?.() === 0;
/** The first start of a folder writes 40 MB, and some tests need several starts. */
const SLOW_TEST_MS = 60_000;

let home: string;
let dataDir: string;
let started: EmbeddedPostgres[];
let scripts: RunningScript[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hyperoru-embedded-'));
  chmodSync(home, 0o711);
  dataDir = join(home, 'database');
  started = [];
  scripts = [];
});

afterEach(async () => {
  for (const script of scripts) await script.kill();
  for (const server of started) await server.stop();
  const pgdata = join(realFolder(), 'pgdata');
  const left = readPostmasterFile(pgdata);
  if (left !== null) {
    const adopted = await start().catch(() => null);
    await adopted?.stop();
  }
  rmSync(realFolder(), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

/** The folder of the server, wherever it was put. */
function realFolder(): string {
  const pointer = join(dataDir, 'location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : dataDir;
}

async function start(log = quietLog): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock, log });
  started.push(server);
  return server;
}

function holder(): RunningScript {
  const script = startScript('tests/setup/database-holder.ts', [dataDir]);
  scripts.push(script);
  return script;
}

async function query<Row extends pg.QueryResultRow>(server: EmbeddedPostgres, sql: string): Promise<Row[]> {
  const client = new pg.Client({ ...server.connection });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const keepRow = (server: EmbeddedPostgres) => query(server, 'create table kept as select 42 as answer');
const readRow = (server: EmbeddedPostgres) => query<{ answer: number }>(server, 'select answer from kept');

describe('the embedded database', { timeout: SLOW_TEST_MS }, () => {
  it('starts in an empty folder, stops without a trace, and starts again with its data', async () => {
    const first = await start();
    await keepRow(first);
    const pgdata = join(realFolder(), 'pgdata');
    expect(first.adopted).toBe(false);
    await first.stop();
    await first.stop();
    expect(existsSync(join(pgdata, 'postmaster.pid'))).toBe(false);
    const second = await start();
    expect(await readRow(second)).toEqual([{ answer: 42 }]);
  });

  it('is durable, closed to the network and reachable for its owner alone', async () => {
    const server = await start();
    const show = async (name: string) => Object.values((await query(server, `show ${name}`))[0] ?? {})[0];
    expect(await show('fsync')).toBe('on');
    expect(await show('synchronous_commit')).toBe('on');
    expect(await show('data_checksums')).toBe('on');
    expect(await show('listen_addresses')).toBe('');
    expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
    expect(statSync(join(realFolder(), 'pgdata')).mode & 0o077).toBe(0);
  });

  it.runIf(isRoot)('runs as a user without rights when the product runs as root, beside the home when that is reachable', async () => {
    await start();
    expect(realFolder()).toBe(dataDir);
    expect(lstatSync(join(dataDir, 'pgdata')).uid).toBe(65_534);
    const pid = readPostmasterFile(join(dataDir, 'pgdata'))?.pid;
    expect(statSync(`/proc/${pid}`).uid).toBe(65_534);
  });

  it.runIf(isRoot)('keeps its data elsewhere when root closes the home, and never meets the data of an earlier home', async () => {
    chmodSync(home, 0o700);
    const first = await start();
    await keepRow(first);
    await first.stop();
    const elsewhere = realFolder();
    expect(elsewhere).toMatch(/^\/var\/lib\/hyperoru-/);
    expect(await readRow(await start())).toEqual([{ answer: 42 }]);
    await started.at(-1)?.stop();
    rmSync(dataDir, { recursive: true });
    const fresh = await start();
    expect(realFolder()).not.toBe(elsewhere);
    await expect(readRow(fresh)).rejects.toThrow('does not exist');
    rmSync(elsewhere, { recursive: true });
  });

  it.runIf(isRoot)('refuses a pointer to a folder that belongs to another home', async () => {
    chmodSync(home, 0o700);
    await (await start()).stop();
    const elsewhere = realFolder();
    writeFileSync(join(elsewhere, 'home'), '/somewhere/else\n');
    await expect(start()).rejects.toMatchObject({ code: 'folder_damaged', message: expect.stringContaining('/somewhere/else') });
    rmSync(join(elsewhere, 'home'));
    await expect(start()).rejects.toMatchObject({ code: 'folder_damaged' });
  });
});

describe('after a crash', { timeout: SLOW_TEST_MS }, () => {
  it('attaches to the server that a killed process left running, and owns it from then on', async () => {
    const script = holder();
    await script.says('ready');
    const pid = readPostmasterFile(join(realFolder(), 'pgdata'))?.pid;
    await script.kill();
    const server = await start();
    expect(server.adopted).toBe(true);
    expect(readPostmasterFile(join(realFolder(), 'pgdata'))?.pid).toBe(pid);
    await server.stop();
    expect(existsSync(join(realFolder(), 'pgdata', 'postmaster.pid'))).toBe(false);
  });

  it('starts again with its data after everything was killed', async () => {
    const script = holder();
    await script.says('ready');
    const looking = await start();
    await keepRow(looking);
    const pid = readPostmasterFile(join(realFolder(), 'pgdata'))?.pid ?? 0;
    await script.kill();
    process.kill(pid, 'SIGKILL');
    expect(await readRow(await eventually(start))).toEqual([{ answer: 42 }]);
  });

  it('comes back by itself when only the server was killed', async () => {
    const log = memoryLog();
    const server = await start(log);
    await keepRow(server);
    process.kill(readPostmasterFile(join(realFolder(), 'pgdata'))?.pid ?? 0, 'SIGKILL');
    expect(await eventually(() => readRow(server))).toEqual([{ answer: 42 }]);
    await eventually(async () => expect(log.text()).toContain('database.revived'));
  });

  it('starts over a lock file whose process is gone, or is another program now', async () => {
    await (await start()).stop();
    const pgdata = join(realFolder(), 'pgdata');
    const lock = (pid: number) => {
      const file = join(pgdata, 'postmaster.pid');
      writeFileSync(file, `${pid}\n${pgdata}\n1\n5432\n${join(realFolder(), 'run')}\n\n0 0\nready\n`);
      if (isRoot) chownSync(file, 65_534, 65_534);
    };
    lock(spawnSync('true').pid);
    await (await start()).stop();
    const stranger = spawn('sleep', ['60'], isRoot ? { uid: 65_534, gid: 65_534 } : {});
    lock(stranger.pid ?? 0);
    await (await start()).stop();
    stranger.kill('SIGKILL');
  });
});

describe('a folder that is not right', { timeout: SLOW_TEST_MS }, () => {
  it('of a first start that was cut off is begun again', async () => {
    mkdirSync(join(dataDir, 'pgdata.init-999999999'), { recursive: true });
    writeFileSync(join(dataDir, 'pgdata.init-999999999', 'PG_VERSION'), '18\n');
    await start();
    expect(readdirSync(realFolder()).filter((name) => name.includes('init-'))).toEqual([]);
  });

  it('of another major version is refused with what to do, and left as it is', async () => {
    await (await start()).stop();
    const file = join(realFolder(), 'pgdata', 'PG_VERSION');
    writeFileSync(file, '17\n');
    await expect(start()).rejects.toMatchObject({ code: 'wrong_major', message: expect.stringMatching(/PostgreSQL 17.*hyperoru backup/) });
    expect(readFileSync(file, 'utf8')).toBe('17\n');
  });

  it('with missing parts is refused with their names', async () => {
    await (await start()).stop();
    rmSync(join(realFolder(), 'pgdata', 'global'), { recursive: true });
    await expect(start()).rejects.toMatchObject({
      code: 'folder_damaged',
      message: expect.stringMatching(/global is missing.*hyperoru restore/),
    });
  });

  it('that is a file is refused', async () => {
    writeFileSync(dataDir, 'x');
    await expect(start()).rejects.toMatchObject({ code: 'folder_unusable' });
    rmSync(dataDir);
  });

  it('whose settings the server refuses is reported with the end of its log', async () => {
    await (await start()).stop();
    writeFileSync(join(realFolder(), 'pgdata', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toMatchObject({ code: 'start_failed', message: expect.stringContaining('no_such_setting') });
  });
});

describe('several processes', { timeout: SLOW_TEST_MS }, () => {
  it('may all make the first start at once and then share one server', async () => {
    const all = [holder(), holder(), holder()];
    const ready = await Promise.all(all.map((script) => script.says('ready')));
    const hosts = new Set(ready.map((line) => JSON.parse(line.slice('ready '.length)).connection.host));
    expect(hosts.size).toBe(1);
    expect(readdirSync(realFolder()).filter((name) => name.includes('init-'))).toEqual([]);
  });

  it('keep the server until the last one stops', async () => {
    const [first, second] = [await start(), await start()];
    expect([first.adopted, second.adopted]).toEqual([false, true]);
    await first.stop();
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(existsSync(join(realFolder(), 'pgdata', 'postmaster.pid'))).toBe(false);
  });
});

/** Tries again until it works; bounded by the time of the test. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await systemClock.sleep(50);
    }
  }
}
