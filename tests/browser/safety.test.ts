import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { PASSWORD } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, type ReadyTrader, runOnce } from '../setup/trading.ts';
import { type Cockpit, logIn, startCockpit } from './cockpit.ts';

const ADA = { username: 'ada', password: PASSWORD };

let cockpit: Cockpit;
let owner: ApiClient;
let ready: ReadyTrader;
let name = '';
let count = 0;

beforeAll(async () => {
  cockpit = await startCockpit();
  owner = await cockpit.server.setUp(ADA.username);
});
afterAll(() => cockpit?.stop());
beforeEach(async () => {
  count += 1;
  name = `Ada ${count}`;
  ready = await createReadyTrader(cockpit.server, owner, { name });
  await owner.put(`/api/traders/${ready.traderId}/status`, { active: true });
  cockpit.server.model.enqueue(BUY_ANSWER);
  await runOnce(owner, ready.bindingId);
});

test.each([
  [1440, 'dark'],
  [375, 'light'],
] as const)('a trader is stopped, seen flat, and let free again (%i px, %s)', async (width, scheme) => {
  const { page, context, complaints } = await cockpit.open({ width, scheme });
  await logIn(page, cockpit.server.url, ADA);
  await page.getByRole('link', { name: 'Safety' }).click();
  await page.getByRole('heading', { name: 'Safety', level: 1 }).waitFor();
  await page.getByRole('button', { name: `Kill ${name}`, exact: true }).click();

  const dialog = page.getByRole('dialog');
  const stop = dialog.getByRole('button', { name: 'Stop and close everything' });
  await dialog.getByLabel('Why').fill('It behaves oddly.');
  expect(await stop.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type "${name}" to confirm`).fill(name);
  await stop.click();
  await page.getByText(`The kill switch is armed for ${name}.`).waitFor();
  await page
    .getByText(/1 of 1 flat, slowest/)
    .first()
    .waitFor();
  expect((await owner.get('/api/positions?status=open')).body.items).toEqual([]);

  await page.getByRole('button', { name: `Report of the kill of ${name}` }).click();
  await page.getByRole('table', { name: 'Report of the kill' }).getByText('Flat', { exact: true }).waitFor();
  await page
    .getByRole('button', { name: `Disarm the kill switch of ${name}` })
    .first()
    .click();
  await page.getByRole('dialog', { name: 'Disarm the kill switch?' }).getByRole('button', { name: 'Disarm', exact: true }).click();
  const password = page.getByRole('dialog', { name: 'Your password once more' });
  await password.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await password.getByLabel('Password', { exact: true }).press('Enter');
  await page.getByText('Disarmed. Nobody was resumed; start your traders when you are ready.').waitFor();
  await page.getByText(`The kill switch is armed for ${name}.`).waitFor({ state: 'hidden' });
  // The browser itself reports each refused request.
  expect(complaints.filter((complaint) => !complaint.includes('status of 403'))).toEqual([]);
  await context.close();
});

test('a drill is run with the keyboard alone and tells its times', async () => {
  const { page, context, complaints } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await page.goto(`${cockpit.server.url}/safety`);
  const button = page.getByRole('button', { name: `Drill ${name}` });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Run the drill' }).waitFor();
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  for (let presses = 0; presses < 10 && (await focused()) !== 'Run the drill'; presses++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText(new RegExp(`^Drill done: 1 of 1 flat, slowest .+ ${name} is paused now\\.$`)).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a kill that somebody else uses appears by itself', async () => {
  const { page, context, complaints } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await page.goto(`${cockpit.server.url}/safety`);
  await page.getByRole('button', { name: `Kill ${name}`, exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await owner.post('/api/kill', { trader_id: ready.traderId, reason: 'From elsewhere.' });
  await page.getByText(`The kill switch is armed for ${name}.`).waitFor();
  await page.getByText('From elsewhere.').first().waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
