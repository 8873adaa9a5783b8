import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseConnection, openStore, startEmbeddedPostgres, systemClock, systemIds } from '@hyperoru/adapters';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { quietLog } from './quiet-log.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly testDatabase: { readonly server: DatabaseConnection; readonly template: string };
  }
}

/**
 * One PostgreSQL for a whole run: the embedded one, or the one that HYPERORU_TEST_DATABASE_URL names (its user may create databases).
 * A migrated template makes a fresh database for each test file a matter of a copy.
 */
export default async function setUpDatabase(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer(process.env['HYPERORU_TEST_DATABASE_URL']);
  const template = `hyperoru_template_${process.pid}_${systemIds.token(6).replaceAll('-', '_').toLowerCase()}`;
  await administer(server.connection, `create database ${template}`);
  const opened = await openStore({
    connection: { ...server.connection, database: template },
    clock: systemClock,
    ids: systemIds,
    log: quietLog,
  });
  await opened.close();
  project.provide('testDatabase', { server: server.connection, template });
  return async () => {
    await administer(server.connection, `drop database if exists ${template}`);
    await server.stop();
  };
}

interface TestServer {
  readonly connection: DatabaseConnection;
  stop(): Promise<void>;
}

async function openServer(url: string | undefined): Promise<TestServer> {
  if (url !== undefined && url !== '') return { connection: partsOf(url), stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'hyperoru-test-'));
  // Lets the server's own user pass when the tests run as root.
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'database'), clock: systemClock, log: quietLog });
  return {
    connection: server.connection,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Parts instead of a URL, so that the name of the database can be changed. */
function partsOf(url: string): DatabaseConnection {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: decodeURIComponent(hostname),
    port: port === '' ? 5432 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)) || 'postgres',
  };
}

async function administer(connection: DatabaseConnection, statement: string): Promise<void> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
