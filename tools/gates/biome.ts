import { join } from 'node:path';
import type { Gate, GateReport } from './gate.ts';
import { outputLines, runCommand } from './run-command.ts';

const LINES_SHOWN_MAX = 120;

/** Format, import order and lint, with the settings of biome.json. */
export const biomeGate: Gate = { name: 'format and lint', lookedMin: 150, run: runBiome };

async function runBiome(root: string): Promise<GateReport> {
  const bin = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { exitCode, output } = await runCommand(process.execPath, [bin, 'check', '--max-diagnostics=50', '.'], { cwd: root });
  const looked = Number(/Checked (\d+) files?/.exec(output)?.[1] ?? 0);
  return { looked, problems: exitCode === 0 ? [] : outputLines(output, LINES_SHOWN_MAX) };
}
