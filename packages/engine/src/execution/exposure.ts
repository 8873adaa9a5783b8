import {
  add,
  addMs,
  type Decimal,
  decimal,
  type Exposure,
  type InstanceLimits,
  type Instrument,
  type Quote,
  type Symbol,
  startOfUtcDay,
  sum,
  type Timestamp,
  type Trader,
  unrealizedPnl,
  weighStakes,
  ZERO,
} from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { VenueAccount } from '../ports/exchange.ts';
import type { StoreTx } from '../ports/store.ts';
import { readInstanceExposure } from '../safety/instance-exposure.ts';

const HOUR_MS = 3_600_000;

/** What the trader and the instance have at stake now, for the risk gate; read under the trader's lock. */
export async function readExposure(
  deps: Pick<EngineDeps, 'venue'>,
  tx: StoreTx,
  by: {
    readonly trader: Trader;
    readonly instrument: Instrument;
    readonly now: Timestamp;
    /** As the venue reported it shortly before. */
    readonly account: VenueAccount;
    readonly limits: InstanceLimits | null;
    readonly quoteOf: (symbol: Symbol) => Quote | null;
  },
): Promise<Exposure> {
  const { trader, now, account } = by;
  const { symbol, maintenanceMarginRate } = by.instrument;
  const positions = await tx.portfolio.listOpenPositions(trader.id);
  const entries = (await tx.orders.listOpen(trader.id)).filter((order) => order.purpose === 'entry');
  const markOf = (each: Symbol): Decimal | null => by.quoteOf(each)?.mark ?? null;
  const stakes = weighStakes({ positions, holdings: account.positions, entries, markOf });
  const realized = decimal(await tx.portfolio.realizedSince(trader.id, startOfUtcDay(now)));
  // Without a mark the stakes are unpriced, and nothing is entered whatever this sum says.
  const unrealized = sum(positions.map((each) => unrealizedPnl(each, markOf(each.symbol) ?? each.averageEntryPrice)));
  const curve = trader.risk.maxDrawdown === null ? null : await tx.portfolio.drawdown(trader.id);
  return {
    now,
    isKilled: await tx.safety.isKilled(trader.id),
    isReduceOnly: trader.isReduceOnly,
    stakes,
    position: positions.find((each) => each.symbol === symbol) ?? null,
    holding: account.positions.find((each) => each.symbol === symbol) ?? null,
    maintenanceMarginRate,
    pnlToday: add(realized, unrealized),
    peakBalance: curve === null ? ZERO : decimal(curve.peak),
    balance: curve === null ? ZERO : decimal(curve.balance),
    lastLossAt: trader.risk.cooldownMinutes === 0 ? null : await tx.portfolio.lastLossAt(trader.id),
    entriesLastHour: await tx.orders.countEntriesSince(trader.id, addMs(now, -HOUR_MS)),
    instance: await readInstanceExposure(deps, tx, by.limits, { traderId: trader.id, stakes, now }),
  };
}
