import type { TraderOverview } from '@hyperoru/contracts';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../api/api-error.ts';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { LinkButton } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { ScriptedTag, Tag } from '../../components/tag.tsx';
import { EquityPanel } from '../equity/equity-panel.tsx';
import type { EquityRange } from '../equity/equity-range.ts';
import { PlaceOrder } from '../order-form/order-dialog.tsx';
import { PositionList } from '../positions/position-lists.tsx';
import { overviewQuery } from '../traders/queries.ts';
import { StatusBadge } from '../traders/status-badge.tsx';
import { EnginePanel } from './engine-panel.tsx';
import { FigureStrip } from './figure-strip.tsx';
import { ReduceOnlyToggle } from './reduce-only-toggle.tsx';
import { RunNow } from './run-now.tsx';
import { StatusNotices } from './status-notices.tsx';
import { StatusToggle } from './status-toggle.tsx';
import classes from './trader-page.module.css';
import { type TraderTab, TraderTabs } from './trader-tabs.tsx';

interface TraderPageProps {
  readonly traderId: string;
  readonly tab: TraderTab;
  readonly range: EquityRange;
  readonly onTab: (tab: TraderTab) => void;
  readonly onRange: (range: EquityRange) => void;
}

/** Everything about one trader. */
export function TraderPage(props: TraderPageProps) {
  const query = useQuery(overviewQuery(props.traderId));
  const isMissing = query.error instanceof ApiError && query.error.status === 404;
  if (query.data === undefined) {
    return (
      <Page title="Trader">
        {isMissing ? (
          <Empty title="There is no such trader." action={<LinkButton to="/">Back to the traders</LinkButton>} />
        ) : (
          <Loaded query={query} rows={8}>
            {() => null}
          </Loaded>
        )}
      </Page>
    );
  }
  return <Cockpit overview={query.data} {...props} />;
}

function Cockpit({ overview, tab, range, onTab, onRange }: TraderPageProps & { readonly overview: TraderOverview }) {
  const { trader } = overview;
  const isDeleted = trader.status === 'deleted';
  return (
    <Page
      title={trader.name}
      lead={trader.description === '' ? undefined : trader.description}
      labels={
        <>
          <StatusBadge status={trader.status} />
          {trader.environment !== null && <EnvironmentBadge environment={trader.environment} />}
          {trader.llm?.is_scripted === true && <ScriptedTag />}
          {trader.is_demo && <Tag>Demo</Tag>}
        </>
      }
      actions={
        isDeleted ? undefined : (
          <>
            <RunNow traderId={trader.id} />
            <PlaceOrder overview={overview} />
            <ReduceOnlyToggle trader={trader} />
            <StatusToggle trader={trader} />
          </>
        )
      }
    >
      <StatusNotices trader={trader} />
      <FigureStrip overview={overview} />
      <div className={classes.split}>
        <EquityPanel traderId={trader.id} currency={trader.currency} range={range} onRange={onRange} />
        <EnginePanel overview={overview} />
      </div>
      <Panel title="Open positions" note={trader.currency}>
        <PositionList traderId={trader.id} kind="open" />
      </Panel>
      <TraderTabs overview={overview} tab={tab} onTab={onTab} />
    </Page>
  );
}
