/**
 * `npm test`: everything that can show a fault, on a machine that has nothing but Node.js.
 *
 * Installs and builds what is missing, then runs every suite and closes with one line: "N passed, N failed, N skipped".
 */
import { nodeVersionProblem } from './bootstrap/node-version.mjs';

const problem = nodeVersionProblem(process.versions.node);
if (problem === null) await main();
else fail(problem);

async function main() {
  const [{ spawn }, { resolve }, { setUp }, { StepFailed }] = await Promise.all([
    import('node:child_process'),
    import('node:path'),
    import('./bootstrap/set-up.mjs'),
    import('./bootstrap/run-step.mjs'),
  ]);
  const root = resolve(import.meta.dirname, '..');
  try {
    await setUp(root, { needsBuild: true });
  } catch (error) {
    if (error instanceof StepFailed) return fail(error.message);
    throw error;
  }
  // From here on the tools are TypeScript.
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/suites/main.ts'], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}

/** The closing line is owed also when nothing could run. */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exitCode = 1;
}
