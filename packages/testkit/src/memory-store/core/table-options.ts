import type { KeyOf } from './index-map.ts';
import type { Referable } from './transaction.ts';

/** A rule that no caller expects to break was broken; the transaction is lost with it, as in PostgreSQL. */
export class UniqueViolation extends Error {
  readonly rule: string;

  constructor(rule: string) {
    super(`duplicate key value violates unique constraint "${rule}"`);
    this.name = 'UniqueViolation';
    this.rule = rule;
  }
}

/** A column that names a row of another table; null = none. Checked at the commit. */
export interface Reference<Row> {
  readonly name: string;
  readonly to: Referable;
  readonly idOf: (row: Row) => string | null;
}

export interface TableOptions<Row> {
  readonly name: string;
  readonly idOf: (row: Row) => string;
  /** Rule name → key. */
  readonly unique?: Readonly<Record<string, KeyOf<Row>>>;
  readonly references?: readonly Reference<Row>[];
  /** Rewrites a row into what the database would give back. */
  readonly stored?: (row: Row) => Row;
}
