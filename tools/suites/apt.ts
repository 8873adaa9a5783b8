import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Longest time the system's package manager may take, ms. */
const INSTALL_TIME_MS_MAX = 300_000;

/** True on Debian and its kin, as root. */
export const canAptInstall = (): boolean => existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;

/** Installs one package; null when it worked, otherwise the last line that says why not. */
export function aptInstall(name: string): string | null {
  return aptGet(['update']) ?? aptGet(['install', '--yes', '--no-install-recommends', name]);
}

function aptGet(args: readonly string[]): string | null {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', ['--quiet', ...args], { env, encoding: 'utf8', timeout: INSTALL_TIME_MS_MAX });
  if (status === 0) return null;
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? `apt-get ended with ${status}`;
}
