import type { TraderCard } from '@hyperoru/contracts';
import { Stepper } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '../../components/page.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { overviewQuery } from '../traders/queries.ts';
import { ActivateStep } from './activate-step.tsx';
import { CreateStep } from './create-step.tsx';
import classes from './new-trader-page.module.css';
import { StepBody } from './step-body.tsx';
import { firstOpenStep, STEPS } from './steps.ts';

interface NewTraderPageProps {
  /** The trader that is being set up; none before the first step is done. */
  readonly traderId: string | undefined;
  readonly onCreated: (traderId: string) => void;
}

const LEAD = 'Six short steps. Each one is saved at once: you can leave at any time and go on from the page of the trader.';

/** The guided way to a running trader, in the set-up order. */
export function NewTraderPage({ traderId, onCreated }: NewTraderPageProps) {
  if (traderId === undefined) {
    return (
      <Page title="New trader" lead={LEAD}>
        <Steps active={0} />
        <Panel title="Name it">
          <div className={classes.body}>
            <CreateStep onCreated={onCreated} />
          </div>
        </Panel>
      </Page>
    );
  }
  return <SetUp traderId={traderId} />;
}

function SetUp({ traderId }: { readonly traderId: string }) {
  const query = useQuery(overviewQuery(traderId));
  return (
    <Page title={query.data === undefined ? 'New trader' : `Set up ${query.data.trader.name}`} lead={LEAD}>
      <Loaded query={query}>{({ trader }) => <Guide key={trader.id} trader={trader} />}</Loaded>
    </Page>
  );
}

/** Stays on a step until the person goes on, even when what it asks for is already stored. */
function Guide({ trader }: { readonly trader: TraderCard }) {
  const [active, setActive] = useState(() => firstOpenStep(trader));
  const [promptId, setPromptId] = useState<string>();
  return (
    <>
      <Steps active={active} onStep={(step) => step > 0 && setActive(step)} />
      <Panel title={STEPS[active]?.title ?? ''}>
        <div className={classes.body}>
          {active === STEPS.length - 1 ? (
            <ActivateStep trader={trader} />
          ) : (
            <StepBody
              key={active}
              step={active}
              trader={trader}
              promptId={promptId}
              onPrompt={setPromptId}
              onDone={() => setActive(active + 1)}
            />
          )}
        </div>
      </Panel>
    </>
  );
}

function Steps({ active, onStep }: { readonly active: number; readonly onStep?: (step: number) => void }) {
  const isNarrow = useMediaQuery('(max-width: 62em)');
  if (isNarrow === true) {
    return (
      <p className={classes.where}>
        Step {active + 1} of {STEPS.length}: <b>{STEPS[active]?.label}</b>
      </p>
    );
  }
  return (
    <Stepper active={active} size="sm" {...(onStep === undefined ? {} : { onStepClick: onStep })}>
      {STEPS.map((step, index) => (
        <Stepper.Step key={step.label} label={step.label} allowStepSelect={onStep !== undefined && index > 0} />
      ))}
    </Stepper>
  );
}
