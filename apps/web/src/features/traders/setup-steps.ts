import type { TraderCard } from '@hyperoru/contracts';

export type MissingStep = TraderCard['setup_missing'][number];

const NAMES: Readonly<Record<MissingStep, string>> = { llm: 'a model', exchange: 'an exchange', binding: 'a prompt with a schedule' };

/** "Still needs a model and an exchange before it can run." */
export function missingText(missing: readonly MissingStep[]): string {
  const names = missing.map((step) => NAMES[step]);
  const last = names.at(-1) ?? '';
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
  return `Still needs ${list} before it can run.`;
}
