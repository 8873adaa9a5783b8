import {
  add,
  type Decimal,
  decimal,
  type InstanceExposure,
  type InstanceLimits,
  type Order,
  type Position,
  type Stakes,
  type Symbol,
  startOfUtcDay,
  sum,
  type Timestamp,
  type TraderId,
  unrealizedPnl,
  weighStakes,
  ZERO,
} from '@hyperoru/domain';
import { connectionOf, type EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';
import { lockInstanceGate } from './instance-limits.ts';
import { entriesLastMinute } from './order-budget.ts';

/**
 * What all traders have at stake and lost today, from the records. `own` is the trader that wants to enter, whose stakes were
 * weighed against its venue. Sums that no limit asks for are not read.
 */
export async function readInstanceExposure(
  deps: Pick<EngineDeps, 'venue'>,
  tx: StoreTx,
  limits: InstanceLimits | null,
  own: { readonly traderId: TraderId; readonly stakes: Stakes; readonly now: Timestamp },
): Promise<InstanceExposure> {
  const { now } = own;
  const needsSums = limits !== null && (limits.maxTotalNotional !== null || limits.maxDailyLoss !== null);
  if (!needsSums) return { totalNotional: ZERO, pnlToday: ZERO, unpriced: [], entriesLastMinute: await entriesLastMinute(tx, now) };
  await lockInstanceGate(tx, now);
  const positions = await tx.portfolio.listAllOpenPositions();
  const entries = await tx.orders.listAllOpenEntries();
  const realized = decimal(await tx.portfolio.allRealizedSince(startOfUtcDay(now)));
  let [totalNotional, unrealized, unpriced] = [ZERO, ZERO, own.stakes.unpriced];
  for (const traderId of new Set([own.traderId, ...[...positions, ...entries].map((each) => each.traderId)])) {
    const markOf = await marksOf(deps, tx, traderId);
    const held = positions.filter((position) => position.traderId === traderId);
    const stakes = traderId === own.traderId ? own.stakes : stakesOf(traderId, held, entries, markOf);
    totalNotional = add(totalNotional, stakes.totalNotional);
    unpriced = [...unpriced, ...stakes.unpriced];
    unrealized = add(
      unrealized,
      sum(held.map((position) => unrealizedPnl(position, markOf(position.symbol) ?? position.averageEntryPrice))),
    );
  }
  const pnlToday = add(realized, unrealized);
  return { totalNotional, pnlToday, unpriced: [...new Set(unpriced)], entriesLastMinute: await entriesLastMinute(tx, now) };
}

type MarkOf = (symbol: Symbol) => Decimal | null;

function stakesOf(traderId: TraderId, positions: readonly Position[], entries: readonly Order[], markOf: MarkOf): Stakes {
  return weighStakes({ positions, holdings: [], entries: entries.filter((order) => order.traderId === traderId), markOf });
}

/** Marks of the venue the trader trades on; none without an exchange. */
async function marksOf(deps: Pick<EngineDeps, 'venue'>, tx: StoreTx, traderId: TraderId): Promise<MarkOf> {
  const trader = expected(await tx.traders.get(traderId), `trader ${traderId} to be stored`);
  const market = connectionOf(deps, trader)?.market;
  return (symbol) => market?.quote(symbol)?.mark ?? null;
}
