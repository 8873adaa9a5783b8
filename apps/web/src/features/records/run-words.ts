import type { Run } from '@hyperoru/contracts';
import type { Tone } from '../../components/tag.tsx';
import { durationText } from '../../time/format-time.ts';

type Outcome = NonNullable<Run['outcome']>;

/** The one outcome that every trigger has, in words. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, { word: string; tone: Tone; meaning: string }>> = {
  traded: { word: 'Traded', tone: 'up', meaning: 'An order went out.' },
  held: { word: 'Held', tone: 'neutral', meaning: 'The strategy chose to do nothing.' },
  denied: { word: 'Denied', tone: 'warn', meaning: 'The risk gate stopped it.' },
  duplicate: { word: 'Duplicate', tone: 'neutral', meaning: 'This event had been handled before.' },
  skipped: { word: 'Skipped', tone: 'neutral', meaning: 'It was not run.' },
  late: { word: 'Late', tone: 'warn', meaning: 'The decision came too late to be safe.' },
  failed: { word: 'Failed', tone: 'down', meaning: 'An error ended it.' },
};

export const CAUSE_WORDS: Readonly<Record<Run['cause'], string>> = {
  schedule: 'Schedule',
  manual: 'By hand',
  signal: 'Signal',
  order: 'Order by hand',
};

/** How long a finished run took; null while it runs. */
export function runTime(run: Pick<Run, 'started_at' | 'finished_at'>): string | null {
  if (run.started_at === null || run.finished_at === null) return null;
  const ms = Date.parse(run.finished_at) - Date.parse(run.started_at);
  return ms < 1_000 ? `${ms} ms` : durationText(ms);
}
