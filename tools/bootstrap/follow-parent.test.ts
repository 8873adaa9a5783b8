import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const MODULE = join(import.meta.dirname, 'follow-parent.mjs');
const CHILD = `
  import { followParent } from ${JSON.stringify(MODULE)};
  process.on('SIGTERM', () => { console.log('told to end'); process.exit(0); });
  followParent();
  setInterval(() => undefined, 1000);
  console.log('pid ' + process.pid);
`;

test('a server that npm started ends when its npm is killed', async () => {
  const start = `require('node:child_process').spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(CHILD)}], { stdio: 'inherit' })`;
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  const parent = spawn(process.execPath, ['-e', start], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: parent.stdout });
  const [first] = await once(lines, 'line');
  expect(first).toMatch(/^pid \d+$/);
  const next = once(lines, 'line');
  parent.kill('SIGKILL');
  expect(await next).toEqual(['told to end']);
});
