import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './run-step.mjs';

/** Longest time `npm ci` may take on a slow line, ms. */
const INSTALL_TIME_MS_MAX = 900_000;
/** Holds the hash of the lock file that node_modules was installed from; npm deletes it with node_modules. */
const MARKER = 'node_modules/.hyperoru-lock';

/**
 * True when node_modules holds what the lock file asks for.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const hash = lockHash(root);
  const marker = join(root, MARKER);
  if (existsSync(marker)) return readFileSync(marker, 'utf8').trim() === hash;
  if (!isInstalledByHand(root)) return false;
  writeFileSync(marker, `${hash}\n`);
  return true;
}

/**
 * Installs exactly what the lock file names. An interrupted installation leaves no marker and is repeated from the start.
 *
 * @param {string} root
 */
export async function install(root) {
  const { program, prefix } = npmCommand();
  await runStep({
    title: 'Installing dependencies (once, about a minute)',
    program,
    args: [...prefix, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    cwd: root,
    timeMsMax: INSTALL_TIME_MS_MAX,
    hint: 'Check the network (npm ping) and the free disk space (about 700 MB), then start again.',
  });
  writeFileSync(join(root, MARKER), `${lockHash(root)}\n`);
}

/** npm as it was started itself, otherwise the one on the PATH. */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js') && existsSync(script)) return { program: process.execPath, prefix: [script] };
  return { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', prefix: [] };
}

/** A person's own `npm ci` leaves npm's record of what is installed: it counts when it names every package of the lock file. */
function isInstalledByHand(root) {
  const recordPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(recordPath)) return false;
  const installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version);
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}
