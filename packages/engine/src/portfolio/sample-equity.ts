import { add, addMs, decimal, type EquityPoint, sum, type Trader, unrealizedPnl } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';

/** Stores one point of the equity curve from our own ledger and the newest marks; skips a trader without an exchange. */
export async function sampleEquity(deps: EngineDeps, trader: Trader): Promise<void> {
  const connection = trader.exchange === null ? null : deps.venue(trader.exchange.venue, trader.exchange.environment);
  if (connection === null) return;
  await deps.store.transaction(async (tx) => {
    const balance = decimal(await tx.portfolio.balance(trader.id));
    const positions = await tx.portfolio.listOpenPositions(trader.id);
    const unrealized = sum(
      positions.map((position) => unrealizedPnl(position, connection.market.quote(position.symbol)?.mark ?? position.averageEntryPrice)),
    );
    const point: EquityPoint = {
      traderId: trader.id,
      at: deps.clock.now(),
      equity: add(balance, unrealized),
      balance,
      unrealizedPnl: unrealized,
    };
    await tx.portfolio.insertEquityPoint(point);
    await tx.journal.publish({
      at: point.at,
      ownerId: trader.ownerId,
      traderId: trader.id,
      topic: 'equity.sampled',
      payload: { equity: point.equity, balance: point.balance, unrealized_pnl: point.unrealizedPnl },
    });
  });
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
