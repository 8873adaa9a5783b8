import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RULE_NAMES, type Violation } from './oracles.ts';

/** What one call of the campaign came to. */
export interface KillSlice {
  readonly seed: number;
  readonly commit: string;
  readonly kills: number;
  readonly withDatabase: number;
  /** Kills with at least one entry or close between intent and its end; `fresh`: of the very round. */
  readonly inFlight: number;
  readonly fresh: number;
  /** Kills with any order that was not final, resting protective ones included. */
  readonly anyOpen: number;
  /** In-flight orders by their state when they were hit. */
  readonly states: Readonly<Record<string, number>>;
  readonly readyMs: readonly number[];
  readonly totals: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

const STATE_MARK = /<!-- state (.*) -->/;
const VIOLATIONS_SHOWN_MAX = 50;

/** Slices of earlier calls, as the report keeps them. */
export function readSlices(report: string | undefined): readonly KillSlice[] {
  if (report === undefined || !existsSync(report)) return [];
  const state = STATE_MARK.exec(readFileSync(report, 'utf8'))?.[1];
  return state === undefined ? [] : (JSON.parse(state) as KillSlice[]);
}

export function writeReport(report: string | undefined, slices: readonly KillSlice[]): string {
  const text = reportOf(slices);
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, `${text}\n<!-- state ${JSON.stringify(slices)} -->\n`);
  }
  return text;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function reportOf(slices: readonly KillSlice[]): string {
  const total = (pick: (slice: KillSlice) => number): number => sum(slices.map(pick));
  const kills = total((slice) => slice.kills);
  const share = (count: number): string => `${count} (${((100 * count) / Math.max(1, kills)).toFixed(1)} %)`;
  const ready = slices.flatMap((slice) => slice.readyMs);
  const violations = slices.flatMap((slice) => slice.violations);
  const seconds = total((slice) => slice.seconds);
  return [
    '# Kill campaign',
    '',
    'SIGKILL of the running product while its traders trade on the paper venue: the server’s process group, and in a part of the kills the embedded database with all its processes at the same moment. The moment is drawn around an order’s way from intent to its end. After every restart the rules below are checked in the database.',
    '',
    `| seed | commit | kills | violations | s per kill |`,
    '|---|---|---|---|---|',
    ...slices.map(
      ({ seed, commit, kills: count, seconds: took, violations: bad }) =>
        `| ${seed} | ${commit} | ${count} | ${bad.length} | ${(took / Math.max(1, count)).toFixed(2)} |`,
    ),
    '',
    '| figure | value |',
    '|---|---|',
    `| kills | ${kills} |`,
    `| of them with the database | ${share(total((slice) => slice.withDatabase))} |`,
    `| kills while an entry or close was between intent and its end | ${share(total((slice) => slice.inFlight))} |`,
    `| the same, only orders younger than the last restart | ${share(total((slice) => slice.fresh))} |`,
    `| the same, resting stop-losses and take-profits counted too | ${share(total((slice) => slice.anyOpen))} |`,
    `| states of the entries and closes that were hit | ${statesOf(slices)} |`,
    `| restart to ready, ms: p50, p99, longest | ${[0.5, 0.99, 1].map((each) => quantile(ready, each)).join(', ')} |`,
    `| orders, fills, runs at the end | ${['orders', 'fills', 'runs'].map((name) => total((slice) => slice.totals[name] ?? 0)).join(', ')} |`,
    `| audit entries, every chain intact | ${total((slice) => slice.totals['audit_entries'] ?? 0)} |`,
    `| time | ${Math.round(seconds)} s, ${(seconds / Math.max(1, kills)).toFixed(2)} s per kill |`,
    `| violations | ${violations.length} |`,
    '',
    'Rules:',
    '',
    ...['nothing that was committed is lost', 'ready within 10 s (p99)', 'the audit chain is intact', ...RULE_NAMES].map(
      (rule) => `- ${rule}`,
    ),
    ...(violations.length === 0 ? [] : ['', 'Violations:', '']),
    ...violations.slice(0, VIOLATIONS_SHOWN_MAX).map(({ rule, detail }) => `- ${rule}: ${detail}`),
    '',
  ].join('\n');
}

function statesOf(slices: readonly KillSlice[]): string {
  const names = [...new Set(slices.flatMap(({ states }) => Object.keys(states)))];
  return names.map((name) => `${name} ${sum(slices.map(({ states }) => states[name] ?? 0))}`).join(', ');
}
