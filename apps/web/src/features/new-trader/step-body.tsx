import type { TraderCard } from '@hyperoru/contracts';
import { BindingForm } from '../trader-settings/binding-form.tsx';
import { ExchangeForm } from '../trader-settings/exchange-form.tsx';
import { ModelForm } from '../trader-settings/model-form.tsx';
import { PromptStep } from './prompt-step.tsx';

interface StepBodyProps {
  readonly step: number;
  readonly trader: TraderCard;
  readonly promptId: string | undefined;
  readonly onPrompt: (promptId: string) => void;
  readonly onDone: () => void;
}

/** The form of one step; the same forms are used in the settings. */
export function StepBody({ step, trader, promptId, onPrompt, onDone }: StepBodyProps) {
  switch (step) {
    case 1:
      return <ModelForm trader={trader} action="Save and continue" onSaved={onDone} />;
    case 2:
      return <ExchangeForm trader={trader} action="Connect and continue" onSaved={onDone} />;
    case 3:
      return (
        <PromptStep
          traderId={trader.id}
          onChosen={(id) => {
            onPrompt(id);
            onDone();
          }}
        />
      );
    default:
      return (
        <BindingForm traderId={trader.id} action="Bind and continue" onSaved={onDone} {...(promptId === undefined ? {} : { promptId })} />
      );
  }
}
