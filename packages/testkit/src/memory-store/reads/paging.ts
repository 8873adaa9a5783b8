import { isUuid } from '@hyperoru/domain';
import type { Page, PageRequest } from '@hyperoru/engine';
import { compareText } from '../core/in-order.ts';

const LIMIT_MAX = 200;
const CURSOR_LENGTH_MAX = 120;

interface Key {
  readonly at: number;
  readonly id: string;
}

/** One page of the rows, newest first by (moment, id). Throws RangeError for a cursor it did not make. */
export function pageOf<Row>(rows: readonly Row[], page: PageRequest, keyOf: (row: Row) => Key, isId = isUuid): Page<Row> {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > LIMIT_MAX)
    throw new RangeError(`Expected a limit of 1 to ${LIMIT_MAX}, was ${page.limit}.`);
  const after = page.cursor === null ? null : readCursor(page.cursor, isId);
  const sorted = rows.map((row) => ({ row, key: keyOf(row) })).sort((a, b) => newestFirst(a.key, b.key));
  const rest = after === null ? sorted : sorted.filter(({ key }) => newestFirst(after, key) < 0);
  const kept = rest.slice(0, page.limit);
  const last = kept.at(-1);
  return { items: kept.map(({ row }) => row), nextCursor: rest.length > page.limit && last !== undefined ? writeCursor(last.key) : null };
}

const newestFirst = (a: Key, b: Key): number => b.at - a.at || compareText(b.id, a.id);

const writeCursor = ({ at, id }: Key): string => Buffer.from(`${at} ${id}`, 'utf8').toString('base64url');

/** An id that is no uuid: printable ASCII without spaces. */
export const isPlainText = (text: string): boolean => /^[!-~]+$/.test(text);

function readCursor(cursor: string, isId: (text: string) => boolean): Key {
  const text = cursor.length > CURSOR_LENGTH_MAX ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const [at = '', id = ''] = text.split(' ');
  if (!/^-?\d{1,16}$/.test(at) || !isId(id) || text !== `${at} ${id}`) throw new RangeError('Expected the cursor of an earlier page.');
  return { at: Number(at), id };
}
