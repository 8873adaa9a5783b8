import type { RunDetail } from '@hyperoru/contracts';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { readRun } from '../../api/records.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { TextLink } from '../../components/link.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Moment } from '../../time/time-text.tsx';
import classes from '../decisions/decision-item.module.css';
import { DecisionItem } from '../decisions/decision-item.tsx';
import { ModelCalls } from '../decisions/model-calls.tsx';
import { CAUSE_WORDS, OUTCOME_WORDS, runTime } from './run-words.ts';
import { RunOutcome } from './runs-table.tsx';

/** The log of one run: why it ran, what it asked, what came of it. */
export function RunPage({ runId }: { readonly runId: string }) {
  const query = useQuery({ queryKey: keys.run(runId), queryFn: () => readRun(runId) });
  return (
    <Page
      title={query.data === undefined ? 'Run' : `Run of ${query.data.trader_name}`}
      labels={query.data !== undefined && <RunOutcome run={query.data} />}
    >
      <Loaded query={query} rows={8}>
        {(run) => <RunLog run={run} />}
      </Loaded>
    </Page>
  );
}

function RunLog({ run }: { readonly run: RunDetail }) {
  const isScripted = run.model_calls.some((call) => call.is_scripted);
  return (
    <>
      {run.outcome !== null && (
        <Notice
          tone={run.outcome === 'failed' ? 'down' : run.outcome === 'traded' ? 'up' : 'info'}
          title={run.reason ?? OUTCOME_WORDS[run.outcome].meaning}
        >
          {run.code !== null && <>Code {run.code}. </>}
          {run.reason !== null && OUTCOME_WORDS[run.outcome].meaning}
        </Notice>
      )}
      <Panel title="What started it">
        <Facts>
          <Fact name="Trader">
            <TextLink to="/traders/$traderId" params={{ traderId: run.trader_id }}>
              {run.trader_name}
            </TextLink>
          </Fact>
          <Fact name="Trigger">{CAUSE_WORDS[run.cause]}</Fact>
          <Fact name="Triggered">
            <Moment at={run.triggered_at} />
          </Fact>
          <Fact name="Took">{runTime(run) ?? 'Not finished'}</Fact>
          <Fact name="Event">{run.event_id}</Fact>
          <Fact name="Run">{run.id}</Fact>
        </Facts>
      </Panel>
      <Panel title="Decisions">
        {run.decisions.length === 0 ? (
          <Empty title="This run came to no decision." />
        ) : (
          <ol className={classes.list}>
            {run.decisions.map((decision) => (
              <DecisionItem key={decision.id} decision={decision} orders={NO_ORDERS} isScripted={isScripted} />
            ))}
          </ol>
        )}
      </Panel>
      <Panel title="Asked of the model">
        <ModelCalls calls={run.model_calls} show="prompt" />
      </Panel>
      <Panel title="Answered by the model">
        <ModelCalls calls={run.model_calls} show="answer" />
      </Panel>
    </>
  );
}

const NO_ORDERS: never[] = [];
