import type { Order } from '@hyperoru/contracts';
import type { Tone } from '../../components/tag.tsx';

/** What an order was meant for. */
export const PURPOSE_WORDS: Readonly<Record<Order['purpose'], string>> = {
  entry: 'Entry',
  close: 'Close',
  stop_loss: 'Stop-loss',
  take_profit: 'Take-profit',
};

interface StateWords {
  readonly word: string;
  readonly tone: Tone;
  readonly meaning: string;
}

/** Order states in words a person understands. */
export const STATE_WORDS: Readonly<Record<Order['state'], StateWords>> = {
  intent: { word: 'Stored', tone: 'neutral', meaning: 'Stored, not yet sent.' },
  sent: { word: 'Sent', tone: 'accent', meaning: 'On its way to the exchange.' },
  accepted: { word: 'Open', tone: 'accent', meaning: 'Accepted by the exchange, waiting.' },
  partially_filled: { word: 'Partly filled', tone: 'accent', meaning: 'A part was filled, the rest waits.' },
  filled: { word: 'Filled', tone: 'up', meaning: 'Filled completely.' },
  canceled: { word: 'Canceled', tone: 'neutral', meaning: 'Canceled before it was filled completely.' },
  expired: { word: 'Expired', tone: 'neutral', meaning: 'Its time ran out.' },
  rejected: { word: 'Rejected', tone: 'down', meaning: 'The exchange refused it.' },
  unknown: { word: 'Unknown', tone: 'warn', meaning: 'The exchange may or may not have it; being resolved.' },
  absent: { word: 'Absent', tone: 'warn', meaning: 'Proven not to be at the exchange.' },
  dropped: { word: 'Dropped', tone: 'neutral', meaning: 'Stopped by us before it was sent.' },
};
