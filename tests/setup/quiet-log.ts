import type { Log } from '@hyperoru/engine';

/** For tests that do not look at the log. */
export const quietLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
