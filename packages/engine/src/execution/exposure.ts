import {
  abs,
  add,
  addMs,
  type Decimal,
  decimal,
  type Exposure,
  max,
  mul,
  type Order,
  type Position,
  type Quote,
  type Symbol,
  startOfUtcDay,
  sub,
  sum,
  type Timestamp,
  type Trader,
  unrealizedPnl,
  ZERO,
} from '@hyperoru/domain';
import type { StoreTx } from '../ports/store.ts';

const HOUR_MS = 3_600_000;

/** What the trader has at stake now, for the risk gate. `quoteOf` gives the newest quote or null; without one the entry price stands in. */
export async function readExposure(
  tx: StoreTx,
  trader: Trader,
  symbol: Symbol,
  now: Timestamp,
  quoteOf: (symbol: Symbol) => Quote | null,
): Promise<Exposure> {
  const positions = await tx.portfolio.listOpenPositions(trader.id);
  const entries = (await tx.orders.listOpen(trader.id)).filter((order) => order.purpose === 'entry');
  const markOf = (position: Position): Decimal => quoteOf(position.symbol)?.mark ?? position.averageEntryPrice;
  const realized = decimal(await tx.portfolio.realizedSince(trader.id, startOfUtcDay(now)));
  return {
    openNotional: add(
      sum(positions.map((p) => abs(mul(p.quantity, markOf(p))))),
      sum(entries.map((order) => remainingNotional(order, quoteOf(order.symbol)))),
    ),
    openSymbols: [...new Set([...positions.map((p) => p.symbol), ...entries.map((order) => order.symbol)])],
    position: positions.find((p) => p.symbol === symbol) ?? null,
    pnlToday: add(realized, sum(positions.map((p) => unrealizedPnl(p, markOf(p))))),
    entriesLastHour: await tx.orders.countEntriesSince(trader.id, addMs(now, -HOUR_MS)),
  };
}

/** An open order counts as if the rest were filled, at its limit or at the mark, whichever is more. */
function remainingNotional(order: Order, quote: Quote | null): Decimal {
  if (order.type.kind !== 'limit') return ZERO;
  return mul(sub(order.quantity, order.filledQuantity), max(order.type.price, quote?.mark ?? order.type.price));
}
