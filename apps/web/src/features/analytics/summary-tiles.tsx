import type { AnalyticsSummary } from '@hyperoru/contracts';
import type { ReactNode } from 'react';
import { Amount, Change, Missing } from '../../components/figure.tsx';
import { Tile, Tiles } from '../../components/tiles.tsx';
import { grouped, plainDecimal, share } from '../../format/amount.ts';
import { durationText } from '../../time/format-time.ts';

const HOUR_MS = 3_600_000;
const TOO_FEW = 'Too few trades to say';

function amount(value: number | null, signed: boolean): ReactNode {
  return value === null ? <Missing why={TOO_FEW} /> : <Amount value={plainDecimal(value)} signed={signed} />;
}

function ratio(value: number | null): ReactNode {
  return value === null ? <Missing why={TOO_FEW} /> : <span className="number">{grouped(value.toFixed(2))}</span>;
}

/** The result of a range in key figures. A dash means: too few trades to say. */
export function SummaryTiles({ summary }: { readonly summary: AnalyticsSummary }) {
  return (
    <Tiles label="Summary">
      <Tile name="Net PnL" hint="Realized, minus fees, plus funding">
        {amount(summary.total_pnl, true)}
      </Tile>
      <Tile name="Gross PnL">{amount(summary.gross_pnl, true)}</Tile>
      <Tile name="Fees">{amount(summary.fees, false)}</Tile>
      <Tile name="Funding" hint="Positive: received">
        {amount(summary.funding, true)}
      </Tile>
      <Tile name="Closed trades">{summary.total_trades}</Tile>
      <Tile name="Win rate">{summary.win_rate === null ? <Missing why={TOO_FEW} /> : share(summary.win_rate)}</Tile>
      <Tile name="Profit factor" hint="Sum of gains over sum of losses">
        {ratio(summary.profit_factor)}
      </Tile>
      <Tile name="Sharpe ratio">{ratio(summary.sharpe_ratio)}</Tile>
      <Tile name="Largest drawdown">
        {summary.max_drawdown_pct === null ? <Missing why={TOO_FEW} /> : <Change value={-Math.abs(summary.max_drawdown_pct)} />}
      </Tile>
      <Tile name="Average return">
        {summary.avg_return_pct === null ? <Missing why={TOO_FEW} /> : <Change value={summary.avg_return_pct} />}
      </Tile>
      <Tile name="Best trade">{amount(summary.best_trade_pnl, true)}</Tile>
      <Tile name="Worst trade">{amount(summary.worst_trade_pnl, true)}</Tile>
      <Tile name="Average duration">
        {summary.avg_trade_duration_hours === null ? <Missing why={TOO_FEW} /> : durationText(summary.avg_trade_duration_hours * HOUR_MS)}
      </Tile>
      <Tile name="Model cost" aside="USD">
        {summary.llm_cost_usd === null ? <Missing why="Cost unknown" /> : <Amount value={plainDecimal(summary.llm_cost_usd)} small />}
      </Tile>
    </Tiles>
  );
}
