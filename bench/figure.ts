/** One measured value beside the baseline that was measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the baseline is, in words. */
  readonly baseline: string;
  readonly baselineValue: number;
  /** The condition, in words; `ok` says whether it holds. */
  readonly must: string;
  readonly ok: boolean;
}

const DIGITS = 4;

/** The figure as the one JSON line that `npm run bench` prints. */
export function figureLine(figure: Figure): string {
  const { name, value, unit, baseline, baselineValue, must, ok } = figure;
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    baseline,
    baseline_value: rounded(baselineValue),
    ratio: baselineValue === 0 ? null : rounded(value / baselineValue),
    must,
    ok,
  });
}

/** The value that `share` (0–1) of the samples do not exceed. Throws when there are none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  if (value === undefined) throw new Error('Expected samples, was none.');
  return value;
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
