/**
 * Proof of the first promise: in a fresh clone, with an empty home and nothing but Node.js, `npm start` leads
 * within five minutes, installation included, to a trader that has decided and traded on paper.
 */
import { resolve } from 'node:path';
import { freePort } from './free-port.ts';
import { callApi, textField, waitForItems } from './fresh/api-client.ts';
import { type FreshClone, makeFreshClone } from './fresh/fresh-clone.ts';
import { type Proof, runProof } from './fresh/proof.ts';
import { openTerminal, type Terminal } from './fresh/terminal.ts';

/** From `npm start` to the first fill on the terminal, ms. */
const FIRST_FILL_MS_MAX = 300_000;
const ITEMS_MS_MAX = 60_000;
const STOP_MS_MAX = 30_000;
const RESTART_MS_MAX = 30_000;

/** Passes the operator's password rules; the instance is thrown away. */
const PASSWORD = 'a fresh clone needs a long password 7';

await runProof(async (proof) => {
  const clone = makeFreshClone(resolve(import.meta.dirname, '..'));
  const opened: Terminal[] = [];
  try {
    const port = await freePort();
    const start = (program: string, args: readonly string[]): Terminal => {
      const onLine = (line: string): boolean => process.stdout.write(`        │ ${line}\n`);
      const terminal = openTerminal(program, args, { cwd: clone.folder, env: { ...clone.env, PORT: String(port) }, onLine });
      opened.push(terminal);
      return terminal;
    };
    await proveFirstStart(proof, start('npm', ['start']), port);
    proveNothingLeft(proof, clone);
    await proveRestart(proof, start(process.execPath, ['tools/hyperoru.mjs', 'start']), port);
    proveNothingLeft(proof, clone);
  } finally {
    for (const { child } of opened) if (child.exitCode === null && child.pid !== undefined) killGroup(child.pid);
    clone.remove();
  }
});

async function proveFirstStart(proof: Proof, terminal: Terminal, port: number): Promise<void> {
  const base = `http://127.0.0.1:${port}`;
  await terminal.waitFor('the URL', new RegExp(`http://(127\\.0\\.0\\.1|localhost):${port}`), FIRST_FILL_MS_MAX);
  proof.shows('npm start installs, builds, starts and shows the URL');
  const [, token = ''] = await terminal.waitFor('the set-up token', /set-?up token:?\s+([\w-]{16,})/i, ITEMS_MS_MAX);
  proof.shows('the terminal shows a set-up token');
  await terminal.waitFor('the first decision', /^.*\bdecision\b.*$/im, FIRST_FILL_MS_MAX);
  proof.shows('the terminal shows the first decision');
  await terminal.waitFor('the first fill', /^.*\bfill(ed)?\b.*$/im, FIRST_FILL_MS_MAX);
  proof.shows('the terminal shows the first fill');

  await callApi(`${base}/api/setup`, { method: 'POST', body: { setup_token: token, username: 'first', password: PASSWORD } });
  const login = await callApi(`${base}/api/users/login`, { method: 'POST', body: { username: 'first', password: PASSWORD } });
  const session = textField(login, 'session_token');
  proof.shows('the set-up token creates the first user, who can log in');
  for (const route of ['traders', 'decisions', 'fills']) {
    const items = await waitForItems(`${base}/api/${route}`, session, ITEMS_MS_MAX);
    proof.shows(`/api/${route} has ${items.length} or more entries`);
  }
  const page = await fetch(`${base}/`, { headers: { accept: 'text/html' } });
  proof.shows('the dashboard is served', page.ok && (await page.text()).includes('<div id="root"'));
  // npm itself ends at once and passes nothing on; the server must notice.
  terminal.child.kill('SIGTERM');
  await terminal.waitForExit(STOP_MS_MAX);
  proof.shows('SIGTERM to npm ends the server cleanly', terminal.output().includes('Stopped.'));
}

async function proveRestart(proof: Proof, terminal: Terminal, port: number): Promise<void> {
  await terminal.waitFor('the URL', new RegExp(`http://(127\\.0\\.0\\.1|localhost):${port}`), RESTART_MS_MAX);
  const login = await callApi(`http://127.0.0.1:${port}/api/users/login`, {
    method: 'POST',
    body: { username: 'first', password: PASSWORD },
  });
  const items = await waitForItems(`http://127.0.0.1:${port}/api/fills`, textField(login, 'session_token'), ITEMS_MS_MAX);
  proof.shows(`a second start needs no set-up and still has the fills (${items.length} on the first page)`);
  terminal.child.kill('SIGTERM');
  const exitCode = await terminal.waitForExit(STOP_MS_MAX);
  proof.shows(`SIGTERM ends it cleanly, with exit code 0 (was ${exitCode})`, exitCode === 0);
}

function proveNothingLeft(proof: Proof, clone: FreshClone): void {
  const left = clone.leftovers().map(({ pid, command }) => `${pid} ${command}`);
  proof.shows(`no process is left behind${left.length === 0 ? '' : `, but there are: ${left.join(' · ')}`}`, left.length === 0);
}

/** Only the group of a terminal that this script opened. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
