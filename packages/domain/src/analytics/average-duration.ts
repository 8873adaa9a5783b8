import { type Decimal, decimal, div } from '../money/decimal.ts';
import type { ClosedTrade } from './closed-trade.ts';

const HOUR_MS = 3_600_000;

/** Mean time from open to close, hours; null without trades. */
export function averageDurationHours(trades: readonly ClosedTrade[]): Decimal | null {
  if (trades.length === 0) return null;
  const totalMs = trades.reduce((total, trade) => total + (trade.closedAt - trade.openedAt), 0);
  return div(decimal(String(totalMs)), decimal(String(trades.length * HOUR_MS)));
}
