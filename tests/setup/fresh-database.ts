import { randomBytes } from 'node:crypto';
import type { DatabaseConnection } from '@hyperoru/adapters';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of one test file (or test), migrated and empty. */
export interface FreshDatabase {
  readonly connection: DatabaseConnection;
  /** The same as a URL, for processes that are started with DATABASE_URL. */
  readonly url: string;
  /** Ends whoever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** `empty` leaves the migrations to the code under test. */
export async function freshDatabase(options: { readonly empty?: boolean } = {}): Promise<FreshDatabase> {
  const { server, template } = inject('testDatabase');
  const database = `hyperoru_test_${randomBytes(8).toString('hex')}`;
  await administer(server, options.empty === true ? `create database ${database}` : `create database ${database} template ${template}`);
  const connection = { ...server, database };
  return { connection, url: urlOf(connection), drop: () => administer(server, `drop database if exists ${database} with (force)`) };
}

function urlOf({ host = 'localhost', port = 5432, user = '', password = '', database = '' }: DatabaseConnection): string {
  const who = password === '' ? encodeURIComponent(user) : `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  if (host.startsWith('/')) return `postgresql://${who}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
  return `postgresql://${who}@${host}:${port}/${database}`;
}

async function administer(server: DatabaseConnection, statement: string): Promise<void> {
  const client = new pg.Client({ ...server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
