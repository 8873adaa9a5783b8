import type { SafetySummary } from '@hyperoru/contracts';
import { useQuery } from '@tanstack/react-query';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Tile, Tiles } from '../../components/tiles.tsx';
import { Ago } from '../../time/time-text.tsx';
import { InstanceLimitsPanel } from '../instance-limits/instance-limits-panel.tsx';
import { profileQuery } from '../session/queries.ts';
import { AdjustmentList } from './adjustment-list.tsx';
import { DisarmButton } from './disarm-button.tsx';
import { KillButton } from './kill-button.tsx';
import { KillList } from './kill-list.tsx';
import { ProtectionTable } from './protection-table.tsx';
import { safetyQuery } from './queries.ts';
import { tellReport, totalsOf } from './safety-words.ts';
import { TraderSafetyTable } from './trader-safety-table.tsx';

/** Everything that stands between a fault and a loss, live; and the switch that stops it all. */
export function SafetyPage() {
  const query = useQuery(safetyQuery);
  const isOwner = useQuery(profileQuery).data?.role === 'owner';
  return (
    <Page
      title="Safety"
      lead="What the exchanges report, not what we sent, and the switch that stops it all."
      actions={isOwner ? <KillButton trader={null} /> : undefined}
    >
      <Loaded query={query} rows={8}>
        {(summary) => <State summary={summary} />}
      </Loaded>
      <InstanceLimitsPanel />
      <Panel title="Adjustments" note="differences settled in the exchange's favor">
        <AdjustmentList />
      </Panel>
    </Page>
  );
}

function State({ summary }: { readonly summary: SafetySummary }) {
  const { items, next_cursor: more } = summary.traders;
  const names = new Map(items.map(({ trader_id, trader_name }) => [trader_id, trader_name]));
  const nameOf = (id: string): string => names.get(id) ?? 'A deleted trader';
  return (
    <>
      {summary.armed_kills.map((kill) => (
        <Notice
          key={kill.id}
          tone="down"
          title={`The kill switch is armed for ${kill.trader_id === null ? 'the whole instance' : nameOf(kill.trader_id)}.`}
          isLive
          action={<DisarmButton kill={kill} name={kill.trader_id === null ? 'the whole instance' : nameOf(kill.trader_id)} />}
        >
          {kill.reason} Used <Ago at={kill.started_at} />: {tellReport(kill)}. Nothing is entered until it is disarmed.
        </Notice>
      ))}
      <Totals summary={summary} />
      <Panel title="Traders" note={more === null ? undefined : `the newest ${items.length}`}>
        {items.length === 0 ? (
          <Empty title="No trader yet.">What watches over one appears here.</Empty>
        ) : (
          <TraderSafetyTable traders={items} />
        )}
      </Panel>
      <Panel title="Protection of open positions" note="as the exchange reports it">
        <ProtectionTable traders={items} />
      </Panel>
      <Panel title="Uses of the kill switch">
        <KillList nameOf={nameOf} />
      </Panel>
    </>
  );
}

function Totals({ summary }: { readonly summary: SafetySummary }) {
  const { open, bare, unknownOrders, failedComparisons } = totalsOf(summary);
  const { used, limit } = summary.order_budget;
  return (
    <Tiles label="All traders together">
      <Tile name="Bare positions" hint="Open positions that no stop at the exchange covers in full" aside={`of ${open} open`}>
        <Alarming value={bare} />
      </Tile>
      <Tile name="Unknown orders" hint="The exchange has not said what became of them">
        <Alarming value={unknownOrders} />
      </Tile>
      <Tile name="Failed comparisons" hint="Traders whose exchange could not be read last time">
        <Alarming value={failedComparisons} />
      </Tile>
      <Tile
        name="Entries in the last minute"
        hint="Of the whole instance; one more than the limit trips the kill switch"
        aside={limit === null ? 'limits unreadable' : `of ${limit}`}
      >
        {used}
      </Tile>
      <Tile name="Adjustments" hint="Differences that were settled in the exchange's favor">
        {summary.adjustments}
      </Tile>
    </Tiles>
  );
}

/** Anything but 0 stands out. */
function Alarming({ value }: { readonly value: number }) {
  return <span style={{ color: value > 0 ? 'var(--down)' : undefined }}>{value}</span>;
}
