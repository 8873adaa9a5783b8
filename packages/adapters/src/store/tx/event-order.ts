import { type SQL, sql } from 'drizzle-orm';
import { eventStream } from '../schema/journal.ts';

/**
 * The order of the live stream. Numbers of a sequence may become visible out of order: a reader that has seen 6 would never see a 5
 * that commits later. So `seq` is (id of the writing transaction + offset) × 4096 + place within it, and readers stop below the oldest
 * transaction that still runs: whatever lies below that id is either committed and visible, or gone for ever.
 * 2^53 ÷ 4096 leaves room for 2 × 10^12 transactions. The offset grows when the database moves to a younger server.
 */
export const EVENTS_PER_TRANSACTION_MAX = 4_096;

/** Every number below this is settled: no transaction that could still write it is running. */
export const SETTLED_BELOW: SQL<string> = sql`((pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (select ${eventStream.xidOffset} from ${eventStream} where ${eventStream.id} = 1)) * ${sql.raw(String(EVENTS_PER_TRANSACTION_MAX))})`;
