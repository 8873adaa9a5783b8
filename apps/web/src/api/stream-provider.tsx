import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { readNowMs } from '../time/now.ts';
import { createInvalidator } from './invalidation.ts';
import { Stream, type StreamStatus } from './stream.ts';

const StreamContext = createContext<Stream | null>(null);
const OUTSIDE: StreamStatus = { state: 'closed', heardAtMs: null };

/** Keeps one stream open while a person is logged in, and refreshes what its events touch. */
export function StreamProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [stream] = useState(() => {
    const invalidator = createInvalidator(client);
    return new Stream({
      openSocket: () => new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`),
      nowMs: readNowMs,
      onEvent: (event) => invalidator.add(event.topic),
      // Each panel shows its own failure to reload.
      onResync: () => void client.invalidateQueries(),
    });
  });
  useEffect(() => {
    stream.start();
    return stream.stop;
  }, [stream]);
  return <StreamContext value={stream}>{children}</StreamContext>;
}

/** State of the stream, and a way to try again at once. */
export function useStream(): { readonly status: StreamStatus; readonly reconnect: () => void } {
  const stream = useContext(StreamContext);
  const status = useSyncExternalStore(stream?.subscribe ?? subscribeToNothing, () => stream?.status() ?? OUTSIDE);
  return { status, reconnect: () => stream?.reconnect() };
}

function subscribeToNothing(): () => void {
  return () => undefined;
}
