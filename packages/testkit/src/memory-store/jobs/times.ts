/** As in the real store. A worker that is not heard of for this long has lost its lanes. */
export const HEARTBEAT_MS = 10_000;
/** A lost lease is noticed by its holder at its next renewal. */
export const RENEWAL_MS = 4_000;
export const LANE_EXPIRY_MS = 900_000;
export const SLOT_EXPIRY_MS = 60_000;
/** A pass that leaves runs open is followed by another one after this pause. */
export const RECHECK_MS = 1_000;
export const RETRY_LIMIT = 20;
const RETRY_DELAY_MS_MAX = 30_000;
/** Open runs without a job are looked for this often. */
export const STRANDED_MS = 30_000;
/** The longest time between two looks: how late a jump of the wall clock is noticed. */
export const LOOK_MS_MAX = 5_000;

/** Doubles with every attempt, without the jitter of the real one. */
export const retryDelayMs = (retryCount: number): number => Math.min(RETRY_DELAY_MS_MAX, 1_000 * 2 ** Math.min(retryCount, 16));
