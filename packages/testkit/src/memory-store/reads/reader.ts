import type { Timestamp, TraderId } from '@hyperoru/domain';
import type { OwnerScope, RecordFilter } from '@hyperoru/engine';
import type { Tables } from '../tables.ts';

/** What the reads need of their process. */
export interface Reader {
  readonly tables: Tables;
  /** Passes the named point and answers from what is committed. */
  read<T>(name: string, act: () => T): Promise<T>;
}

/** True for records of the owner's traders that the filter lets through. */
export function within(
  { traders }: Tables,
  scope: OwnerScope,
  filter: RecordFilter & { readonly includeDeleted?: boolean },
): (traderId: TraderId, at: Timestamp) => boolean {
  return (traderId, at) => {
    const trader = traders.get(null, traderId);
    return (
      trader !== null &&
      trader.ownerId === scope.userId &&
      (filter.includeDeleted !== false || trader.deletedAt === null) &&
      (filter.traderId === undefined || traderId === filter.traderId) &&
      (filter.from === undefined || at >= filter.from) &&
      (filter.to === undefined || at < filter.to)
    );
  };
}
