import {
  add,
  addMs,
  decimal,
  type EquityPoint,
  type Position,
  sum,
  type Timestamp,
  type Trader,
  unrealizedPnl,
  ZERO,
} from '@hyperoru/domain';
import { connectionOf, type EngineDeps } from '../deps.ts';

/**
 * Stores one point of every live trader's equity curve, from our own ledger and the newest marks, in one transaction.
 * Traders without an exchange have none.
 */
export async function sampleEquity(deps: EngineDeps): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const balances = await tx.portfolio.balances();
    const positions = byTrader(await tx.portfolio.listAllOpenPositions());
    const at = deps.clock.now();
    const points: EquityPoint[] = [];
    for (const trader of await tx.traders.listLive()) {
      if (trader.exchange === null) continue;
      const point = pointOf(deps, trader, { at, balance: balances.get(trader.id) ?? ZERO, open: positions.get(trader.id) ?? [] });
      points.push(point);
      const payload = { equity: point.equity, balance: point.balance, unrealized_pnl: point.unrealizedPnl };
      await tx.journal.publish({ at, ownerId: trader.ownerId, traderId: trader.id, topic: 'equity.sampled', payload });
    }
    await tx.portfolio.insertEquityPoints(points);
  });
}

function pointOf(
  deps: EngineDeps,
  trader: Trader,
  held: { readonly at: Timestamp; readonly balance: string; readonly open: readonly Position[] },
): EquityPoint {
  const market = connectionOf(deps, trader)?.market;
  const balance = decimal(held.balance);
  const unrealized = sum(
    held.open.map((position) => unrealizedPnl(position, market?.quote(position.symbol)?.mark ?? position.averageEntryPrice)),
  );
  return { traderId: trader.id, at: held.at, equity: add(balance, unrealized), balance, unrealizedPnl: unrealized };
}

function byTrader(positions: readonly Position[]): ReadonlyMap<Trader['id'], readonly Position[]> {
  const grouped = new Map<Trader['id'], Position[]>();
  for (const position of positions) grouped.set(position.traderId, [...(grouped.get(position.traderId) ?? []), position]);
  return grouped;
}

const DAY_MS = 86_400_000;
/** Points older than a day are kept one per five minutes; the two days before that border are looked at, in case hours were missed. */
const THIN_BUCKET_MS = 300_000;
const THIN_WINDOW_MS = 2 * DAY_MS;

/** Keeps the equity curve of past days small; the last day stays as it was sampled. */
export async function thinEquity(deps: Pick<EngineDeps, 'store' | 'clock'>): Promise<void> {
  const before = addMs(deps.clock.now(), -DAY_MS);
  await deps.store.transaction((tx) =>
    tx.portfolio.thinEquityPoints({ from: addMs(before, -THIN_WINDOW_MS), before, bucketMs: THIN_BUCKET_MS }),
  );
}
