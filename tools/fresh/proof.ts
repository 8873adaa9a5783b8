import { writeFileSync } from 'node:fs';
import { DID_NOT_RUN, type Tally } from '../suites/tally.ts';

/** Counts what a proof script has shown, one line per fact. */
export interface Proof {
  /** States a fact that has been shown; throws when it is not one. */
  shows(fact: string, isTrue?: boolean): void;
  count(): number;
}

/**
 * Runs a proof script: prints every fact with the seconds since the start, and leaves the tally in the file
 * named by `--record=FILE` for `npm test`. The first thing that is not as it should be ends it.
 */
export async function runProof(prove: (proof: Proof) => Promise<void>): Promise<void> {
  const record = process.argv.find((argument) => argument.startsWith('--record='))?.slice('--record='.length);
  const startedAt = performance.now();
  let shown = 0;
  const shows = (fact: string, isTrue = true): void => {
    if (!isTrue) throw new Error(`Expected: ${fact}.`);
    shown += 1;
    process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${fact}\n`);
  };
  let tally: Tally;
  try {
    await prove({ shows, count: () => shown });
    tally = { passed: shown, failed: 0, skipped: 0 };
  } catch (error) {
    process.stdout.write(`FAILED: ${error instanceof Error ? error.message : String(error)}\n`);
    tally = { ...DID_NOT_RUN, passed: shown };
    process.exitCode = 1;
  }
  if (record !== undefined) writeFileSync(record, JSON.stringify(tally));
}
