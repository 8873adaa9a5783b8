/**
 * Proof of the second promise: `npm test` does its whole set-up in a fresh clone with an empty home and passes there.
 * The clone runs the gates and all tests that need no browser; simulations, the browser and these proofs have just run
 * on the same commit in the run that started this one, and repeating them would prove nothing new.
 */
import { resolve } from 'node:path';
import { makeFreshClone } from './fresh/fresh-clone.ts';
import { runProof } from './fresh/proof.ts';
import { openTerminal } from './fresh/terminal.ts';

const TEST_MS_MAX = 660_000;
const LINES_SHOWN_MAX = 80;

await runProof(async (proof) => {
  const clone = makeFreshClone(resolve(import.meta.dirname, '..'));
  const terminal = openTerminal('npm', ['test'], { cwd: clone.folder, env: { ...clone.env, HYPERORU_FRESH: '1' } });
  try {
    const exitCode = await terminal.waitForExit(TEST_MS_MAX);
    const closing = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(terminal.output());
    if (exitCode !== 0 || closing === null) process.stdout.write(lastLines(terminal.output()));
    proof.shows(`npm test ends with exit code 0 (was ${exitCode})`, exitCode === 0);
    proof.shows(
      `its closing line says ${closing?.[1]} passed and none failed`,
      closing !== null && closing[1] !== '0' && closing[2] === '0',
    );
    proof.shows('no process is left behind', clone.leftovers().length === 0);
  } finally {
    const { pid, exitCode } = terminal.child;
    if (exitCode === null && pid !== undefined) process.kill(-pid, 'SIGKILL');
    clone.remove();
  }
});

function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n').slice(-LINES_SHOWN_MAX);
  return lines.map((line) => `        │ ${line}\n`).join('');
}
