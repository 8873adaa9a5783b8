import type { EngineDeps } from '@hyperoru/engine';
import { EventFeed } from './event-feed.ts';

/** One feed for everybody in the process who follows events. */
export interface SharedFeed {
  /** Starts reading with the first call; a failed start is tried again with the next. */
  started(): Promise<void>;
  feed(): EventFeed;
  stop(): Promise<void>;
}

/** The feed starts with its first follower: an app that is only built for its document reads nothing. */
export function sharedFeed(context: { readonly deps: Pick<EngineDeps, 'readModel' | 'log'> }): SharedFeed {
  let feed: EventFeed | null = null;
  let start: Promise<void> | null = null;
  const get = (): EventFeed => {
    feed ??= new EventFeed(context.deps);
    return feed;
  };
  return {
    started: async () => {
      start ??= get().start();
      try {
        await start;
      } catch (error) {
        start = null;
        throw error;
      }
    },
    feed: get,
    stop: async () => feed?.stop(),
  };
}
