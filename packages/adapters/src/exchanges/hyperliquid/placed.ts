import type { SubmitOutcome } from '@hyperoru/engine';
import { refusalOf } from './refusals.ts';
import { PLACED, REFUSED, STATUSES } from './wire.ts';

/** Accepted without a number of the venue's: what waits for a trigger or for its parent. */
const WAITING = new Set<unknown>(['waitingForTrigger', 'waitingForFill']);

/** What the answer to an action that places one order says of it. `findId` looks the venue's number up where the answer has none. */
export async function placedBy(data: unknown, findId: () => Promise<string | null>): Promise<SubmitOutcome> {
  const read = STATUSES.safeParse(data);
  const status = read.success ? read.data.statuses[0] : null;
  const refused = REFUSED.safeParse(status);
  if (refused.success) return refusalOf(refused.data.error);
  const placed = PLACED.safeParse(status);
  if (placed.success) return { kind: 'accepted', venueOrderId: String(placed.data) };
  if (WAITING.has(status)) {
    const venueOrderId = await findId();
    if (venueOrderId !== null) return { kind: 'accepted', venueOrderId };
  }
  return { kind: 'unknown', cause: 'The venue answered without saying what became of the order.' };
}
