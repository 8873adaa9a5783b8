import type { AccountState, Json } from '@hyperoru/domain';
import type { PaperAccountRow } from '@hyperoru/engine';

/** Version of the stored form; a row of another version stops the start instead of being misread. */
const FORMAT = 1;

/** What is stored of one account. */
export interface StoredAccount {
  readonly isClosed: boolean;
  readonly account: AccountState;
}

/** Account → JSON. All of it is plain data already. */
export function encodeAccount(stored: StoredAccount): Json {
  return toJson({ format: FORMAT, ...stored });
}

/** JSON → account. Throws when the row was not written by this version. */
export function decodeAccount(row: PaperAccountRow): StoredAccount {
  const state = row.state as unknown as Partial<StoredAccount & { format: number }> | null;
  if (state === null || typeof state !== 'object' || state.format !== FORMAT || state.account === undefined) {
    throw new Error(`Expected paper account ${row.traderId} in format ${FORMAT}; the row is damaged or from a newer version.`);
  }
  return { isClosed: state.isClosed === true, account: state.account };
}

/** Row mapper: a record of plain readonly data is JSON, which its type cannot say. */

export const toJson = (record: object): Json => record as unknown as Json;
