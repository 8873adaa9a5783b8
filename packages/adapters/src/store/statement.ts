import { type Column, getTableColumns, type SQL, sql, type Table } from 'drizzle-orm';
import type pg from 'pg';
import { type Db, openDb } from './database.ts';

/** A query that is built once per connection and parsed by the server once. */
interface Prepared<Rows> {
  execute(values: Readonly<Record<string, unknown>>): Promise<Rows>;
}

/** Gives the query as it was prepared on the connection. */
export type Statement<Rows> = (client: pg.PoolClient) => Prepared<Rows>;

/**
 * A query of the hot path: building its text costs this process more than all else it does for it, and parsing costs the server as
 * much as executing. `name` is unique among all statements; values come in through placeholders,
 * in a condition as the driver takes them: moments as ISO text.
 */
export function statement<Rows>(name: string, build: (db: Db) => { prepare(name: string): Prepared<Rows> }): Statement<Rows> {
  const known = new WeakMap<pg.PoolClient, Prepared<Rows>>();
  return (client) => {
    const found = known.get(client);
    if (found !== undefined) return found;
    const prepared = build(openDb(client)).prepare(name);
    known.set(client, prepared);
    return prepared;
  };
}

type Columns<T extends Table> = T['_']['columns'];

/** A placeholder for every column of the table, for the values of an insert or update; `encoded` gives what stands in them. */
export function placeholders<T extends Table>(table: T): { [Name in keyof Columns<T>]: SQL } {
  const names = Object.keys(getTableColumns(table));
  return Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(name)}`])) as { [Name in keyof Columns<T>]: SQL };
}

/** The row as the driver takes it: what is missing or null becomes NULL. */
export function encoded<T extends Table>(table: T, row: Partial<T['$inferSelect']>): Readonly<Record<string, unknown>> {
  const values: Readonly<Record<string, unknown>> = row;
  const encode = (column: Column, value: unknown) => (value === null || value === undefined ? null : column.mapToDriverValue(value));
  return Object.fromEntries(Object.entries<Column>(getTableColumns(table)).map(([name, column]) => [name, encode(column, values[name])]));
}
