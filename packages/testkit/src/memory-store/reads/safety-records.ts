import type { ReadModel } from '@hyperoru/engine';
import { isPlainText, pageOf } from './paging.ts';
import { type Reader, within } from './reader.ts';

type SafetyReads = Pick<ReadModel, 'listKills' | 'listAdjustments' | 'countAdjustments'>;

/** Uses of the kill switch, and differences that were settled in a venue's favor. */
export function safetyReads({ tables, read }: Reader): SafetyReads {
  const { kills, traders, adjustments } = tables;
  const shown = (...[scope, filter]: Parameters<ReadModel['countAdjustments']>) => {
    const isWithin = within(tables, scope, filter);
    return adjustments.all(null).filter((row) => isWithin(row.traderId, row.at));
  };
  return {
    listKills: (scope, page) =>
      read('listKills', () => {
        const concerned = kills
          .all(null)
          .filter(({ traderId }) => traderId === null || traders.get(null, traderId)?.ownerId === scope.userId);
        return pageOf(concerned, page, (row) => ({ at: row.startedAt, id: row.id }));
      }),
    listAdjustments: (scope, filter, page) =>
      read('listAdjustments', () => pageOf(shown(scope, filter), page, ({ at, id }) => ({ at, id }), isPlainText)),
    countAdjustments: (scope, filter) => read('countAdjustments', () => shown(scope, filter).length),
  };
}
