import type { Clock, Ids, Log } from '@hyperoru/engine';
import type pg from 'pg';
import type { DatabaseConnection } from './connection.ts';
import { dedicatedClient, messageOf } from './database.ts';

/** `events`: something was committed for the live stream. `lanes`: a trader was woken. */
export const CHANNELS = ['hyperoru_events', 'hyperoru_lanes'] as const;
export type Channel = (typeof CHANNELS)[number];

const RECONNECT_PAUSE_MS = 500;
/** How long announcements of one channel are gathered into one NOTIFY; each is a commit of its own that others queue behind. */
const GATHER_MS: Readonly<Record<Channel, number>> = { hyperoru_events: 20, hyperoru_lanes: 2 };

/** News between processes over LISTEN/NOTIFY. Never part of a transaction of records, never the truth: a lost one costs the next poll only. */
export interface SignalHub {
  /** Tells every process soon, this one too unless it woke the lane itself. */
  announce(channel: Channel): void;
  /** Also called after a reconnect, when something may have been missed. Returns the unsubscriber. */
  on(channel: Channel, listener: () => void): () => void;
  close(): Promise<void>;
}

export interface SignalHubDeps {
  readonly connection: DatabaseConnection;
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly ids: Pick<Ids, 'uuid'>;
  readonly log: Log;
}

export async function openSignalHub({ connection, pool, clock, ids, log }: SignalHubDeps): Promise<SignalHub> {
  /** Comes back with what this process announces. */
  const ownName = ids.uuid();
  const listeners: Record<Channel, Set<() => void>> = { hyperoru_events: new Set(), hyperoru_lanes: new Set() };
  const closing = new AbortController();
  const pending = new Set<Channel>();
  let client: pg.Client | null = null;

  const call = (channel: Channel) => {
    for (const listener of [...listeners[channel]]) listener();
  };
  const callAll = () => {
    for (const channel of CHANNELS) call(channel);
  };
  const callNamed = (name: string, from: string | undefined) => {
    // Lanes that this process woke it looks at without being told.
    if (name === 'hyperoru_lanes' && from === ownName) return;
    for (const channel of CHANNELS) if (channel === name) call(channel);
  };
  const connect = async () => {
    const fresh = dedicatedClient(connection, 'hyperoru listener');
    fresh.on('error', (cause) => log.warn('signals.connection_lost', { message: cause.message }));
    await fresh.connect();
    fresh.on('notification', ({ channel, payload }) => callNamed(channel, payload));
    for (const channel of CHANNELS) await fresh.query(`listen ${channel}`);
    fresh.once('end', () => {
      if (!closing.signal.aborted) void reconnect();
    });
    client = fresh;
  };
  const reconnect = async () => {
    while (!closing.signal.aborted) {
      try {
        await clock.sleep(RECONNECT_PAUSE_MS, closing.signal);
        await connect();
        return callAll();
      } catch (cause) {
        if (!closing.signal.aborted) log.warn('signals.reconnect_failed', { message: messageOf(cause) });
      }
    }
  };
  const send = async (channel: Channel) => {
    try {
      await clock.sleep(GATHER_MS[channel], closing.signal);
      pending.delete(channel);
      await pool.query({ name: 'notify', text: 'select pg_notify($1, $2)', values: [channel, ownName] });
    } catch (cause) {
      pending.delete(channel);
      if (!closing.signal.aborted) log.warn('signals.notify_failed', { channel, message: messageOf(cause) });
    }
  };
  await connect();
  return {
    announce: (channel) => {
      if (pending.has(channel) || closing.signal.aborted) return;
      pending.add(channel);
      void send(channel);
    },
    on: (channel, listener) => {
      listeners[channel].add(listener);
      return () => listeners[channel].delete(listener);
    },
    close: async () => {
      closing.abort(new Error('The store was closed.'));
      await client?.end();
    },
  };
}
