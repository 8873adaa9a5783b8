import type { TraderOverview } from '@hyperoru/contracts';
import { Tabs } from '@mantine/core';
import { z } from 'zod';
import { PositionList } from '../positions/position-lists.tsx';
import { AlertList, DecisionList, FillList, OrderList, RunList } from '../records/record-lists.tsx';
import { SettingsTab } from '../trader-settings/settings-tab.tsx';
import classes from './trader-tabs.module.css';

export const TraderTab = z.enum(['decisions', 'runs', 'orders', 'fills', 'closed', 'alerts', 'settings']);
export type TraderTab = z.infer<typeof TraderTab>;

interface TraderTabsProps {
  readonly overview: TraderOverview;
  readonly tab: TraderTab;
  readonly onTab: (tab: TraderTab) => void;
}

/** The records of a trader, and its settings. The open tab is part of the address. */
export function TraderTabs({ overview, tab, onTab }: TraderTabsProps) {
  const filter = { trader_id: overview.trader.id };
  return (
    <Tabs value={tab} onChange={(value) => onTab(TraderTab.catch('decisions').parse(value))} keepMounted={false} className={classes.panel}>
      <Tabs.List aria-label="Records and settings" className={classes.tabs}>
        <Tabs.Tab value="decisions">Decisions</Tabs.Tab>
        <Tabs.Tab value="runs">Runs</Tabs.Tab>
        <Tabs.Tab value="orders">Orders</Tabs.Tab>
        <Tabs.Tab value="fills">Fills</Tabs.Tab>
        <Tabs.Tab value="closed">Closed positions</Tabs.Tab>
        <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
        {overview.trader.status !== 'deleted' && <Tabs.Tab value="settings">Settings</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="decisions">
        <DecisionList filter={filter} />
      </Tabs.Panel>
      <Tabs.Panel value="runs">
        <RunList filter={filter} />
      </Tabs.Panel>
      <Tabs.Panel value="orders">
        <OrderList filter={filter} />
      </Tabs.Panel>
      <Tabs.Panel value="fills">
        <FillList filter={filter} />
      </Tabs.Panel>
      <Tabs.Panel value="closed">
        <PositionList traderId={overview.trader.id} kind="closed" />
      </Tabs.Panel>
      <Tabs.Panel value="alerts">
        <AlertList filter={filter} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <SettingsTab trader={overview.trader} />
      </Tabs.Panel>
    </Tabs>
  );
}
