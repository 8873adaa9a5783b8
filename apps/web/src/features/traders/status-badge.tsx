import type { TraderCard } from '@hyperoru/contracts';
import { Tag, type Tone } from '../../components/tag.tsx';

const STATUS: Readonly<Record<TraderCard['status'], { word: string; sign: string; tone: Tone; meaning: string }>> = {
  active: { word: 'Active', sign: '●', tone: 'up', meaning: 'Running; processes schedules.' },
  reduce_only: { word: 'Exits only', sign: '◐', tone: 'warn', meaning: 'Runs; closes positions, opens none.' },
  paused: { word: 'Paused', sign: '❚❚', tone: 'neutral', meaning: 'Exists, does not execute strategies.' },
  error: { word: 'Error', sign: '▲', tone: 'down', meaning: 'The last execution failed.' },
  deleted: { word: 'Deleted', sign: '✕', tone: 'neutral', meaning: 'Stopped for good; its history stays.' },
};

/** The live status of a trader, as word, sign and colour. */
export function StatusBadge({ status }: { readonly status: TraderCard['status'] }) {
  const { word, sign, tone, meaning } = STATUS[status];
  return (
    <Tag tone={tone} title={meaning}>
      <span aria-hidden="true" style={{ fontSize: '0.75em' }}>
        {sign}
      </span>
      <span>{word}</span>
    </Tag>
  );
}
