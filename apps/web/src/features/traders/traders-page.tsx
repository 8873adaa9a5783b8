import type { TraderCard as Card } from '@hyperoru/contracts';
import { Group, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Icon } from '../../components/icon.tsx';
import { LinkButton } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { traderListQuery } from './queries.ts';
import { TotalStrip } from './totals.tsx';
import { TraderCard } from './trader-card.tsx';
import classes from './traders-page.module.css';

const STATUSES = ['all', 'active', 'paused', 'error'] as const;
type StatusFilter = (typeof STATUSES)[number];
const isStatusFilter = (text: string): text is StatusFilter => STATUSES.some((status) => status === text);

/** Which cards a person wants to see. */
export function filterTraders(traders: readonly Card[], status: StatusFilter, search: string): readonly Card[] {
  const wanted = search.trim().toLowerCase();
  const fits = (trader: Card): boolean =>
    status === 'all' || trader.status === status || (status === 'active' && trader.status === 'reduce_only');
  return traders.filter((trader) => fits(trader) && trader.name.toLowerCase().includes(wanted));
}

const newTrader = (
  <LinkButton to="/traders/new" leftSection={<Icon name="plus" />}>
    New trader
  </LinkButton>
);

/** Home: every trader, live. */
export function TradersPage() {
  const [includeDeleted, setIncludeDeleted] = useState(false);
  const query = useQuery({ ...traderListQuery(includeDeleted), placeholderData: (previous) => previous });
  return (
    <Page title="Traders" actions={newTrader}>
      <Loaded
        query={query}
        rows={6}
        isEmpty={(data) => data.items.length === 0 && !includeDeleted}
        empty={
          <Empty title="No trader yet." action={newTrader}>
            A trader is a model, a prompt, an exchange account and limits. Start one on paper: no key and no money needed.
          </Empty>
        }
      >
        {(data) => (
          <>
            <TotalStrip traders={data.items} />
            <TraderGrid traders={data.items} includeDeleted={includeDeleted} onIncludeDeleted={setIncludeDeleted} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface TraderGridProps {
  readonly traders: readonly Card[];
  readonly includeDeleted: boolean;
  readonly onIncludeDeleted: (include: boolean) => void;
}

function TraderGrid({ traders, includeDeleted, onIncludeDeleted }: TraderGridProps) {
  const [status, setStatus] = useState<StatusFilter>('all');
  const [search, setSearch] = useState('');
  const shown = filterTraders(traders, status, search);
  return (
    <>
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Show traders by status"
          value={status}
          onChange={(value) => setStatus(isStatusFilter(value) ? value : 'all')}
          data={[
            { value: 'all', label: 'All' },
            { value: 'active', label: 'Active' },
            { value: 'paused', label: 'Paused' },
            { value: 'error', label: 'Error' },
          ]}
        />
        <TextInput
          size="xs"
          placeholder="Find by name"
          aria-label="Find by name"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Switch
          size="xs"
          label="Show deleted"
          checked={includeDeleted}
          onChange={(event) => onIncludeDeleted(event.currentTarget.checked)}
        />
      </Group>
      {shown.length === 0 && <Empty title="No trader fits this filter." />}
      <div className={classes.grid}>
        {shown.map((trader) => (
          <TraderCard key={trader.id} trader={trader} />
        ))}
      </div>
    </>
  );
}
