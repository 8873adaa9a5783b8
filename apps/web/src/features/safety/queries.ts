import { queryOptions } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { listKills, readSafety } from '../../api/safety.ts';

/** Without the stream the page is still never older than this, ms. */
const POLL_MS = 10_000;
const KILLS_SHOWN = { limit: 20 };

export const safetyQuery = queryOptions({ queryKey: keys.safety, queryFn: readSafety, refetchInterval: POLL_MS });
export const killsQuery = queryOptions({ queryKey: keys.kills, queryFn: () => listKills(KILLS_SHOWN), refetchInterval: POLL_MS });
