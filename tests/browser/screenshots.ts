/**
 * Pictures of every page of a running instance, wide and narrow, light and dark.
 *
 *   npx tsx tests/browser/screenshots.ts <address> <folder> <user name> <password> [part of a page name]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';

const WIDTHS = [1440, 375] as const;
const THEMES = ['light', 'dark'] as const;
/** Charts and live figures need a moment after the page is loaded, ms. */
const SETTLE_MS = 900;

const [address = 'http://127.0.0.1:8080', folder = 'screenshots', username = '', password = '', only = ''] = process.argv.slice(2);

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

async function pathsOf(page: Page): Promise<{ trader: string; prompt: string; run: string }> {
  const read = async (path: string): Promise<string> => {
    const answer: { items: { id: string }[] } = await (await page.request.get(`${address}${path}`)).json();
    return answer.items[0]?.id ?? '';
  };
  return { trader: await read('/api/traders'), prompt: await read('/api/prompts'), run: await read('/api/runs') };
}

async function shotsOf(page: Page): Promise<readonly Shot[]> {
  const { trader, prompt, run } = await pathsOf(page);
  return [
    { name: 'traders', path: '/' },
    { name: 'trader', path: `/traders/${trader}?range=1h` },
    {
      name: 'trader-decision',
      path: `/traders/${trader}?range=1h`,
      prepare: (open) => open.getByRole('button', { name: 'Prompt, answer, verdict, orders' }).first().click(),
    },
    { name: 'trader-order', path: `/traders/${trader}`, prepare: (open) => open.getByRole('button', { name: 'Place an order' }).click() },
    { name: 'trader-runs', path: `/traders/${trader}?tab=runs` },
    { name: 'trader-orders', path: `/traders/${trader}?tab=orders` },
    { name: 'trader-fills', path: `/traders/${trader}?tab=fills` },
    { name: 'trader-closed', path: `/traders/${trader}?tab=closed` },
    { name: 'trader-settings', path: `/traders/${trader}?tab=settings` },
    { name: 'new-trader', path: '/traders/new' },
    { name: 'prompts', path: '/prompts' },
    { name: 'prompt', path: `/prompts/${prompt}` },
    { name: 'prompt-new', path: '/prompts/new' },
    { name: 'analytics', path: '/analytics' },
    { name: 'analytics-traders', path: '/analytics?by=trader' },
    { name: 'activity', path: '/activity' },
    { name: 'activity-runs', path: '/activity?tab=runs' },
    { name: 'activity-positions', path: '/activity?tab=positions' },
    { name: 'run', path: `/runs/${run}` },
    { name: 'safety', path: '/safety' },
    { name: 'account', path: '/account' },
    { name: 'not-found', path: '/nowhere' },
  ];
}

async function takeAll(browser: Browser, width: (typeof WIDTHS)[number], theme: (typeof THEMES)[number]): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: width > 1000 ? 900 : 812 }, colorScheme: theme });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && process.stderr.write(`${page.url()}: ${message.text()}\n`));
  page.on('pageerror', (error) => process.stderr.write(`${page.url()}: ${error.message}\n`));
  const take = async (name: string): Promise<void> => {
    await page.waitForTimeout(SETTLE_MS);
    await page.evaluate('window.scrollTo(0, 0)');
    await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`), fullPage: true });
  };
  await page.goto(`${address}/login`);
  await take('login');
  await page.getByLabel('User name or e-mail').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Traders', level: 1 }).waitFor();
  for (const shot of (await shotsOf(page)).filter(({ name }) => name.includes(only))) {
    await page.goto(`${address}${shot.path}`);
    await page.waitForLoadState('load');
    await shot.prepare?.(page);
    await take(shot.name);
  }
  await context.close();
}

mkdirSync(folder, { recursive: true });
const browser = await launchChromium();
try {
  for (const width of WIDTHS) for (const theme of THEMES) await takeAll(browser, width, theme);
} finally {
  await browser.close();
}
