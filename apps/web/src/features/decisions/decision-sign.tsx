import classes from './decision-sign.module.css';
import type { DecisionWords } from './decision-words.ts';

const SIGNS: Readonly<Record<DecisionWords['tone'], string>> = { buy: '▲', sell: '▼', close: '■', hold: '–', refused: '!' };

/** The sign in front of a decision; the sentence beside it says the same in words. */
export function DecisionSign({ tone }: { readonly tone: DecisionWords['tone'] }) {
  return (
    <span className={classes.sign} data-tone={tone} aria-hidden="true">
      {SIGNS[tone]}
    </span>
  );
}
