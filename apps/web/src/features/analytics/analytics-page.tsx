import { Group, NativeSelect, SegmentedControl, Switch, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { readSummary } from '../../api/analytics.ts';
import { keys } from '../../api/keys.ts';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/panel.tsx';
import tabClasses from '../trader/trader-tabs.module.css';
import { traderListQuery } from '../traders/queries.ts';
import { ByOperationPart, ByStrategyPart, BySymbolPart, ByTraderPart, ByTriggerPart } from './breakdowns.tsx';
import { SummaryTiles } from './summary-tiles.tsx';

export const AnalyticsSearch = z.object({
  by: z.enum(['strategy', 'trader', 'symbol', 'operation', 'trigger']).optional().catch(undefined),
  days: z.number().int().min(1).max(3650).optional().catch(undefined),
  trader: z.string().optional().catch(undefined),
  deleted: z.boolean().optional().catch(undefined),
});
type Search = z.infer<typeof AnalyticsSearch>;

const DAYS = [
  { value: '1', label: '1 d' },
  { value: '7', label: '7 d' },
  { value: '30', label: '30 d' },
  { value: '90', label: '90 d' },
  { value: '3650', label: 'All' },
];
const DAYS_DEFAULT = 30;

interface AnalyticsPageProps {
  readonly search: Search;
  readonly onSearch: (change: Search) => void;
}

/** What the traders made, and where it came from; deleted traders count. */
export function AnalyticsPage({ search, onSearch }: AnalyticsPageProps) {
  const filter = { days: search.days ?? DAYS_DEFAULT, trader_id: search.trader, include_deleted: String(search.deleted ?? true) };
  const summary = useQuery({
    queryKey: keys.analyticsPart('summary', filter),
    queryFn: () => readSummary(filter),
    placeholderData: (previous) => previous,
  });
  return (
    <Page
      title="Analytics"
      lead="Closed positions, net of fees and with funding, in quote currency."
      actions={<Filters search={search} onSearch={onSearch} />}
    >
      <Loaded query={summary}>{(data) => <SummaryTiles summary={data} />}</Loaded>
      <Tabs
        value={search.by ?? 'strategy'}
        onChange={(by) => onSearch({ by: AnalyticsSearch.parse({ by }).by })}
        keepMounted={false}
        className={tabClasses.panel}
      >
        <Tabs.List aria-label="Broken down by" className={tabClasses.tabs}>
          <Tabs.Tab value="strategy">By strategy</Tabs.Tab>
          <Tabs.Tab value="trader">By trader</Tabs.Tab>
          <Tabs.Tab value="symbol">By symbol</Tabs.Tab>
          <Tabs.Tab value="operation">By operation</Tabs.Tab>
          <Tabs.Tab value="trigger">By trigger</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="strategy">
          <ByStrategyPart filter={filter} />
        </Tabs.Panel>
        <Tabs.Panel value="trader">
          <ByTraderPart filter={filter} />
        </Tabs.Panel>
        <Tabs.Panel value="symbol">
          <BySymbolPart filter={filter} />
        </Tabs.Panel>
        <Tabs.Panel value="operation">
          <ByOperationPart filter={filter} />
        </Tabs.Panel>
        <Tabs.Panel value="trigger">
          <ByTriggerPart filter={filter} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Filters({ search, onSearch }: AnalyticsPageProps) {
  const traders = useQuery(traderListQuery(true)).data?.items ?? [];
  return (
    <Group gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="Range"
        data={DAYS}
        value={String(search.days ?? DAYS_DEFAULT)}
        onChange={(days) => onSearch({ days: Number(days) })}
      />
      <NativeSelect
        size="xs"
        aria-label="Trader"
        value={search.trader ?? ''}
        onChange={(event) => onSearch({ trader: event.currentTarget.value === '' ? undefined : event.currentTarget.value })}
        data={[
          { value: '', label: 'All traders' },
          ...traders.map((trader) => ({ value: trader.id, label: trader.status === 'deleted' ? `${trader.name} (deleted)` : trader.name })),
        ]}
      />
      <Switch
        size="xs"
        label="With deleted traders"
        checked={search.deleted ?? true}
        onChange={(event) => onSearch({ deleted: event.currentTarget.checked })}
      />
    </Group>
  );
}
