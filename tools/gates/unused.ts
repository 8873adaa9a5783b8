import { join } from 'node:path';
import type { Gate, GateReport } from './gate.ts';
import { outputLines, runCommand } from './run-command.ts';

const LINES_SHOWN_MAX = 80;

/** No file, export, type or dependency that nothing uses. */
export const unusedGate: Gate = { name: 'dead code', lookedMin: 1, run: findUnused };

async function findUnused(root: string): Promise<GateReport> {
  const bin = join(root, 'node_modules/knip/bin/knip.js');
  const { exitCode, output } = await runCommand(process.execPath, [bin, '--no-progress', '--no-config-hints'], { cwd: root });
  return { looked: 1, problems: exitCode === 0 ? [] : outputLines(output, LINES_SHOWN_MAX) };
}
