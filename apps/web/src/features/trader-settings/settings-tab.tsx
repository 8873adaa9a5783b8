import type { TraderCard } from '@hyperoru/contracts';
import { type ReactNode, useId } from 'react';
import { showSuccess } from '../shell/show-failure.ts';
import { BindingsSection } from './bindings-section.tsx';
import { DeleteSection } from './delete-section.tsx';
import { ExchangeForm } from './exchange-form.tsx';
import { IdentityForm } from './identity-form.tsx';
import { ModelForm } from './model-form.tsx';
import { RiskForm } from './risk-form.tsx';
import classes from './settings.module.css';

/** Every setting of a trader, in the order in which it was set up. */
export function SettingsTab({ trader }: { readonly trader: TraderCard }) {
  return (
    <div className={classes.sections}>
      <Section title="Prompt and schedule" lead="What decides, about what, and when.">
        <BindingsSection traderId={trader.id} />
      </Section>
      <Section title="Model" lead="Who answers the prompt. Changing it takes effect with the next run.">
        <ModelForm trader={trader} action="Save model" onSaved={() => showSuccess('Model saved.')} />
      </Section>
      <Section title="Exchange" lead="Where orders go.">
        <ExchangeForm trader={trader} action="Connect" />
      </Section>
      <Section title="Risk limits" lead="What never gets through, whatever the model answers.">
        <RiskForm traderId={trader.id} risk={trader.risk} />
      </Section>
      <Section title="Name" lead="Records keep pointing to the trader, whatever it is called.">
        <IdentityForm trader={trader} />
      </Section>
      <Section title="Delete" lead="The end of a trader, not of its history.">
        <DeleteSection trader={trader} />
      </Section>
    </div>
  );
}

function Section({ title, lead, children }: { readonly title: string; readonly lead: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div>
        <h3 id={id} className={classes.title}>
          {title}
        </h3>
        <p className={classes.dim}>{lead}</p>
      </div>
      <div className={classes.form}>{children}</div>
    </section>
  );
}
