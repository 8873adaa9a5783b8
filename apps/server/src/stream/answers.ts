import type { Caller, HttpContext } from '../http/context.ts';

/** What the stream answers besides events; the same shapes as the API. */
export interface StreamAnswers {
  bootstrap(caller: Caller): Promise<Record<string, unknown>>;
  /** Throws the 404 of a missing or foreign trader. */
  mustOwn(caller: Caller, accountId: string): Promise<void>;
  snapshot(caller: Caller, accountId: string): Promise<Record<string, unknown>>;
  assetCurve(caller: Caller, accountId: string, timeframe: '1h' | '1d' | '7d' | '30d' | 'all'): Promise<Record<string, unknown>>;
}

export function streamAnswers(_context: HttpContext): StreamAnswers {
  throw new Error('Expected trader use cases.');
}
