import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { keys } from './keys.ts';

/** Events of this long are collected into one refresh, ms: a burst of fills is one reload, not fifty. */
export const REFRESH_MS = 800;

const KEYS_OF_TOPIC: Readonly<Record<string, readonly QueryKey[]>> = {
  'order.changed': [keys.orders, keys.decisions, keys.positions, keys.safety],
  'fill.booked': [keys.fills, keys.orders, keys.decisions, keys.traders, keys.analytics, keys.equity],
  'position.changed': [keys.positions, keys.traders, keys.analytics, keys.safety],
  'run.created': [keys.runs, keys.traders],
  'run.finished': [keys.runs, keys.traders, keys.decisions],
  'decision.made': [keys.decisions, keys.traders],
  'equity.sampled': [keys.equity, keys.traders, keys.positions],
  'trader.changed': [keys.traders, keys.safety],
  'protection.changed': [keys.safety],
  'kill.changed': [keys.safety, keys.kills, keys.traders],
  'adjustment.booked': [keys.safety, keys.adjustments],
  'reconciliation.finished': [keys.safety],
  'alert.raised': [keys.alerts],
  'alert.acknowledged': [keys.alerts],
};

/** The cached areas that an event makes old. */
export function keysOfTopic(topic: string): readonly QueryKey[] {
  return KEYS_OF_TOPIC[topic] ?? [];
}

/** Collects topics and refreshes what they touch, at most once per {@link REFRESH_MS}. */
export function createInvalidator(client: Pick<QueryClient, 'invalidateQueries'>): { readonly add: (topic: string) => void } {
  const waiting = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    const due = [...waiting.values()];
    waiting.clear();
    // A failed reload is shown by the panel that needs it.
    for (const queryKey of due) void client.invalidateQueries({ queryKey });
  };
  return {
    add: (topic) => {
      for (const key of keysOfTopic(topic)) waiting.set(key.join('/'), key);
      if (waiting.size > 0 && timer === undefined) timer = setTimeout(flush, REFRESH_MS);
    },
  };
}
