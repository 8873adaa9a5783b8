import { join } from 'node:path';
import type { Gate, GateReport } from './gate.ts';
import { outputLines, runCommand } from './run-command.ts';

const LINES_SHOWN_MAX = 20;

/** The documents generated from the sources are the ones that are checked in. */
export const generatedGate: Gate = { name: 'generated docs', lookedMin: 2, run: checkGenerated };

/** In a process of its own: it loads the whole server to ask it for its API document. */
async function checkGenerated(root: string): Promise<GateReport> {
  const args = ['--import', 'tsx', join(root, 'tools/docs.ts'), '--check'];
  const { exitCode, output } = await runCommand(process.execPath, args, { cwd: root });
  const looked = Number(/(\d+) generated documents/.exec(output)?.[1] ?? 0);
  return { looked, problems: exitCode === 0 ? [] : outputLines(output, LINES_SHOWN_MAX) };
}
