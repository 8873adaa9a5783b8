import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor, PAPER_MODEL_LIMITS, PAPER_RULES, PaperExchange, pinoLog, systemClock } from '@hyperoru/adapters';
import { decimal, INTERVAL_MS, symbol, timestamp, toNumber } from '@hyperoru/domain';
import type { Log } from '@hyperoru/engine';
import { type ModelServer, SCRIPT_START, ScriptedMarket, startModelServer } from '@hyperoru/testkit';
import { readConfig } from '../../apps/server/src/config.ts';
import type { RequestLimits } from '../../apps/server/src/http/context.ts';
import { type Product, startProduct } from '../../apps/server/src/product.ts';
import type { VenueParts } from '../../apps/server/src/wiring.ts';
import { ApiClient } from './api-client.ts';
import { quietLog } from './quiet-log.ts';

export const SETUP_TOKEN = 'setup-token-of-the-tests';
export const PASSWORD = 'correct horse battery';
const UNLIMITED: RequestLimits = { requestsPerMinute: 1_000_000, credentialsPerMinute: 1_000_000 };
const BTC = symbol('BTC');
const ETH = symbol('ETH');
/** Quotes must not grow stale while a test looks at something else. */
const REPEAT_QUOTES_MS = 2_000;
const CANDLES = 120;

export interface TestServerOptions {
  /** Settings over the defaults of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: RequestLimits;
  /** `replay` trades on the recorded candles; `scripted` (default) on prices that the test sets. */
  readonly market?: 'scripted' | 'replay';
  /** A PostgreSQL to use; default: a fresh database of the test run. `embedded` starts one of its own. */
  readonly database?: 'fresh' | 'embedded' | { readonly url: string };
  readonly webRoot?: string | null;
  readonly log?: Log;
  /** Lines of the log, for tests that look for what must not be there. */
  readonly onLogLine?: (line: string) => void;
}

/** The whole product in this process: real HTTP on a free port, real database, a fake model, prices set by hand. */
export interface TestServer {
  readonly url: string;
  readonly home: string;
  readonly product: Product;
  /** Set prices here; with `market: 'replay'` nobody listens. */
  readonly market: ScriptedMarket;
  readonly model: ModelServer;
  readonly anonymous: ApiClient;
  /** Creates the first user, who is an owner. */
  setUp(username?: string): Promise<ApiClient>;
  /** Lets an owner invite a further user. */
  invite(owner: ApiClient, username: string): Promise<ApiClient>;
  stop(): Promise<void>;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'hyperoru-api-'));
  const database = await databaseOf(options);
  const model = await startModelServer();
  const market = new ScriptedMarket({ rules: PAPER_RULES, clock: systemClock });
  addHistory(market);
  const config = configOf(home, model, { ...(database.url === null ? {} : { DATABASE_URL: database.url }), ...options.env });
  const redactor = createRedactor();
  const { onLogLine } = options;
  const log = options.log ?? (onLogLine === undefined ? quietLog : pinoLog({ stream: { write: onLogLine }, level: 'debug', redactor }));
  const product = await startProduct({
    config,
    log,
    redactor,
    webRoot: options.webRoot ?? null,
    limits: options.limits ?? UNLIMITED,
    overrides: options.market === 'replay' ? {} : { openVenue: (parts) => openScriptedVenue(market, parts) },
  });
  return {
    url: product.url,
    home,
    product,
    market,
    model,
    anonymous: new ApiClient(product.url),
    setUp: (username = 'ada') => setUp(product.url, username),
    invite: (owner, username) => invite(product.url, owner, username),
    stop: async () => {
      await product.stop();
      await model.stop();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function databaseOf({ database = 'fresh' }: TestServerOptions): Promise<{ readonly url: string | null; drop(): Promise<void> }> {
  const nothing = async () => undefined;
  if (database === 'embedded') return { url: null, drop: nothing };
  if (database !== 'fresh') return { url: database.url, drop: nothing };
  // Only a test run provides databases; a benchmark must be able to import this file without one.
  const { freshDatabase } = await import('./fresh-database.ts');
  return freshDatabase();
}

function configOf(home: string, model: ModelServer, env: Readonly<Record<string, string>>) {
  const read = readConfig(
    {},
    {
      PORT: '0',
      HYPERORU_HOME: home,
      HYPERORU_KEY: Buffer.alloc(32, 7).toString('base64'),
      HYPERORU_SETUP_TOKEN: SETUP_TOKEN,
      HYPERORU_PRIVATE_ENDPOINTS: model.origin,
      HYPERORU_DEMO: '0',
      ...env,
    },
  );
  if (!read.ok) throw new Error(`Expected valid settings, was: ${read.problems.join(' ')}`);
  return read.config;
}

async function openScriptedVenue(market: ScriptedMarket, { rows, clock, log }: VenueParts) {
  const exchange = await PaperExchange.open({ rows, market, rules: PAPER_RULES, clock, log });
  await market.gapTo(BTC, '60000');
  await market.gapTo(ETH, '3000');
  const stopRepeating = clock.every(REPEAT_QUOTES_MS, () => {
    market.passMarketTime(0).catch((error: unknown) => log.warn('test.repeat_failed', { error: String(error) }));
  });
  return {
    exchange,
    market,
    quoteCurrency: 'USD',
    modelLimits: PAPER_MODEL_LIMITS,
    startBalance: '10000',
    stop: async () => {
      stopRepeating();
      await exchange.stop();
    },
  };
}

/** A quiet past, so that a prompt has candles to show. */
function addHistory(market: ScriptedMarket): void {
  for (const [name, price] of [
    [BTC, '60000'],
    [ETH, '3000'],
  ] as const) {
    const value = toNumber(decimal(price));
    const candles = Array.from({ length: CANDLES }, (_unused, index) => ({
      symbol: name,
      interval: '4h' as const,
      openTime: timestamp(SCRIPT_START - (CANDLES - index) * INTERVAL_MS['4h']),
      open: value,
      high: value * 1.001,
      low: value * 0.999,
      close: value,
      volume: 10,
    }));
    market.addCandles(...candles);
  }
}

async function setUp(url: string, username: string): Promise<ApiClient> {
  const answer = await new ApiClient(url).post('/api/setup', { setup_token: SETUP_TOKEN, username, password: PASSWORD });
  if (answer.status !== 201) throw new Error(`Expected the first user, was ${answer.status} ${answer.text}`);
  return new ApiClient(url, answer.body.session_token, answer.body.user.id);
}

async function invite(url: string, owner: ApiClient, username: string): Promise<ApiClient> {
  const invitation = await owner.post('/api/users/invitations');
  const body = { invitation_token: invitation.body.invitation_token, username, password: PASSWORD };
  const answer = await new ApiClient(url).post('/api/users/register', body);
  if (answer.status !== 201) throw new Error(`Expected a further user, was ${answer.status} ${answer.text}`);
  return new ApiClient(url, answer.body.session_token, answer.body.user.id);
}
