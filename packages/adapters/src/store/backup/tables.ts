import type pg from 'pg';

/** What belongs to one server and not to the records: it is set anew after a restore. */
const LEFT_OUT = ['event_stream'];

/** Every table of ours that a backup carries, by name. */
export async function backupTables(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'hyperoru' and table_type = 'BASE TABLE' and table_name <> all($1) order by table_name",
    [LEFT_OUT],
  );
  return rows.map((row) => row.name);
}

export const quoted = (table: string): string => `hyperoru."${table.replaceAll('"', '""')}"`;
