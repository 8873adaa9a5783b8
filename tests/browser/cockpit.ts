import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { launchChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUILD_TIME_MS_MAX = 120_000;
/** How long a page may take to show what it should, ms. */
const WAIT_MS_MAX = 20_000;

export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the page so far: console errors, exceptions, requests to other hosts. */
  readonly complaints: string[];
}

export interface Cockpit {
  readonly server: TestServer;
  /** Opens a fresh browser profile at the given width. */
  open(options?: { readonly width?: number; readonly scheme?: 'light' | 'dark' }): Promise<Window>;
  stop(): Promise<void>;
}

/** The product with the dashboard as it is now, and a browser to look at it. */
export async function startCockpit(): Promise<Cockpit> {
  const webRoot = mkdtempSync(join(tmpdir(), 'hyperoru-dashboard-'));
  await buildDashboard(webRoot);
  const server = await startTestServer({ webRoot });
  const browser = await launchChromium();
  return {
    server,
    open: (options = {}) => openWindow(browser, options),
    stop: async () => {
      await browser.close();
      await server.stop();
      rmSync(webRoot, { recursive: true, force: true });
    },
  };
}

async function buildDashboard(outDir: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', 'apps/web', '--outDir', outDir, '--emptyOutDir'], {
    cwd: ROOT,
    timeout: BUILD_TIME_MS_MAX,
    // The test runner sets another mode, which would build a larger dashboard.
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

async function openWindow(browser: Browser, options: { readonly width?: number; readonly scheme?: 'light' | 'dark' }): Promise<Window> {
  const { width = 1440, scheme = 'dark' } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(WAIT_MS_MAX);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()} console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()} exception: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1') complaints.push(`request to ${request.url()}`);
  });
  return { context, page, complaints };
}

/** Logs in by the form. */
export async function logIn(page: Page, url: string, person: { readonly username: string; readonly password: string }): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('User name or e-mail').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Traders', level: 1 }).waitFor();
}
