import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { type FuzzOutcome, runFuzz } from './fuzz/run-fuzz.ts';

/**
 * Takes many wrong and some sound answers of a model from text to orders and checks each order a second time:
 * `npm run campaign:fuzz -- --answers 1000000 --seed 1 --report docs/reports/fuzz.md`
 */
const { values } = parseArgs({
  options: { answers: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' }, report: { type: 'string' } },
});
const ANSWERS = Number(values.answers);
const SEED = Number(values.seed);
/** Memory is looked at so often. */
const LOOKS = 20;
/** The first looks still see the process grow into its work. */
const WARM_UP_LOOKS = 4;
const GROWTH_MIB_MAX = 32;
const MIB = 1_048_576;

const memoryMib: number[] = [];
const began = performance.now();
const outcome = runFuzz({ seed: SEED, answers: ANSWERS, step: Math.ceil(ANSWERS / LOOKS) }, (done) => {
  globalThis.gc?.();
  memoryMib.push(Math.round(process.memoryUsage().rss / MIB));
  console.log(`${done} answers, ${Math.round(performance.now() - began)} ms, ${memoryMib.at(-1)} MiB`);
});
const seconds = (performance.now() - began) / 1000;
const settled = memoryMib.slice(WARM_UP_LOOKS);
const growth = (settled.at(-1) ?? 0) - (settled[0] ?? 0);
const text = reportOf(outcome);
if (values.report !== undefined) {
  mkdirSync(dirname(values.report), { recursive: true });
  writeFileSync(values.report, text);
}
console.log(text);
process.exitCode = outcome.problems.length === 0 && growth <= GROWTH_MIB_MAX ? 0 : 1;

function reportOf({ entries, exits, refusals, problems }: FuzzOutcome): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  return [
    '# Fuzzed model answers',
    '',
    `Answers drawn from a grammar of sound ones and damaged in their fields and their text, each with a market, an account and limits of its own, taken the engine’s way from text to plan to risk gate. Every order that was approved is checked again by rules written apart from the product’s. Commit ${commit}, seed ${SEED}.`,
    '',
    '| figure | value |',
    '|---|---|',
    `| answers | ${ANSWERS} |`,
    `| rate | ${Math.round(ANSWERS / seconds)} per second |`,
    `| entries approved | ${entries} |`,
    `| exits approved | ${exits} |`,
    `| orders outside answer, schema or caps, or anything thrown | ${problems.length} |`,
    `| memory after garbage collection, MiB: after warm-up, at the end, most | ${settled[0] ?? 0}, ${settled.at(-1) ?? 0}, ${Math.max(0, ...memoryMib)} |`,
    '',
    '| refused because | times |',
    '|---|---|',
    ...Object.entries(refusals)
      .sort((a, b) => b[1] - a[1])
      .map(([code, count]) => `| ${code} | ${count} |`),
    '',
    ...problems.map(({ answer, problem, text: shown }) => `- answer ${answer}: ${problem}: \`${JSON.stringify(shown).slice(0, 300)}\``),
    '',
  ].join('\n');
}
