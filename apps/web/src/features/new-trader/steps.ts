import type { TraderCard } from '@hyperoru/contracts';

/** The set-up order. */
export const STEPS = [
  { label: 'Create', title: 'Name it' },
  { label: 'Model', title: 'Which model decides?' },
  { label: 'Exchange', title: 'Where does it trade?' },
  { label: 'Prompt', title: 'What should the model be asked?' },
  { label: 'Schedule', title: 'About what, and when?' },
  { label: 'Activate', title: 'Ready' },
] as const;

/** The first step that is not done; a trader with a binding has its prompt too. */
export function firstOpenStep(trader: Pick<TraderCard, 'setup_missing'>): number {
  if (trader.setup_missing.includes('llm')) return 1;
  if (trader.setup_missing.includes('exchange')) return 2;
  return trader.setup_missing.includes('binding') ? 3 : 5;
}
