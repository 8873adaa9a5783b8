import type { OwnerScope, RecordFilter } from '@hyperoru/engine';
import { and, eq, gte, lt, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { traders } from '../schema/traders.ts';

/** Of the owner's traders only; for queries that join `traders`. */
export function within(
  scope: OwnerScope,
  filter: RecordFilter,
  columns: { readonly traderId: PgColumn; readonly at: PgColumn },
): SQL | undefined {
  return and(
    eq(traders.ownerId, scope.userId),
    filter.traderId === undefined ? undefined : eq(columns.traderId, filter.traderId),
    filter.from === undefined ? undefined : gte(columns.at, filter.from),
    filter.to === undefined ? undefined : lt(columns.at, filter.to),
  );
}
