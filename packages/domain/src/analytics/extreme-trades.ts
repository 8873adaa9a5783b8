import { type Decimal, max, min } from '../money/decimal.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';

/** Net PnL of the best and of the worst trade, quote currency; null without trades. The best may be a loss. */
export function extremeTrades(trades: readonly ClosedTrade[]): { readonly best: Decimal; readonly worst: Decimal } | null {
  const [first, ...rest] = trades.map(netPnl);
  if (first === undefined) return null;
  return { best: rest.reduce(max, first), worst: rest.reduce(min, first) };
}
