import type { Trader, TraderId } from '@hyperoru/domain';
import type { OwnerScope, Page } from '@hyperoru/engine';
import type { HttpContext } from '../context.ts';
import { listAnswer } from './route.ts';

/** Traders behind the records of one page, deleted ones too, in one read. */
export async function tradersOf(
  context: HttpContext,
  scope: OwnerScope,
  records: readonly { readonly traderId: TraderId | null }[],
): Promise<ReadonlyMap<TraderId, Trader>> {
  const ids = [...new Set(records.map((record) => record.traderId))].filter((id) => id !== null);
  const traders = await context.deps.readModel.findTraders(scope, ids);
  return new Map(traders.map((trader) => [trader.id, trader]));
}

/** The name under which a record shows its trader; records outlive even a removed trader. */
export const nameOf = (traders: ReadonlyMap<TraderId, Trader>, id: TraderId): string => traders.get(id)?.name ?? id;

/** The answer of a list whose records show their traders' names. */
export async function namedListAnswer<T extends { readonly traderId: TraderId }, U>(
  context: HttpContext,
  scope: OwnerScope,
  page: Page<T>,
  present: (record: T, traderName: string) => U,
): Promise<ReturnType<typeof listAnswer<T, U>>> {
  const traders = await tradersOf(context, scope, page.items);
  return listAnswer(page, (record) => present(record, nameOf(traders, record.traderId)));
}
