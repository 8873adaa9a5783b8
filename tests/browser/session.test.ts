import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { PASSWORD } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, type ReadyTrader, runOnce } from '../setup/trading.ts';
import { type Cockpit, logIn, startCockpit } from './cockpit.ts';

const ADA = { username: 'ada', password: PASSWORD };

let cockpit: Cockpit;
let owner: ApiClient;
let ready: ReadyTrader;

beforeAll(async () => {
  cockpit = await startCockpit();
  owner = await cockpit.server.setUp(ADA.username);
  ready = await createReadyTrader(cockpit.server, owner);
  await owner.put(`/api/traders/${ready.traderId}/status`, { active: true });
});
afterAll(() => cockpit?.stop());

test('an ended session leads to login, and from there back to the page', async () => {
  const { page, context, complaints } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await context.clearCookies();
  await page.getByRole('link', { name: 'Analytics' }).click();
  await page.getByText('Your session has ended. Log in to go on where you were.').waitFor();
  await page.getByLabel('User name or e-mail').fill(ADA.username);
  await page.getByLabel('Password', { exact: true }).fill(ADA.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Analytics', level: 1 }).waitFor();
  // The browser itself reports each refused request.
  expect(complaints.filter((complaint) => !complaint.includes('status of 401'))).toEqual([]);
  await context.close();
});

test('a page asked for without a session is shown after the login', async () => {
  const { page, context } = await cockpit.open();
  await page.goto(`${cockpit.server.url}/prompts`);
  await page.getByLabel('User name or e-mail').fill(ADA.username);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').getByText('Check name and password.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(ADA.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Prompts', level: 1 }).waitFor();
  await context.close();
});

test('logging out ends the session at the server too', async () => {
  const { page, context } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await page.getByRole('button', { name: 'Account of ada' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in', level: 1 }).waitFor();
  expect((await page.request.get(`${cockpit.server.url}/api/traders`)).status()).toBe(401);
  await context.close();
});

test('a decision appears by itself while the page is open', async () => {
  const { page, context, complaints } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await page.goto(`${cockpit.server.url}/traders/${ready.traderId}`);
  await page.getByText('No decision yet.').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  cockpit.server.model.enqueue(BUY_ANSWER);
  await runOnce(owner, ready.bindingId);
  await page.getByText(/^Bought 0\.\d+ BTC at 60,0\d\d/).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a silent stream is told as such, and can be renewed by hand', async () => {
  const { page, context, complaints } = await cockpit.open();
  await page.clock.install();
  await logIn(page, cockpit.server.url, ADA);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.clock.fastForward(45_000);
  await page.getByText('Live updates have stopped.').waitFor();
  await page.getByRole('button', { name: 'Reconnect now' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText('Live updates have stopped.').waitFor({ state: 'hidden' });
  expect(complaints).toEqual([]);
  await context.close();
});

test('the keyboard skips to the content, and reaches a trader', async () => {
  const { page, context } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await page.reload();
  await page.getByRole('link', { name: 'Ada one' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  for (let presses = 0; presses < 20 && (await focused()) !== 'Ada one'; presses++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ada one', level: 1 }).waitFor();
  await context.close();
});
