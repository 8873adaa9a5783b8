import type { Gate, GateReport } from './gate.ts';
import { outputLines, runCommand } from './run-command.ts';

const LINES_SHOWN_MAX = 30;

/** package-lock.json covers every package.json and every platform, so that `npm ci` works on a machine that is not ours. */
export const lockFileGate: Gate = { name: 'lock file', lookedMin: 1, run: checkLockFile };

async function checkLockFile(root: string): Promise<GateReport> {
  const { exitCode, output } = await runCommand(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--dry-run', '--ignore-scripts'], {
    cwd: root,
    env: { npm_config_audit: 'false', npm_config_fund: 'false' },
  });
  const missing = output.split('\n').filter((line) => /\b(Missing|Invalid):/.test(line));
  if (missing.length > 0) return { looked: 1, problems: missing.slice(0, LINES_SHOWN_MAX) };
  return { looked: 1, problems: exitCode === 0 ? [] : outputLines(output, LINES_SHOWN_MAX) };
}
