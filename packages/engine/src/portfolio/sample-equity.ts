import { add, decimal, type EquityPoint, sum, type Trader, unrealizedPnl } from '@hyperoru/domain';
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
