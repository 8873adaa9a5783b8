import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, SETUP_TOKEN } from '../setup/server.ts';
import { BUY_ANSWER, CLOSE_ANSWER } from '../setup/trading.ts';
import { type Cockpit, startCockpit, type Window } from './cockpit.ts';

/** Enough refusals for every attempt of one run. */
const REFUSALS = 8;
const TRADER = 'Momentum on BTC';

let cockpit: Cockpit;
let window: Window;

beforeAll(async () => {
  cockpit = await startCockpit();
  window = await cockpit.open();
});
afterAll(() => cockpit?.stop());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function setUp(page: Page): Promise<void> {
  await page.goto(cockpit.server.url);
  await page.waitForURL('**/setup');
  await page.getByLabel('Set-up token').fill(SETUP_TOKEN);
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await button(page, 'Create the first user').click();
  await page.getByText('No trader yet.').waitFor();
}

async function createTrader(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New trader' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(TRADER);
  await button(page, 'Create the trader').click();

  await page.getByRole('heading', { name: 'Which model decides?' }).waitFor();
  await page.getByLabel('Provider').selectOption('other');
  await page.getByLabel('Base URL').fill(cockpit.server.model.baseUrl);
  await page.getByRole('combobox', { name: 'Model', exact: true }).fill('test-model');
  await button(page, 'Save and test connection').click();
  await page.getByText('It answers: test-model').waitFor();
  await button(page, 'Save and continue').click();

  await page.getByRole('heading', { name: 'Where does it trade?' }).waitFor();
  await button(page, 'Connect and continue').click();

  await page.getByRole('heading', { name: 'What should the model be asked?' }).waitFor();
  await page.getByText('No problems').waitFor();
  await button(page, 'Create and continue').click();

  await page.getByRole('heading', { name: 'About what, and when?' }).waitFor();
  await page.getByLabel('Every how many').fill('12');
  await page.getByLabel('Unit of the interval').selectOption('hours');
  await button(page, 'Bind and continue').click();

  await button(page, 'Activate').click();
  await page.getByRole('heading', { name: TRADER, level: 1 }).waitFor();
}

async function expectStatus(page: Page, word: string): Promise<void> {
  await page.locator('main header').first().getByText(word, { exact: true }).waitFor();
}

test('a person walks from set-up to a trade, an error, a recovery and a deletion', async () => {
  const { page } = window;
  const { model } = cockpit.server;
  await setUp(page);
  await createTrader(page);
  await expectStatus(page, 'Active');

  // First decision.
  model.enqueue(BUY_ANSWER);
  await button(page, 'Run now').click();
  await page.getByText(/^Bought 0\.\d+ BTC at 60,0\d\d/).waitFor();
  await page.getByText('because The price rises.').waitFor();
  await page.getByRole('button', { name: /^Close long/ }).waitFor();
  await button(page, 'Prompt, answer, verdict, orders').click();
  await page.getByText('Approved by the risk gate.').waitFor();

  // Pause: a position is open, so it asks first.
  await button(page, 'Pause').click();
  await button(page, 'Pause the trader').click();
  await expectStatus(page, 'Paused');
  await button(page, 'Resume').click();
  await expectStatus(page, 'Active');

  // The model fails: the trader says so, and the reason leads to the log of the run.
  model.enqueue(...Array.from({ length: REFUSALS }, () => ({ status: 500, body: '{"error":{"message":"Out of order."}}' })));
  await button(page, 'Run now').click();
  await expectStatus(page, 'Error');
  await page.getByRole('link', { name: 'See the run' }).click();
  await page.getByRole('heading', { name: `Run of ${TRADER}` }).waitFor();
  await page.getByText('Failed', { exact: true }).waitFor();
  await page.goBack();

  // It recovers with the next good answer, which also closes the position.
  model.clearQueue();
  model.enqueue(CLOSE_ANSWER);
  await button(page, 'Run now').click();
  await expectStatus(page, 'Active');
  await page.getByText(/^Closed 0\.\d+ BTC at/).waitFor();

  // Deleted, by typing its name.
  await page.getByRole('tab', { name: 'Settings' }).click();
  await button(page, 'Delete this trader').click();
  expect(await button(page, 'Delete for good').isDisabled()).toBe(true);
  await page.getByLabel(`Type "${TRADER}" to confirm`).fill(TRADER);
  await button(page, 'Delete for good').click();
  await page.getByRole('heading', { name: 'Traders', level: 1 }).waitFor();

  // Its history stays.
  await page.getByRole('link', { name: 'Analytics' }).click();
  await page.getByRole('tab', { name: 'By trader' }).click();
  const row = page.getByRole('row', { name: new RegExp(TRADER) });
  await row.getByText('Deleted').waitFor();
  await row.getByRole('link', { name: TRADER }).click();
  await page.getByText('This trader is deleted.').waitFor();
  await page.getByText(/^Bought 0\.\d+ BTC at/).waitFor();

  expect(window.complaints).toEqual([]);
});
