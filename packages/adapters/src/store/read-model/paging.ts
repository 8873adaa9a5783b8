import { isUuid, type Timestamp, timestamp } from '@hyperoru/domain';
import type { Page, PageRequest } from '@hyperoru/engine';
import { desc, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

const LIMIT_MAX = 200;
/** Longest text that a cursor of ours can be. */
const CURSOR_LENGTH_MAX = 120;

/** Newest first by (moment, id); `limit` is one more than asked, to know whether there is a next page. */
export interface Keyset {
  readonly where: SQL | undefined;
  readonly orderBy: [SQL, SQL];
  readonly limit: number;
}

export function keyset(at: PgColumn, id: PgColumn, page: PageRequest): Keyset {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > LIMIT_MAX)
    throw new RangeError(`Expected a limit of 1 to ${LIMIT_MAX}, was ${page.limit}.`);
  const isText = id.getSQLType() === 'text';
  const key = isText ? sql`${id} collate "C"` : sql`${id}`;
  const after = page.cursor === null ? null : readCursor(page.cursor, isText ? isPlainText : isUuid);
  const where = after === null ? undefined : sql`(${at}, ${key}) < (${sql.param(after.at, at)}, ${after.id}::${sql.raw(id.getSQLType())})`;
  return { where, orderBy: [desc(at), desc(key)], limit: page.limit + 1 };
}

/** Cuts the extra row off and makes the cursor from the last one that stays. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  page: PageRequest,
  itemOf: (row: Row) => Item,
  keyOf: (row: Row) => { readonly at: Timestamp; readonly id: string },
): Page<Item> {
  const kept = rows.slice(0, page.limit);
  const last = kept.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return { items: kept.map(itemOf), nextCursor: hasMore ? writeCursor(keyOf(last)) : null };
}

/** An id in a column of text: printable ASCII without spaces, so that no cursor can ask for what the database refuses to read. */
const isPlainText = (text: string): boolean => /^[!-~]+$/.test(text);

function writeCursor({ at, id }: { readonly at: Timestamp; readonly id: string }): string {
  return Buffer.from(`${at} ${id}`, 'utf8').toString('base64url');
}

function readCursor(cursor: string, isId: (text: string) => boolean): { readonly at: Timestamp; readonly id: string } {
  const text = cursor.length > CURSOR_LENGTH_MAX ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const [at = '', id = ''] = text.split(' ');
  if (!/^-?\d{1,16}$/.test(at) || !isId(id) || text !== `${at} ${id}`) throw new RangeError('Expected the cursor of an earlier page.');
  return { at: timestamp(Number(at)), id };
}
