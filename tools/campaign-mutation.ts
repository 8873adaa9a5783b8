import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Changes the rules of orders, risk, decisions and ledger in every way Stryker knows and counts how many changes no test notices:
 * `npm run campaign:mutation -- --report docs/reports/mutation.md`. Results of unchanged files are taken from the last run.
 */
const { values } = parseArgs({ options: { report: { type: 'string' } } });
const RECORD = '.cache/stryker/mutation.json';
const SCORE_MIN = 85;
const SHOWN_MAX = 60;

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: { readonly line: number } };
}
interface MutationRecord {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

const DETECTED = ['Killed', 'Timeout'];
const UNDETECTED = ['Survived', 'NoCoverage'];

const began = performance.now();
const { status } = spawnSync('node_modules/.bin/stryker', ['run'], { stdio: 'inherit' });
if (status !== 0) throw new Error(`Expected Stryker to run, it ended with ${status}.`);
const { files } = JSON.parse(readFileSync(RECORD, 'utf8')) as MutationRecord;
const mutants = Object.entries(files).flatMap(([file, each]) => each.mutants.map((mutant) => ({ ...mutant, file })));
const text = reportOf();
if (values.report !== undefined) {
  mkdirSync(dirname(values.report), { recursive: true });
  writeFileSync(values.report, text);
}
process.stdout.write(text);
process.exitCode = scoreOf(mutants) >= SCORE_MIN ? 0 : 1;

function scoreOf(some: readonly Mutant[]): number {
  const detected = some.filter((each) => DETECTED.includes(each.status)).length;
  const undetected = some.filter((each) => UNDETECTED.includes(each.status)).length;
  return detected + undetected === 0 ? 100 : (100 * detected) / (detected + undetected);
}

function reportOf(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const folders = [...new Set(mutants.map(({ file }) => dirname(file)))].sort();
  const survivors = mutants.filter((each) => UNDETECTED.includes(each.status));
  const row = (name: string, some: readonly Mutant[]): string => {
    const count = (which: readonly string[]): number => some.filter((each) => which.includes(each.status)).length;
    return `| ${name} | ${some.length} | ${count(DETECTED)} | ${count(UNDETECTED)} | ${scoreOf(some).toFixed(1)} % |`;
  };
  return [
    '# Mutation testing',
    '',
    `Stryker on the rules that decide about money, each mutant against the tests beside them. Commit ${commit}, ${Math.round((performance.now() - began) / 1000)} s on one core. The rest of a row is mutants that do not compile or were ignored.`,
    '',
    '| folder | mutants | noticed | not noticed | score |',
    '|---|---|---|---|---|',
    ...folders.map((folder) =>
      row(
        folder,
        mutants.filter(({ file }) => dirname(file) === folder),
      ),
    ),
    row('all', mutants),
    '',
    'Not noticed:',
    '',
    ...survivors.map(({ file, location, mutatorName, replacement }) => {
      const shown = (replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, SHOWN_MAX);
      return `- ${file}:${location.start.line} ${mutatorName} \`${shown}\``;
    }),
    '',
  ].join('\n');
}
