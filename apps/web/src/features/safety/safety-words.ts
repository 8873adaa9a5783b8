import type { Kill, ProtectedPosition, SafetySummary, TraderSafety } from '@hyperoru/contracts';
import type { Tone } from '../../components/tag.tsx';
import { share } from '../../format/amount.ts';
import { preciseDuration } from '../../time/format-time.ts';

interface Word {
  readonly word: string;
  readonly tone: Tone;
  readonly meaning: string;
}

export const PROTECTION_WORDS: Readonly<Record<ProtectedPosition['state'], Word>> = {
  covered: { word: 'Covered', tone: 'up', meaning: 'Stops that the exchange reports cover all of it.' },
  bare: { word: 'Bare', tone: 'down', meaning: 'Not covered in full by stops that the exchange reports.' },
  not_required: { word: 'No stop asked for', tone: 'neutral', meaning: 'Neither the decision nor the limits ask for a stop.' },
  unwatched: { word: 'Not looked at yet', tone: 'warn', meaning: 'The watch has not read the exchange for it yet.' },
};

export const COMPARISON_WORDS: Readonly<Record<NonNullable<TraderSafety['reconciliation']>['status'], Word>> = {
  ok: { word: 'Equal', tone: 'up', meaning: 'Records and exchange say the same.' },
  adjusted: { word: 'Adjusted', tone: 'warn', meaning: 'There were differences; each is listed below.' },
  failed: { word: 'Failed', tone: 'down', meaning: 'The exchange could not be read.' },
};

/** What of the kill a person wants to know first. */
export function killWord(kill: Kill): Word {
  if (kill.finished_at === null)
    return { word: 'Being carried out', tone: 'warn', meaning: 'Blocked; not every exchange has reported flat.' };
  if (kill.armed) return { word: 'Armed', tone: 'down', meaning: 'Nothing can be entered until it is disarmed.' };
  return kill.drill
    ? { word: 'Drill', tone: 'accent', meaning: 'Done in full on a paper trader; it disarmed itself.' }
    : { word: 'Disarmed', tone: 'neutral', meaning: 'Traders may enter again.' };
}

/** "3 of 4 flat, slowest 1.24 s". */
export function tellReport({ traders }: Pick<Kill, 'traders'>): string {
  if (traders.length === 0) return 'No trader of yours was stopped.';
  const flat = traders.filter((each) => each.flat);
  const times = flat.flatMap(({ flat_after_ms: ms }) => (ms === null ? [] : [ms]));
  const slowest = times.length === 0 ? '' : `, slowest ${preciseDuration(Math.max(...times))}`;
  return `${flat.length} of ${traders.length} flat${slowest}`;
}

/** How much of a breaker is used, as a share of its limit; null without a limit. */
export function usedShare({ used, limit }: { readonly used: string; readonly limit: string | null }): number | null {
  return limit === null || Number(limit) === 0 ? null : Number(used) / Number(limit);
}

/** "12.0 % of 30.0 %", "12.0 %, no limit". */
export function tellShares({ used, limit }: { readonly used: string; readonly limit: string | null }): string {
  return limit === null ? `${share(Number(used))}, no limit` : `${share(Number(used))} of ${share(Number(limit))}`;
}

export interface SafetyTotals {
  readonly open: number;
  readonly bare: number;
  readonly unknownOrders: number;
  readonly failedComparisons: number;
}

export function totalsOf({ traders }: SafetySummary): SafetyTotals {
  const positions = traders.items.flatMap((each) => each.positions);
  return {
    open: positions.length,
    bare: positions.filter(({ state }) => state === 'bare').length,
    unknownOrders: traders.items.reduce((sum, each) => sum + each.unknown_orders.count, 0),
    failedComparisons: traders.items.filter((each) => each.reconciliation?.status === 'failed').length,
  };
}
