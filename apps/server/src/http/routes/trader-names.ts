import type { Trader, TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '@hyperoru/engine';
import type { HttpContext } from '../context.ts';

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
