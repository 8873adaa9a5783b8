import type { TraderSafety } from '@hyperoru/contracts';
import { Group } from '@mantine/core';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { Missing } from '../../components/figure.tsx';
import { Tag } from '../../components/tag.tsx';
import { money } from '../../format/amount.ts';
import { count } from '../../format/words.ts';
import { Ago, Countdown } from '../../time/time-text.tsx';
import { traderColumn } from '../records/trader-column.tsx';
import { StatusBadge } from '../traders/status-badge.tsx';
import { DrillButton, KillButton } from './kill-button.tsx';
import { COMPARISON_WORDS, tellShares, usedShare } from './safety-words.ts';

const COLUMNS: readonly Column<TraderSafety>[] = [
  { ...traderColumn<TraderSafety>(), lead: true },
  { key: 'status', title: 'Status', cell: (row) => <State row={row} /> },
  { key: 'protection', title: 'Protection', cell: (row) => <Protection row={row} /> },
  { key: 'unknown', title: 'Unknown orders', cell: (row) => <UnknownOrders row={row} /> },
  { key: 'comparison', title: 'Last comparison', cell: (row) => <Comparison row={row} /> },
  { key: 'loss', title: 'Loss today', cell: (row) => <Breaker value={row.daily_loss} text={lossText(row.daily_loss)} /> },
  { key: 'drawdown', title: 'Fall from peak', cell: (row) => <Breaker value={row.drawdown} text={tellShares(row.drawdown)} /> },
  { key: 'cooling', title: 'Pause after loss', cell: (row) => <Cooling row={row} /> },
  { key: 'kill', title: 'Kill switch', cell: (row) => <Actions row={row} /> },
];

export function TraderSafetyTable({ traders }: { readonly traders: readonly TraderSafety[] }) {
  return <DataTable caption="Safety of each trader" columns={COLUMNS} rows={traders} rowKey={(row) => row.trader_id} />;
}

interface RowProps {
  readonly row: TraderSafety;
}

function State({ row }: RowProps) {
  return (
    <Group gap={4}>
      <StatusBadge status={row.status} />
      {row.killed && <Tag tone="down">Killed</Tag>}
      {row.environment !== null && <EnvironmentBadge environment={row.environment} />}
    </Group>
  );
}

function Protection({ row }: RowProps) {
  if (row.positions.length === 0) return <Missing why="No open position" />;
  const bare = row.positions.filter(({ state }) => state === 'bare').length;
  if (bare > 0) return <Tag tone="down">{`${bare} of ${row.positions.length} bare`}</Tag>;
  const unwatched = row.positions.filter(({ state }) => state === 'unwatched').length;
  return unwatched > 0 ? <Tag tone="warn">{`${unwatched} not looked at`}</Tag> : <Tag tone="up">{`${row.positions.length} covered`}</Tag>;
}

function UnknownOrders({ row: { unknown_orders: unknown } }: RowProps) {
  if (unknown.oldest_at === null) return 'None';
  return (
    <>
      <Tag tone="warn">{count(unknown.count, 'order')}</Tag> since <Ago at={unknown.oldest_at} />
    </>
  );
}

function Comparison({ row: { reconciliation } }: RowProps) {
  if (reconciliation === null) return <Missing why="Not compared yet" />;
  const { word, tone, meaning } = COMPARISON_WORDS[reconciliation.status];
  return (
    <>
      <Tag tone={tone} title={reconciliation.message ?? meaning}>
        {word}
      </Tag>{' '}
      <Ago at={reconciliation.finished_at ?? reconciliation.started_at} />
    </>
  );
}

function lossText({ used, limit }: TraderSafety['daily_loss']): string {
  return limit === null ? `${money(used)}, no limit` : `${money(used)} of ${money(limit)}`;
}

/** From this share on a breaker is marked. */
const NEAR_SHARE = 0.8;

function Breaker({ value, text }: { readonly value: TraderSafety['daily_loss']; readonly text: string }) {
  const used = usedShare(value);
  if (used !== null && used >= 1) return <Tag tone="down" title={text}>{`Tripped: ${text}`}</Tag>;
  if (used !== null && used >= NEAR_SHARE) return <Tag tone="warn">{text}</Tag>;
  return <span className="number">{text}</span>;
}

function Cooling({ row }: RowProps) {
  return row.cooling_until === null ? <Missing why="None now" /> : <Countdown to={row.cooling_until} />;
}

function Actions({ row }: RowProps) {
  if (row.environment === null) return <Missing why="Trades on no exchange" />;
  return (
    <Group gap={6} wrap="nowrap">
      {row.environment === 'paper' && <DrillButton trader={row} />}
      <KillButton trader={row} />
    </Group>
  );
}
