import type { TraderOverview } from '@hyperoru/contracts';
import { Amount, Change } from '../../components/figure.tsx';
import { Tile, Tiles } from '../../components/tiles.tsx';
import { count } from '../../format/words.ts';

/** The account of a trader in key figures. */
export function FigureStrip({ overview }: { readonly overview: TraderOverview }) {
  const { trader } = overview;
  return (
    <Tiles label="Key figures">
      <Tile name="Equity" hint="Balance plus unrealized PnL">
        <Amount value={trader.equity} unit={trader.currency} />
      </Tile>
      <Tile name="PnL since start" aside={trader.pnl_pct !== null && <Change value={trader.pnl_pct} />}>
        <Amount value={trader.pnl} signed />
      </Tile>
      <Tile name="Unrealized">
        <Amount value={overview.unrealized_pnl} signed />
      </Tile>
      <Tile name="Available" hint="Free for new margin">
        <Amount value={overview.available} />
      </Tile>
      <Tile name="Fees paid">
        <Amount value={overview.fees} />
      </Tile>
      <Tile name="Funding" hint="Positive: received">
        <Amount value={overview.funding} signed />
      </Tile>
      <Tile name="Model cost today" aside="USD">
        <Amount value={overview.llm_cost_today_usd} small />
      </Tile>
      <Tile name="Runs" aside={count(overview.total_trades, 'trade')}>
        {overview.total_runs}
      </Tile>
    </Tiles>
  );
}
