import { type Refusal, refuse } from '../refusal.ts';

/** The one answer for a missing object and for one that belongs to someone else: the two cannot be told apart. */
export function notFound(what: 'trader' | 'prompt' | 'binding' | 'token' | 'alert' | 'order' | 'user' | 'order'): {
  readonly ok: false;
  readonly error: Refusal;
} {
  return refuse('not_found', `Expected the id of a ${what} of yours, found none. Check the id.`);
}
