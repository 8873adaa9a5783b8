import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { PASSWORD } from '../setup/server.ts';
import { createReadyTrader, type ReadyTrader } from '../setup/trading.ts';
import { findings } from './axe.ts';
import { type Cockpit, logIn, startCockpit } from './cockpit.ts';

const ADA = { username: 'ada', password: PASSWORD };

let cockpit: Cockpit;
let owner: ApiClient;

beforeAll(async () => {
  cockpit = await startCockpit();
  owner = await cockpit.server.setUp(ADA.username);
});
afterAll(() => cockpit?.stop());

const positionsOf = async ({ traderId }: ReadyTrader) => (await owner.get(`/api/positions?status=open&trader_id=${traderId}`)).body.items;

/** What is wrong with the page as it is now, seen by axe and by its width. */
async function look(page: Page): Promise<readonly string[]> {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  return [...(await findings(page)), ...(overflow > 0 ? [`${overflow} px wider than the window`] : [])];
}

test.each([
  [1440, 'dark'],
  [1440, 'light'],
  [375, 'light'],
  [375, 'dark'],
] as const)(
  'an order is filled in, denied with its fix, corrected, placed, and its position reduced and closed (%i px, %s)',
  async (width, scheme) => {
    const ready = await createReadyTrader(cockpit.server, owner, { name: `Hand ${width} ${scheme}` });
    const { page, context, complaints } = await cockpit.open({ width, scheme });
    await logIn(page, cockpit.server.url, ADA);
    await page.goto(`${cockpit.server.url}/traders/${ready.traderId}`);
    await page.getByRole('button', { name: 'Place an order' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Symbol').selectOption('BTC');
    await dialog.getByRole('button', { name: 'Review' }).click();
    await dialog.getByText('This trader enters with a stop-loss only.').waitFor();
    expect(await look(page)).toEqual([]);

    await dialog.getByLabel('Leverage').fill('2');
    await dialog.getByLabel('Stop-loss', { exact: true }).fill('999999');
    await dialog.getByLabel('Stop-loss as').selectOption('Price');
    await dialog.getByRole('button', { name: 'Review' }).click();
    await dialog.getByRole('button', { name: 'Buy BTC' }).click();
    await dialog.getByText('A stop loss lies below the price of a long and above that of a short.').waitFor();
    expect(await look(page)).toEqual([]);
    expect(await positionsOf(ready)).toEqual([]);

    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByLabel('Stop-loss', { exact: true }).fill('2');
    await dialog.getByLabel('Stop-loss as').selectOption('% away');
    await dialog.getByRole('button', { name: 'Review' }).click();
    await dialog.getByText('This moves simulated money only.').waitFor();
    await dialog.getByRole('button', { name: 'Buy BTC' }).click();
    await page.getByText(/^Bought .+ BTC at .+\.$/).waitFor();
    const [opened] = await positionsOf(ready);
    expect(opened).toMatchObject({ symbol: 'BTC', side: 'long', leverage: 2 });

    await page.getByRole('button', { name: 'Place an order' }).click();
    await dialog.getByText('Reduce or close').click();
    await dialog.getByLabel('Symbol').selectOption('BTC');
    await dialog.getByLabel('Size, % of the position').fill('50');
    await dialog.getByRole('button', { name: 'Review' }).click();
    await dialog.getByRole('button', { name: 'Close BTC' }).click();
    await page.getByText(/^Sold .+ BTC at .+\.$/).waitFor();
    const [reduced] = await positionsOf(ready);
    expect(Number(reduced.quantity)).toBeLessThan(Number(opened.quantity));

    await page.getByRole('button', { name: /^Close long .+ BTC$/ }).click();
    await page.getByRole('button', { name: 'Close the position' }).click();
    await page.getByText('No open position.').first().waitFor();
    expect(await positionsOf(ready)).toEqual([]);
    // The browser itself reports the refused request.
    expect(complaints.filter((complaint) => !complaint.includes('status of 422'))).toEqual([]);
    await context.close();
  },
);

test('an order is placed with the keyboard alone', async () => {
  const ready = await createReadyTrader(cockpit.server, owner, { name: 'Keys only' });
  const { page, context, complaints } = await cockpit.open();
  await logIn(page, cockpit.server.url, ADA);
  await page.goto(`${cockpit.server.url}/traders/${ready.traderId}`);
  await page.getByRole('button', { name: 'Place an order' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Symbol').waitFor();
  const tabTo = async (isThere: string): Promise<void> => {
    for (let presses = 0; presses < 25 && !(await page.evaluate<boolean>(isThere)); presses++) await page.keyboard.press('Tab');
    expect(await page.evaluate<boolean>(isThere)).toBe(true);
  };
  await tabTo(`document.activeElement.name === 'symbol'`);
  await page.keyboard.type('BTC');
  await tabTo(`document.activeElement.name === 'stop_loss'`);
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await dialog.getByText('This moves simulated money only.').waitFor();
  await tabTo(`document.activeElement.textContent === 'Buy BTC'`);
  await page.keyboard.press('Enter');
  await page.getByText(/^Bought .+ BTC at .+\.$/).waitFor();
  expect(await positionsOf(ready)).toHaveLength(1);
  expect(complaints).toEqual([]);
  await context.close();
});
