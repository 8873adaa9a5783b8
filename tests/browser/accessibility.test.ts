import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../setup/server.ts';
import { BUY_ANSWER, CLOSE_ANSWER, createReadyTrader, runOnce } from '../setup/trading.ts';
import { findings } from './axe.ts';
import { type Cockpit, logIn, startCockpit } from './cockpit.ts';

let cockpit: Cockpit;
let paths: readonly string[];

beforeAll(async () => {
  cockpit = await startCockpit();
  const { server } = cockpit;
  const owner = await server.setUp();
  const ready = await createReadyTrader(server, owner, { name: 'Momentum on BTC' });
  await owner.put(`/api/traders/${ready.traderId}/status`, { active: true });
  server.model.enqueue(BUY_ANSWER, CLOSE_ANSWER, BUY_ANSWER);
  for (const event of ['first', 'second', 'third']) await runOnce(owner, ready.bindingId, event);
  const failing = await createReadyTrader(server, owner, { name: 'Refused by its model', model: 'html-500' });
  await owner.put(`/api/traders/${failing.traderId}/status`, { active: true });
  const failed = await runOnce(owner, failing.bindingId);
  const gone = await createReadyTrader(server, owner, { name: 'Gone' });
  await owner.delete(`/api/traders/${gone.traderId}`);
  await owner.post('/api/tokens', { name: 'Backup script' });
  const unfinished = (await owner.post('/api/traders', { name: 'Unfinished' })).body.id;
  const trader = `/traders/${ready.traderId}`;
  paths = [
    '/',
    trader,
    ...['runs', 'orders', 'fills', 'closed', 'alerts', 'settings'].map((tab) => `${trader}?tab=${tab}`),
    `/traders/${failing.traderId}`,
    `/traders/${gone.traderId}`,
    `/runs/${failed.body.id}`,
    '/traders/new',
    `/traders/new?trader=${unfinished}`,
    '/prompts',
    '/prompts/new',
    `/prompts/${ready.promptId}`,
    '/analytics',
    '/analytics?by=trader',
    '/activity',
    '/activity?tab=runs',
    '/activity?tab=positions',
    '/activity?tab=orders',
    '/safety',
    '/account',
  ];
});
afterAll(() => cockpit?.stop());

describe.each([
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 375, scheme: 'light' },
  { width: 375, scheme: 'dark' },
] as const)('at $width px in the $scheme theme', ({ width, scheme }) => {
  test('axe finds nothing on any page, and no page is wider than its window', async () => {
    const { page, context, complaints } = await cockpit.open({ width, scheme });
    const { url } = cockpit.server;
    const found: string[] = [];
    const look = async (): Promise<void> => {
      found.push(...(await findings(page)));
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      if (overflow > 0) found.push(`${page.url()} is ${overflow} px wider than its window`);
    };
    for (const path of ['/login', '/setup', '/register', '/nowhere']) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await look();
    }
    await logIn(page, url, { username: 'ada', password: PASSWORD });
    for (const path of paths) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByLabel('Loading').first().waitFor({ state: 'hidden' });
      await look();
    }
    await page.goto(`${url}${paths[1] ?? '/'}`);
    await page.getByRole('button', { name: 'Prompt, answer, verdict, orders' }).first().click();
    await page.getByText('Approved by the risk gate.').waitFor();
    await look();
    await page
      .getByRole('button', { name: 'Pause', exact: true })
      .or(page.getByRole('button', { name: /^Close long/ }))
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await look();
    await context.close();
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
