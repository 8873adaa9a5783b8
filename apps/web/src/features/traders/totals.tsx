import type { TraderCard } from '@hyperoru/contracts';
import { Amount, Change } from '../../components/figure.tsx';
import { Tile, Tiles } from '../../components/tiles.tsx';
import { signOf, sumDecimals } from '../../format/decimal.ts';

interface Totals {
  readonly equity: string;
  readonly pnl: string;
  /** PnL over what was there at the start; null without capital. */
  readonly pnlPct: number | null;
  readonly openPositions: number;
  readonly active: number;
  readonly failing: number;
}

/** Sums what belongs together: the living traders of one currency. */
export function totalsOf(traders: readonly TraderCard[]): Totals {
  const living = traders.filter((trader) => trader.status !== 'deleted');
  const equity = sumDecimals(living.flatMap((trader) => trader.equity ?? []));
  const pnl = sumDecimals(living.flatMap((trader) => trader.pnl ?? []));
  const start = Number(equity) - Number(pnl);
  return {
    equity,
    pnl,
    pnlPct: signOf(equity) === 0 || start <= 0 ? null : (Number(pnl) / start) * 100,
    openPositions: living.reduce((sum, trader) => sum + trader.open_positions, 0),
    active: living.filter((trader) => trader.status === 'active' || trader.status === 'reduce_only').length,
    failing: living.filter((trader) => trader.status === 'error').length,
  };
}

export function TotalStrip({ traders }: { readonly traders: readonly TraderCard[] }) {
  const totals = totalsOf(traders);
  const currency = traders[0]?.currency ?? '';
  return (
    <Tiles label="All traders together">
      <Tile name="Equity" hint="Balance plus unrealized PnL of all traders that are not deleted">
        <Amount value={totals.equity} unit={currency} />
      </Tile>
      <Tile name="PnL since start" aside={totals.pnlPct !== null && <Change value={totals.pnlPct} />}>
        <Amount value={totals.pnl} unit={currency} signed />
      </Tile>
      <Tile name="Open positions">{totals.openPositions}</Tile>
      <Tile name="Active traders">{totals.active}</Tile>
      <Tile name="In error" hint="Their last execution failed">
        <span style={{ color: totals.failing > 0 ? 'var(--down)' : undefined }}>{totals.failing}</span>
      </Tile>
    </Tiles>
  );
}
