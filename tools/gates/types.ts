import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate, GateReport } from './gate.ts';
import { outputLines, runCommand } from './run-command.ts';

const LINES_SHOWN_MAX = 60;

/** The compiler over every project: the root (packages, server, tests, tools) and the web app. */
export const typesGate: Gate = { name: 'types', lookedMin: 150, run: (root) => checkTypes(root, ['.', 'apps/web']) };

/** Type-checks the given tsconfig folders; those without a tsconfig.json are a problem. */
export async function checkTypes(root: string, folders: readonly string[]): Promise<GateReport> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  let looked = 0;
  const problems: string[] = [];
  for (const folder of folders) {
    const project = join(root, folder, 'tsconfig.json');
    if (!existsSync(project)) {
      problems.push(`${folder}: expected a tsconfig.json.`);
      continue;
    }
    const { exitCode, output } = await runCommand(process.execPath, [compiler, '-p', project, '--noEmit', '--listFiles'], { cwd: root });
    const isLibrary = (line: string): boolean => line.includes('/node_modules/');
    const isListing = (line: string): boolean => /^(\/|[A-Za-z]:[\\/]).*\.(ts|tsx|mts|json)$/.test(line);
    const lines = output.split('\n');
    looked += lines.filter((line) => isListing(line) && !isLibrary(line)).length;
    if (exitCode !== 0) problems.push(...outputLines(lines.filter((line) => !isListing(line)).join('\n'), LINES_SHOWN_MAX));
  }
  return { looked, problems };
}
