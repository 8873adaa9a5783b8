import { Group, NativeSelect, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { PositionList } from '../positions/position-lists.tsx';
import tabClasses from '../trader/trader-tabs.module.css';
import { traderListQuery } from '../traders/queries.ts';
import { AuditPanel } from './audit-panel.tsx';
import { AlertList, DecisionList, FillList, OrderList, RunList } from './record-lists.tsx';
import { OUTCOME_WORDS } from './run-words.ts';

export const ActivitySearch = z.object({
  tab: z.enum(['decisions', 'runs', 'orders', 'fills', 'positions', 'alerts']).optional().catch(undefined),
  trader: z.string().optional().catch(undefined),
  outcome: z.enum(['traded', 'held', 'denied', 'duplicate', 'skipped', 'late', 'failed']).optional().catch(undefined),
  orders: z.enum(['open', 'final']).optional().catch(undefined),
  alerts: z.enum(['open', 'acknowledged']).optional().catch(undefined),
});
type Search = z.infer<typeof ActivitySearch>;

interface ActivityPageProps {
  readonly search: Search;
  readonly onSearch: (change: Search) => void;
}

/** Every record of every trader, and the proof that none was changed. */
export function ActivityPage({ search, onSearch }: ActivityPageProps) {
  const trader = { trader_id: search.trader };
  const show = (change: Record<string, string | null>) => onSearch(ActivitySearch.parse(change));
  return (
    <Page title="Activity" lead="Everything that happened, with its reason." actions={<Filters search={search} onSearch={onSearch} />}>
      <Tabs value={search.tab ?? 'decisions'} onChange={(tab) => show({ tab })} keepMounted={false} className={tabClasses.panel}>
        <Tabs.List aria-label="Kind of record" className={tabClasses.tabs}>
          <Tabs.Tab value="decisions">Decisions</Tabs.Tab>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="orders">Orders</Tabs.Tab>
          <Tabs.Tab value="fills">Fills</Tabs.Tab>
          <Tabs.Tab value="positions">Positions</Tabs.Tab>
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="decisions">
          <DecisionList filter={trader} showTrader />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <RunList filter={{ ...trader, outcome: search.outcome }} showTrader />
        </Tabs.Panel>
        <Tabs.Panel value="orders">
          <OrderList filter={{ ...trader, status: search.orders }} showTrader />
        </Tabs.Panel>
        <Tabs.Panel value="fills">
          <FillList filter={trader} showTrader />
        </Tabs.Panel>
        <Tabs.Panel value="positions">
          <PositionList traderId={search.trader} kind="open" showTrader />
          <PositionList traderId={search.trader} kind="closed" showTrader />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <AlertList filter={{ ...trader, status: search.alerts }} />
        </Tabs.Panel>
      </Tabs>
      <Panel title="Audit log" note="hash-chained, append-only">
        <AuditPanel />
      </Panel>
    </Page>
  );
}

function Filters({ search, onSearch }: ActivityPageProps) {
  const traders = useQuery(traderListQuery(true)).data?.items ?? [];
  const choose = (change: Record<string, string | undefined>) => onSearch({ ...search, ...ActivitySearch.partial().parse(change) });
  const orNone = (text: string) => (text === '' ? undefined : text);
  return (
    <Group gap="sm">
      {search.tab === 'runs' && (
        <NativeSelect
          size="xs"
          aria-label="Outcome"
          value={search.outcome ?? ''}
          onChange={(event) => choose({ outcome: orNone(event.currentTarget.value) })}
          data={[
            { value: '', label: 'Every outcome' },
            ...Object.entries(OUTCOME_WORDS).map(([value, { word }]) => ({ value, label: word })),
          ]}
        />
      )}
      {search.tab === 'orders' && (
        <StateChoice
          label="State"
          all="Every order"
          value={search.orders}
          options={{ open: 'Open', final: 'Ended' }}
          onChange={(orders) => choose({ orders })}
        />
      )}
      {search.tab === 'alerts' && (
        <StateChoice
          label="State"
          all="Every alert"
          value={search.alerts}
          options={{ open: 'Not seen', acknowledged: 'Seen' }}
          onChange={(alerts) => choose({ alerts })}
        />
      )}
      <NativeSelect
        size="xs"
        aria-label="Trader"
        value={search.trader ?? ''}
        onChange={(event) => choose({ trader: orNone(event.currentTarget.value) })}
        data={[
          { value: '', label: 'All traders' },
          ...traders.map(({ id, name, status }) => ({ value: id, label: status === 'deleted' ? `${name} (deleted)` : name })),
        ]}
      />
    </Group>
  );
}

interface StateChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly onChange: (value: string | undefined) => void;
}

function StateChoice({ label, all, value, options, onChange }: StateChoiceProps) {
  const data = [{ value: '', label: all }, ...Object.entries(options).map(([key, text]) => ({ value: key, label: text }))];
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value ?? ''}
      data={data}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}
