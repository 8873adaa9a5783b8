import type { ReadModel } from '@hyperoru/engine';
import { and, count, eq, isNull, or } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { adjustments, kills } from '../schema/safety.ts';
import { traders } from '../schema/traders.ts';
import { within } from './filters.ts';
import { keyset, pageOf } from './paging.ts';

type SafetyReads = Pick<ReadModel, 'listKills' | 'listAdjustments' | 'countAdjustments'>;

const ADJUSTMENT_COLUMNS = { traderId: adjustments.traderId, at: adjustments.at };

/** Uses of the kill switch, and differences that were settled in a venue's favor. */
export function safetyReads(db: Db): SafetyReads {
  return {
    listKills: async (scope, page) => {
      const { where, orderBy, limit } = keyset(kills.startedAt, kills.id, page);
      const concerned = or(isNull(kills.traderId), eq(traders.ownerId, scope.userId));
      const found = await db
        .select({ row: kills })
        .from(kills)
        .leftJoin(traders, eq(traders.id, kills.traderId))
        .where(and(concerned, where))
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => row,
        ({ row }) => ({ at: row.startedAt, id: row.id }),
      );
    },
    listAdjustments: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(adjustments.at, adjustments.id, page);
      const found = await db
        .select({ row: adjustments })
        .from(adjustments)
        .innerJoin(traders, eq(traders.id, adjustments.traderId))
        .where(and(within(scope, filter, ADJUSTMENT_COLUMNS), where))
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => row,
        ({ row }) => ({ at: row.at, id: row.id }),
      );
    },
    countAdjustments: async (scope, filter) => {
      const rows = db.select({ total: count() }).from(adjustments).innerJoin(traders, eq(traders.id, adjustments.traderId));
      return (await rows.where(within(scope, filter, ADJUSTMENT_COLUMNS)))[0]?.total ?? 0;
    },
  };
}
