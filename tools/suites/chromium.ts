import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Longest time the system's package manager may take, ms. */
const INSTALL_TIME_MS_MAX = 300_000;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC_PATH = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of the browser for the browser tests, installed when this is Debian and we may; otherwise one sentence on what to do. */
export function findOrInstallChromium(): { readonly path: string } | { readonly problem: string } {
  const present = findChromium();
  if (present !== null) return { path: present };
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    return {
      problem:
        'The browser tests need Chromium: install it (Debian, Ubuntu: sudo apt-get install chromium), or set CHROMIUM_PATH to its path.',
    };
  }
  process.stdout.write('Installing Chromium for the browser tests (apt-get, about half a minute) …\n');
  const failure = aptGet(['update']) ?? aptGet(['install', '--yes', '--no-install-recommends', 'chromium']);
  const installed = findChromium();
  if (installed !== null) return { path: installed };
  return { problem: `Chromium could not be installed: ${failure ?? 'apt-get left no chromium on the PATH'}.` };
}

function findChromium(): string | null {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && existsSync(given)) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), MAC_PATH];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** null when it worked, otherwise the last line that says why not. */
function aptGet(args: readonly string[]): string | null {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', ['--quiet', ...args], { env, encoding: 'utf8', timeout: INSTALL_TIME_MS_MAX });
  if (status === 0) return null;
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? `apt-get ended with ${status}`;
}
