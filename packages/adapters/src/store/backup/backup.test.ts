import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { addMs, decimal } from '@hyperoru/domain';
import { FAKE_EPOCH, finishedRunOf, modelCallOf, orderOf, plantWorld, type StoreWorld } from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../../tests/setup/quiet-log.ts';
import { systemClock } from '../../system/clock.ts';
import { systemIds } from '../../system/ids.ts';
import { defaultMigrationsFolder } from '../migrate.ts';
import { type OpenedStore, openStore } from '../open-store.ts';
import { backupDatabase } from './backup.ts';
import { restoreDatabase } from './restore.ts';

let source: FreshDatabase;
let target: FreshDatabase;
let folder: string;
let file: string;
let opened: OpenedStore[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-backup-'));
  file = join(folder, 'all.backup');
  source = await freshDatabase();
  target = await freshDatabase({ empty: true });
  opened = [];
});

afterEach(async () => {
  for (const one of opened) await one.close();
  await source.drop();
  await target.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(database: FreshDatabase): Promise<OpenedStore> {
  const one = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  opened.push(one);
  return one;
}

async function closeAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close();
}

const backup = () => backupDatabase({ connection: source.connection, file, clock: systemClock, log: quietLog });
const restore = (force = false) => restoreDatabase({ connection: target.connection, file, force, log: quietLog });

const SECRET = {
  ownerId: 'trader',
  field: 'llm.api_key',
  origin: 'https://x',
  keyId: 'k1',
  wrappedDataKey: Uint8Array.of(0, 255, 10),
  iv: Uint8Array.of(1),
  ciphertext: Uint8Array.of(2, 0),
  version: 1,
};

/** One of everything that could be carried wrongly: exact decimals, JSON, bytes, line ends, an identity column. */
async function fill(one: OpenedStore): Promise<StoreWorld> {
  const world = await plantWorld({ ...one });
  const run = finishedRunOf(world, 0, { reason: 'two\nlines "quoted" \\ @end {}' });
  await one.store.transaction(async (tx) => {
    await tx.runs.insert(run);
    await tx.runs.insertModelCall(modelCallOf(run, 1, { rawAnswer: '\u2028{}\r\n', context: { deep: [1.5, null, '\n'] } }));
    const placed = orderOf(world, 0, { quantity: decimal('123456789012345678901234567890.000000000000000001'), leverage: 0.1 });
    await tx.orders.insert(placed);
    await tx.orders.compareAndSet({ ...placed, state: 'sent' }, ['intent']);
    await tx.journal.publish({ at: FAKE_EPOCH, ownerId: world.owner.id, traderId: world.trader.id, topic: 'run.finished', payload: null });
    await tx.journal.audit({
      at: FAKE_EPOCH,
      ownerId: world.owner.id,
      actor: 'system',
      action: 'x',
      subject: 'y',
      detail: { b: 1, a: 1e-7 },
    });
  });
  await one.secretRows.put(SECRET);
  await one.paperRows.commit({
    accounts: [{ traderId: world.trader.id, state: { cash: '1.10' } }],
    orders: [],
    fills: [],
    funding: [],
    market: [{ id: 'replay', state: 7 }],
  });
  return world;
}

describe('a backup', () => {
  it('brings every record into an empty database, with all traders paused', async () => {
    const before = await open(source);
    const world = await fill(before);
    const lastSeq = (await before.readModel.eventsAfter(0, 10)).at(-1)?.seq ?? 0;
    const written = await backup();
    expect(written.rows).toMatchObject({ users: 1, traders: 1, runs: 1, order_history: 2, secrets: 1, audit_entries: 1 });
    await closeAll();
    expect(await restore()).toMatchObject({ rows: written.rows, pausedTraders: 1 });

    const after = await open(target);
    const page = { limit: 10, cursor: null };
    const { trader } = world;
    expect(await after.readModel.findTrader(world.scope, trader.id)).toEqual({
      ...trader,
      isActive: false,
      generation: trader.generation + 1,
    });
    const original = await open(source);
    for (const list of ['listRuns', 'listOrders', 'listDecisions', 'listFills', 'listPositions'] as const) {
      expect(await after.readModel[list](world.scope, {}, page)).toEqual(await original.readModel[list](world.scope, {}, page));
    }
    const [run] = (await after.readModel.listRuns(world.scope, {}, page)).items;
    if (run === undefined) throw new Error('Expected a run.');
    expect(await after.readModel.findRun(world.scope, run.id)).toEqual(await original.readModel.findRun(world.scope, run.id));
    expect(await after.secretRows.get(SECRET.ownerId, SECRET.field, SECRET.origin)).toEqual(SECRET);
    expect(await after.paperRows.loadMarket('replay')).toBe(7);
    expect(await after.readModel.verifyAudit()).toEqual({ entries: 1, firstBrokenSeq: null });
    // What is written next continues where the backup ended.
    const [order] = (await after.readModel.listOrders(world.scope, {}, page)).items;
    await after.store.transaction(async (tx) => {
      if (order !== undefined) await tx.orders.compareAndSet({ ...order, state: 'accepted', updatedAt: addMs(FAKE_EPOCH, 1) }, ['sent']);
      await tx.journal.publish({ at: FAKE_EPOCH, ownerId: world.owner.id, traderId: null, topic: 'trader.changed', payload: 1 });
    });
    expect((await after.readModel.eventsAfter(lastSeq, 10)).map((event) => event.payload)).toEqual([1]);
  });

  it('is readable for its owner alone and never overwrites a file', async () => {
    await backup();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await expect(backup()).rejects.toMatchObject({ code: 'file_exists' });
  });

  it('leaves no half file when it cannot be written', async () => {
    file = join(folder, 'missing', 'all.backup');
    await expect(backup()).rejects.toMatchObject({ code: 'file_unusable' });
  });
});

describe('a restore', () => {
  it('refuses a database that holds records, unless forced', async () => {
    await backup();
    const filled = await open(target);
    await fill(filled);
    await closeAll();
    await expect(restore()).rejects.toMatchObject({ code: 'not_empty' });
    await restore(true);
    expect(await (await open(target)).store.transaction((tx) => tx.users.count())).toBe(0);
  });

  it('refuses a database that is in use', async () => {
    await backup();
    await open(target);
    await expect(restore(true)).rejects.toMatchObject({ code: 'in_use' });
  });

  it('refuses a backup whose schema is newer than this version knows', async () => {
    await backup();
    const old = restoreDatabase({ connection: target.connection, file, force: false, log: quietLog, migrationsFolder: oldMigrations() });
    await expect(old).rejects.toMatchObject({ code: 'newer' });
  });
});

describe('a file that is not right', () => {
  const cases: readonly (readonly [string, string, () => void])[] = [
    ['a missing file', 'file_unusable', () => rmSync(file)],
    ['a folder', 'file_unusable', () => replaceByFolder()],
    ['something else', 'not_a_backup', () => writeFileSync(file, gzipSync('hello\n'))],
    ['an empty file', 'not_a_backup', () => writeFileSync(file, gzipSync(''))],
    ['text that was never packed', 'damaged', () => writeFileSync(file, '@hyperoru-backup {}')],
    ['a file that was cut off', 'damaged', () => truncateSync(file, statSync(file).size - 9)],
    ['a changed row', 'damaged', () => rewrite((text) => text.replace('Momentum', 'Momentun'))],
    ['a missing row', 'damaged', () => rewrite((text) => text.replace(/\n\{"id"[^\n]*/, ''))],
    ['a missing end', 'damaged', () => rewrite((text) => text.slice(0, text.indexOf('@end')))],
    ['lines after the end', 'damaged', () => rewrite((text) => `${text}{}\n`)],
    ['a backup of a newer version', 'newer', () => rewrite((text) => text.replace('"version":1', '"version":2'))],
  ];

  it(`is refused before anything is touched: ${cases.map(([name]) => name).join(', ')}`, async () => {
    await fill(await open(source));
    await backup();
    const whole = readFileSync(file);
    const world = await fill(await open(target));
    await closeAll();
    for (const [name, code, spoil] of cases) {
      rmSync(file, { recursive: true, force: true });
      writeFileSync(file, whole);
      spoil();
      await expect(restore(true), name).rejects.toMatchObject({ name: 'BackupProblem', code });
    }
    expect(await (await open(target)).readModel.findTrader(world.scope, world.trader.id)).toEqual(world.trader);
  });
});

it('takes a backup of an older schema and brings it up to date', async () => {
  const world = await fill(await open(source));
  await backup();
  const newer = newerMigrations();
  await restoreDatabase({ connection: target.connection, file, force: false, log: quietLog, migrationsFolder: newer });
  const after = await openStore({
    connection: target.connection,
    clock: systemClock,
    ids: systemIds,
    log: quietLog,
    migrationsFolder: newer,
  });
  opened.push(after);
  expect((await after.readModel.findTrader(world.scope, world.trader.id))?.description).toBe('from the newer migration');
});

/** The migrations as they may be one day: with one more, which a backup of today does not know. */
function newerMigrations(): string {
  const newer = join(folder, 'newer');
  cpSync(defaultMigrationsFolder(), newer, { recursive: true });
  const journal = JSON.parse(readFileSync(join(newer, 'meta', '_journal.json'), 'utf8'));
  const next = { idx: 99, version: '7', when: 4_000_000_000_000, tag: '0099_next', breakpoints: true };
  writeFileSync(join(newer, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries: [...journal.entries, next] }));
  writeFileSync(join(newer, '0099_next.sql'), "update hyperoru.traders set description = 'from the newer migration';");
  return newer;
}

/** The migrations as they were before the last one. */
function oldMigrations(): string {
  const old = join(folder, 'migrations');
  cpSync(defaultMigrationsFolder(), old, { recursive: true });
  const journal = JSON.parse(readFileSync(join(old, 'meta', '_journal.json'), 'utf8'));
  writeFileSync(join(old, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries: journal.entries.slice(0, -1) }));
  return old;
}

function replaceByFolder(): void {
  rmSync(file);
  mkdirSync(file);
}

function rewrite(change: (text: string) => string): void {
  writeFileSync(file, gzipSync(change(gunzipSync(readFileSync(file)).toString('utf8'))));
}
