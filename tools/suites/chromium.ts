import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall, canAptInstall } from './apt.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC_PATH = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of the browser for the browser tests, installed when this is Debian and we may; otherwise one sentence on what to do. */
export function findOrInstallChromium(): { readonly path: string } | { readonly problem: string } {
  const present = findChromium();
  if (present !== null) return { path: present };
  if (!canAptInstall()) {
    return {
      problem:
        'The browser tests need Chromium: install it (Debian, Ubuntu: sudo apt-get install chromium), or set CHROMIUM_PATH to its path.',
    };
  }
  process.stdout.write('Installing Chromium for the browser tests (apt-get, about half a minute) …\n');
  const failure = aptInstall('chromium');
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
