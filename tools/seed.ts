import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './simulation/bundle.ts';

/** Shows what happens in one seed of the simulation, made smaller when it is bad: `npm run seed -- 37 [trouble,trouble…]`. */
const folder = mkdtempSync(join(tmpdir(), 'hyperoru-seed-'));
try {
  const file = join(folder, 'replay.mjs');
  await bundle('replay.ts', file);
  process.exitCode = spawnSync(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
