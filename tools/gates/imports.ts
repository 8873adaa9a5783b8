import { join } from 'node:path';
import type { Gate, GateReport } from './gate.ts';
import { outputLines, runCommand } from './run-command.ts';

const LINES_SHOWN_MAX = 80;
const FOLDERS = ['packages', 'apps', 'tests', 'tools', 'bench'];

/** Who may import whom, as .dependency-cruiser.cjs states it. */
export const importsGate: Gate = { name: 'import rules', lookedMin: 150, run: (root) => checkImports(root, FOLDERS) };

/** Runs the import rules of `root` over the given folders of it. */
export async function checkImports(root: string, folders: readonly string[]): Promise<GateReport> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'err', ...folders];
  const { exitCode, output } = await runCommand(process.execPath, args, { cwd: root });
  const looked = Number(/(\d+) modules?[,)\s]/.exec(output)?.[1] ?? 0);
  return { looked, problems: exitCode === 0 ? [] : outputLines(output, LINES_SHOWN_MAX) };
}
