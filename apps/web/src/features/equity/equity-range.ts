import { z } from 'zod';

export const EquityRange = z.enum(['1h', '1d', '7d', '30d', 'all']);
export type EquityRange = z.infer<typeof EquityRange>;

const HOUR_MS = 3_600_000;
const LENGTH_MS: Readonly<Record<Exclude<EquityRange, 'all'>, number>> = {
  '1h': HOUR_MS,
  '1d': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

export const RANGE_LABELS: Readonly<Record<EquityRange, string>> = { '1h': '1 h', '1d': '1 d', '7d': '7 d', '30d': '30 d', all: 'All' };

/** Start of a range that ends now; undefined = from the beginning. */
export function rangeStart(range: EquityRange, nowMs: number): string | undefined {
  return range === 'all' ? undefined : new Date(nowMs - LENGTH_MS[range]).toISOString();
}
