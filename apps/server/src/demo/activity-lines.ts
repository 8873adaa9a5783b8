import type { Json, Timestamp, TraderId } from '@hyperoru/domain';
import { toIso } from '@hyperoru/domain';
import type { EngineDeps, StreamEvent } from '@hyperoru/engine';

const EVENTS_PER_READ = 200;
const NAME_WIDTH = 26;
const WORD_WIDTH = 9;
const REASON_LENGTH_MAX = 90;

type Payload = { readonly [key: string]: Json };

/**
 * Shows what the traders do as one-line events: `14:02:11  Momentum BTC  decision  BUY BTC: …`. `write` gets one line without
 * its end. Returns the stopper.
 */
export async function followActivity(
  deps: Pick<EngineDeps, 'readModel' | 'store' | 'log'>,
  write: (line: string) => void,
): Promise<() => void> {
  const names = new Map<TraderId, string>();
  let seq = await deps.readModel.lastEventSeq();
  let isReading = false;
  let isAgain = false;

  const nameOf = async (id: TraderId | null): Promise<string> => {
    if (id === null) return '';
    const known = names.get(id);
    if (known !== undefined) return known;
    const trader = await deps.store.transaction((tx) => tx.traders.get(id));
    names.set(id, trader?.name ?? id);
    return trader?.name ?? id;
  };

  const read = async (): Promise<void> => {
    for (;;) {
      const events = await deps.readModel.eventsAfter(seq, EVENTS_PER_READ);
      for (const event of events) {
        seq = event.seq;
        const text = activityText(event);
        if (text !== null) write(formatLine(event.at, await nameOf(event.traderId), text));
      }
      if (events.length < EVENTS_PER_READ) return;
    }
  };

  const wake = (): void => {
    isAgain = true;
    if (isReading) return;
    isReading = true;
    (async () => {
      while (isAgain) {
        isAgain = false;
        await read();
      }
    })()
      .catch((error: unknown) => deps.log.warn('activity.read_failed', { error: error instanceof Error ? error.message : String(error) }))
      .finally(() => {
        isReading = false;
      });
  };
  return deps.readModel.onEvents(wake);
}

export interface ActivityText {
  readonly word: string;
  readonly text: string;
}

/** The words for an event, or null when it is not worth a line. */
export function activityText(event: Pick<StreamEvent, 'topic' | 'payload'>): ActivityText | null {
  const payload = event.payload as Payload;
  switch (event.topic) {
    case 'decision.made':
      return { word: 'decision', text: decisionText(payload) };
    case 'fill.booked':
      return { word: 'fill', text: fillText(payload) };
    case 'alert.raised':
      return { word: 'alert', text: `${str(payload['severity'])}: ${str(payload['message'])}` };
    case 'run.finished':
      return payload['outcome'] === 'failed' ? { word: 'error', text: `${str(payload['code'])}: ${str(payload['reason'])}` } : null;
    default:
      return null;
  }
}

function decisionText(payload: Payload): string {
  const status = str(payload['status']);
  if (status === 'invalid') return `HOLD (invalid answer: ${str(payload['message'])})`;
  const what = [str(payload['operation']).toUpperCase(), str(payload['symbol'])].filter((word) => word !== '').join(' ');
  const verdict = status === 'denied' ? ` DENIED (${str(payload['code'])})` : '';
  const reason = str(payload['reason']).replace(/\s+/g, ' ').slice(0, REASON_LENGTH_MAX);
  return `${what}${verdict}${reason === '' ? '' : `: ${reason}`}`;
}

function fillText(payload: Payload): string {
  const verb = payload['side'] === 'buy' ? 'bought' : 'sold';
  const purpose = str(payload['purpose']).replace('_', ' ');
  return `${verb} ${str(payload['quantity'])} ${str(payload['symbol'])} at ${str(payload['price'])}, fee ${str(payload['fee'])} (${purpose})`;
}

function str(value: Json | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}

/** Control characters of a name or a model's text must not reach the terminal. */
export function formatLine(at: Timestamp, name: string, { word, text }: ActivityText): string {
  const shown = printable(name).slice(0, NAME_WIDTH).padEnd(NAME_WIDTH);
  return `${toIso(at).slice(11, 19)}  ${shown}  ${word.padEnd(WORD_WIDTH)} ${printable(text)}`;
}

const printable = (text: string): string => text.replace(/\p{C}/gu, '');
