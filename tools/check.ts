import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { biomeGate } from './gates/biome.ts';
import { type Gate, type GateReport, runGate } from './gates/gate.ts';
import { generatedGate } from './gates/generated.ts';
import { importsGate } from './gates/imports.ts';
import { lockFileGate } from './gates/lock-file.ts';
import { tidyGate } from './gates/tidy.ts';
import { typesGate } from './gates/types.ts';
import { unusedGate } from './gates/unused.ts';

/** Two tools at a time: most machines that run this have two cores. */
const CONCURRENCY = 2;
/** Slow ones first, so that the two lanes end together. */
const GATES: readonly Gate[] = [typesGate, importsGate, unusedGate, generatedGate, biomeGate, tidyGate, lockFileGate];

interface Outcome {
  readonly name: string;
  readonly report: GateReport;
  readonly seconds: number;
}

async function runAll(gates: readonly Gate[], root: string): Promise<readonly Outcome[]> {
  const waiting = [...gates];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const startedAt = performance.now();
      const report = await runGate(gate, root);
      const outcome = { name: gate.name, report, seconds: (performance.now() - startedAt) / 1000 };
      outcomes.push(outcome);
      print(outcome);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return outcomes;
}

function print({ name, report, seconds }: Outcome): void {
  const verdict = report.problems.length === 0 ? 'ok  ' : 'FAIL';
  process.stdout.write(
    `${verdict} ${name.padEnd(16)} ${String(report.looked).padStart(5)} looked at  ${seconds.toFixed(1).padStart(5)} s\n`,
  );
  for (const problem of report.problems) process.stdout.write(`     ${problem}\n`);
}

/** `npm run check [gate …] [--record=FILE]`: the file receives the tally that `npm test` adds up. */
const root = resolve(import.meta.dirname, '..');
const record = process.argv.find((argument) => argument.startsWith('--record='))?.slice('--record='.length);
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const gates = wanted.length === 0 ? GATES : GATES.filter((gate) => wanted.includes(gate.name));
const outcomes = await runAll(gates, root);
const failed = outcomes.filter((outcome) => outcome.report.problems.length > 0).length;
if (record !== undefined) writeFileSync(record, JSON.stringify({ passed: outcomes.length - failed, failed, skipped: 0 }));
process.stdout.write(`${outcomes.length - failed} of ${outcomes.length} gates passed.\n`);
process.exitCode = failed === 0 && outcomes.length > 0 ? 0 : 1;
