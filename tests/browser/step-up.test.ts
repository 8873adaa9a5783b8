import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../setup/server.ts';
import { createReadyTrader, type ReadyTrader } from '../setup/trading.ts';
import { type Cockpit, logIn, startCockpit } from './cockpit.ts';

const ADA = { username: 'ada', password: PASSWORD };

let cockpit: Cockpit;
let ready: ReadyTrader;

beforeAll(async () => {
  cockpit = await startCockpit();
  ready = await createReadyTrader(cockpit.server, await cockpit.server.setUp(ADA.username));
});
afterAll(() => cockpit?.stop());

test.each([
  [1440, 'dark'],
  [375, 'light'],
] as const)('raising a limit asks for the password, and goes on by itself (%i px, %s)', async (width, scheme) => {
  const { page, context, complaints } = await cockpit.open({ width, scheme });
  await logIn(page, cockpit.server.url, ADA);
  await page.goto(`${cockpit.server.url}/traders/${ready.traderId}?tab=settings`);
  const leverage = page.getByLabel('Highest leverage');
  await leverage.waitFor();
  const raised = String(Number(await leverage.inputValue()) + 1);
  await leverage.fill(raised);
  await page.getByRole('button', { name: 'Save limits' }).click();

  const dialog = page.getByRole('dialog', { name: 'Your password once more' });
  await dialog.getByLabel('Password', { exact: true }).fill('not the password');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByText('The password is wrong. Check it.').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByLabel('Password', { exact: true }).press('Enter');

  await page.getByText('Limits saved. They hold from the next order on.').waitFor();
  await page.reload();
  await leverage.waitFor();
  expect(await leverage.inputValue()).toBe(raised);
  // The browser itself reports each refused request.
  expect(complaints.filter((complaint) => !/status of 40[13]/.test(complaint))).toEqual([]);
  await context.close();
});
