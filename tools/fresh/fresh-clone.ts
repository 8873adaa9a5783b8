import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a person's machine has of its own accord; everything else in the environment could hide that a step is missing. */
const KEPT_VARIABLES =
  /^(PATH|PATHEXT|SYSTEMROOT|COMSPEC|TEMP|TMP|TMPDIR|LANG|TZ|TERM|CI|NODE_EXTRA_CA_CERTS|(npm_config_)?(https?_|no_|no)proxy|npm_config_(registry|cafile))$/i;

/** A clone of the committed state in an empty folder, with an empty home. */
export interface FreshClone {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Processes that still run out of the clone, or on its home: none once it has been stopped. */
  leftovers(): readonly { readonly pid: number; readonly command: string }[];
  /** Kills leftovers by pid and deletes both folders. */
  remove(): void;
}

/** Clones `root` at HEAD. Throws when it is not a git checkout. */
export function makeFreshClone(root: string): FreshClone {
  const base = mkdtempSync(join(tmpdir(), 'hyperoru-fresh-'));
  const folder = join(base, 'hyperoru');
  const home = join(base, 'home');
  mkdirSync(home);
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const kept = Object.entries(process.env).filter(([name]) => KEPT_VARIABLES.test(name));
  const env = { ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])), HOME: home, USERPROFILE: home };
  const leftovers = (): ReturnType<FreshClone['leftovers']> => processes().filter(({ command }) => command.includes(base));
  const remove = (): void => {
    for (const { pid } of leftovers()) process.kill(pid, 'SIGKILL');
    removeDatabase(join(home, '.hyperoru'));
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  };
  return { folder, env, leftovers, remove };
}

/** As root the database of a private home lies elsewhere, in a folder that a pointer file names. */
export function removeDatabase(productHome: string): void {
  const pointer = join(productHome, 'postgres/location');
  if (existsSync(pointer)) rmSync(readFileSync(pointer, 'utf8').trim(), { recursive: true, force: true });
}

/** Every process of the machine with its command line and, where the system tells, its working folder. */
function processes(): readonly { readonly pid: number; readonly command: string }[] {
  if (process.platform === 'linux') {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => ({ pid: Number(pid), command: describeLinux(pid) })).filter(({ pid }) => pid !== process.pid);
  }
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), command: match[2] ?? '' }];
  });
}

function describeLinux(pid: string): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return `${command} (in ${readlinkSync(`/proc/${pid}/cwd`)})`;
  } catch {
    // It ended between the listing and the reading.
    return '';
  }
}
