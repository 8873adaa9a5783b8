import { VenueUnavailable } from '../ports/exchange.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';

/** What a person asked for, or `venue_silent` when the venue did not answer: then it may have happened, and the records will show it. */
export async function unlessSilent<T>(work: () => Promise<UseCaseResult<T>>): Promise<UseCaseResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    return refuse(
      'venue_silent',
      `The venue does not answer: ${error.message} What was asked for may have happened; the records will show it.`,
    );
  }
}
