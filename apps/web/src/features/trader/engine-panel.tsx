import type { Binding, TraderOverview } from '@hyperoru/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LinkButton, TextLink } from '../../components/link.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { ScriptedTag, Tag } from '../../components/tag.tsx';
import { exact } from '../../format/amount.ts';
import { sentenceCase } from '../../format/words.ts';
import { Ago, Countdown, Moment } from '../../time/time-text.tsx';
import { bindingsQuery } from '../traders/queries.ts';
import classes from './engine-panel.module.css';
import { scheduleWords } from './schedule-words.ts';

/** What drives the trader: model, exchange, strategy with its next run, limits. */
export function EnginePanel({ overview }: { readonly overview: TraderOverview }) {
  const { trader } = overview;
  return (
    <Panel title="What drives it">
      <dl className={classes.rows}>
        <Row name="Strategy">
          <Strategies traderId={trader.id} isRunning={trader.active} />
        </Row>
        <Row name="Model">
          {trader.llm === null ? (
            'Not set'
          ) : (
            <>
              <b>{trader.llm.model}</b> {trader.llm.is_scripted && <ScriptedTag />}
              <small className={classes.small}>{trader.llm.base_url}</small>
            </>
          )}
        </Row>
        <Row name="Exchange">
          {trader.exchange === null ? (
            'Not set'
          ) : (
            <b>{trader.exchange.exchange === 'paper' ? 'Paper venue' : sentenceCase(trader.exchange.exchange)}</b>
          )}
          {overview.market_source !== null && (
            <small className={classes.small}>
              {overview.market_source}
              {overview.market_time !== null && (
                <>
                  , market time <Moment at={overview.market_time} />
                </>
              )}
            </small>
          )}
        </Row>
        <Row name="Limits">
          {trader.risk.max_leverage}× leverage, {exact(trader.risk.max_order_notional)} per order, {exact(trader.risk.max_total_notional)}{' '}
          in total
          {trader.risk.require_stop_loss && <small className={classes.small}>Stop-loss required on every entry</small>}
        </Row>
        {trader.last_run?.finished_at != null && (
          <Row name="Last run">
            {sentenceCase(trader.last_run.outcome ?? 'running')} <Ago at={trader.last_run.finished_at} />
          </Row>
        )}
      </dl>
      {overview.model_limits.length > 0 && <SimulationLimits limits={overview.model_limits} />}
    </Panel>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.row}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Strategies({ traderId, isRunning }: { readonly traderId: string; readonly isRunning: boolean }) {
  const query = useQuery(bindingsQuery(traderId));
  const empty = (
    <Empty
      title="No prompt bound."
      action={
        <LinkButton to="/traders/$traderId" params={{ traderId }} search={{ tab: 'settings' }} variant="default">
          Bind a prompt
        </LinkButton>
      }
    />
  );
  return (
    <Loaded query={query} rows={2} isEmpty={(data) => data.items.length === 0} empty={empty}>
      {(data) => data.items.map((binding) => <Strategy key={binding.id} binding={binding} isRunning={isRunning} />)}
    </Loaded>
  );
}

function Strategy({ binding, isRunning }: { readonly binding: Binding; readonly isRunning: boolean }) {
  return (
    <div className={classes.strategy}>
      <TextLink to="/prompts/$promptId" params={{ promptId: binding.prompt_id }}>
        {binding.prompt_name}
      </TextLink>{' '}
      {!binding.enabled && <Tag>Off</Tag>}
      <small className={classes.small}>
        {binding.symbols.join(', ')} {scheduleWords(binding.triggers)}
        {isRunning && binding.enabled && binding.next_run_at !== null && (
          <>
            , next <Countdown to={binding.next_run_at} />
          </>
        )}
      </small>
    </div>
  );
}

function SimulationLimits({ limits }: { readonly limits: readonly string[] }) {
  return (
    <details className={classes.limits}>
      <summary>What the simulation cannot show</summary>
      <ul>
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </details>
  );
}
