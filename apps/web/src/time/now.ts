import { useSyncExternalStore } from 'react';

/** One clock for all relative times of a page; ticks only while something shows one. */
const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = Date.now();

/** The browser's wall clock, ms since 1970. */
export function readNowMs(): number {
  return Date.now();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    nowMs = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

/** Now, refreshed every second, ms since 1970. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}
