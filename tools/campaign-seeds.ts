import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './simulation/bundle.ts';
import type { SliceSummary } from './simulation/lines.ts';
import { addSummaries, runInParallel } from './simulation/run-worker.ts';
import { missedSituations } from './simulation/situations.ts';

/**
 * Runs many seeds of the simulation in slices. A later call with the same report goes on behind the last slice, so that a campaign
 * may take several days: `npm run campaign:seeds -- --seeds 1000000 --report docs/reports/seeds.md [--minutes 60]`
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000000' },
    slice: { type: 'string', default: '5000' },
    minutes: { type: 'string', default: '600' },
    report: { type: 'string' },
  },
});
const STATE_MARK = /<!-- state (.*) -->/;
const PROCESSES = availableParallelism();

/** What the slices so far came to. */
interface State {
  readonly total: SliceSummary | null;
  readonly seconds: number;
  readonly commits: readonly string[];
  readonly bad: readonly number[];
}

const endsAt = Date.now() + Number(values.minutes) * 60_000;
const wanted = Number(values.seeds);
let state: State = readState();
const folder = mkdtempSync(join(tmpdir(), 'hyperoru-seeds-'));
const worker = join(folder, 'worker.mjs');
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();

try {
  await bundle('worker.ts', worker);
  for (let first = nextSeed(); first <= wanted && Date.now() < endsAt; first = nextSeed()) {
    const count = Math.min(Number(values.slice), wanted - first + 1);
    const { summary, bad } = await runInParallel(worker, { first, count }, PROCESSES);
    for (const { seed, problems } of bad) process.stdout.write(`seed ${seed}: ${problems.join('\n  ')}\n`);
    state = {
      total: state.total === null ? summary : addSummaries(state.total, summary),
      seconds: state.seconds + summary.ms / 1_000,
      commits: [...new Set([...state.commits, commit])],
      bad: [...state.bad, ...bad.map(({ seed }) => seed)],
    };
    process.stdout.write(`${first + count - 1} seeds, ${state.bad.length} bad\n`);
    if (values.report !== undefined) writeReport(values.report);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = state.bad.length === 0 ? 0 : 1;

function nextSeed(): number {
  return (state.total?.seeds ?? 0) + 1;
}

function readState(): State {
  const fresh: State = { total: null, seconds: 0, commits: [], bad: [] };
  if (values.report === undefined || !existsSync(values.report)) return fresh;
  const written = STATE_MARK.exec(readFileSync(values.report, 'utf8'))?.[1];
  return written === undefined ? fresh : (JSON.parse(written) as State);
}

function writeReport(file: string): void {
  const { total, seconds, commits, bad } = state;
  if (total === null) return;
  const missed = missedSituations(total);
  const table = (counts: Readonly<Record<string, number>>): readonly string[] =>
    Object.entries(counts)
      .sort()
      .map(([kind, times]) => `| ${kind} | ${times} |`);
  const lines = [
    '# Seeds of the simulation',
    '',
    `${total.seeds} seeds, **${bad.length} bad**. Without a bad one the share of bad seeds is below ${(3 / total.seeds).toExponential(1)} with 95 % confidence.`,
    '',
    `- Seeds 1 to ${total.seeds}, commits ${commits.join(', ')}; ${Math.round(total.seeds / seconds)} seeds per second on ${PROCESSES} cores.`,
    `- ${total.orders} orders at the venue, ${total.entries} entries sent, ${total.boots} starts of the process.`,
    `- Bad seeds: ${bad.join(', ') || 'none'}.`,
    `- Situations that had to be met and were not: ${missed.join(', ') || 'none'}.`,
    '',
    '| fault | times it hit |',
    '|---|---|',
    ...table(total.hits),
    '',
    '| trouble | seeds that knew it |',
    '|---|---|',
    ...table(total.troubles),
    '',
    `<!-- state ${JSON.stringify(state)} -->`,
    '',
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.join('\n'));
}
