import { type EngineDeps, LoginThrottle, SessionCache } from '@hyperoru/engine';
import type { AccessSettings } from './context.ts';

/** The state behind login: back-off, known sessions, and who wants to hear when one ends. */
export function createAccess(
  deps: Pick<EngineDeps, 'clock' | 'ids'>,
  options: { readonly setupToken: string; readonly sessionDays: number },
): AccessSettings {
  const listeners = new Set<() => void>();
  const sessions = new SessionCache(deps.clock);
  return {
    setupTokenHash: deps.ids.hash(options.setupToken),
    sessionDays: options.sessionDays,
    throttle: new LoginThrottle(deps.clock),
    sessions,
    sessionsChanged: () => {
      sessions.clear();
      for (const listener of listeners) listener();
    },
    onSessionsChanged: (listener) => {
      listeners.add(listener);
    },
  };
}
