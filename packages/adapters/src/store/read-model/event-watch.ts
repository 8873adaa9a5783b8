import type { Clock, Log } from '@hyperoru/engine';
import { sql } from 'drizzle-orm';
import { type Db, messageOf } from '../database.ts';
import type { SignalHub } from '../signal-hub.ts';
import { SETTLED_BELOW } from '../tx/event-order.ts';

/** Fallback when a notification was lost. */
const POLL_MS = 2_000;
/** Pause between looks while an older transaction still runs; while it does, newer events wait. */
const SETTLE_PAUSE_MS = 20;
const SETTLE_LOOKS_MAX = 500;

/** Tells listeners that there may be new events to read. */
export interface EventWatch {
  on(listener: () => void): () => void;
  close(): void;
}

export function eventWatch(db: Db, hub: SignalHub, clock: Pick<Clock, 'sleep' | 'every'>, log: Log): EventWatch {
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let isSettling = false;
  let isWanted = false;

  const call = () => {
    for (const listener of [...listeners]) listener();
  };
  /** Some of what was announced may still be hidden behind an older transaction: calls again until it is not. */
  const settle = async () => {
    for (let look = 0; look < SETTLE_LOOKS_MAX && !closing.signal.aborted && listeners.size > 0; look++) {
      const { rows } = await db.execute<{ hidden: boolean }>(
        sql`select exists (select 1 from hyperoru.events where seq >= ${SETTLED_BELOW}) as hidden`,
      );
      call();
      if (rows[0]?.hidden !== true) return;
      await clock.sleep(SETTLE_PAUSE_MS, closing.signal);
    }
  };
  const look = async () => {
    if (isSettling) {
      isWanted = true;
      return;
    }
    isSettling = true;
    try {
      do {
        isWanted = false;
        await settle();
      } while (isWanted);
    } catch (cause) {
      if (!closing.signal.aborted) log.warn('events.look_failed', { message: messageOf(cause) });
    } finally {
      isSettling = false;
    }
  };
  const stopHub = hub.on('hyperoru_events', () => void look());
  const stopPoll = clock.every(POLL_MS, call);
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      closing.abort(new Error('The store was closed.'));
      stopHub();
      stopPoll();
    },
  };
}
