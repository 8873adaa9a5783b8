import type { Redactor } from '@hyperoru/adapters';
import { createEngine, type EngineDeps, needsSetup as isSetupMissing, type Log } from '@hyperoru/engine';
import type { Config } from './config.ts';
import { createDemo } from './demo/create-demo.ts';
import { lockHome } from './home/home-lock.ts';
import { createAccess } from './http/access.ts';
import { buildApp, type HttpApp } from './http/app.ts';
import { DEFAULT_LIMITS, type HttpContext, type RequestLimits } from './http/context.ts';
import { PRODUCT_VERSION } from './http/version.ts';
import { assertPortFree, listen, networkOf, urlOf } from './network.ts';
import { WEB_ROOT } from './product-paths.ts';
import { ShutdownStack } from './shutdown.ts';
import { reasonOf } from './start-problem.ts';
import { openDatabase, preload, type Wiring, type WiringOverrides, wire } from './wiring.ts';

const STOP_GRACE_MS = 5_000;
const SETUP_TOKEN_BYTES = 18;
const READY_CHECK_MS = 2_000;

export interface ProductOptions {
  readonly config: Config;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly webRoot?: string | null;
  readonly limits?: RequestLimits;
  readonly overrides?: WiringOverrides;
}

/** The running product. */
export interface Product {
  readonly url: string;
  readonly port: number;
  readonly deps: EngineDeps;
  readonly app: HttpApp;
  /** Creates the first user; worthless once there is one. */
  readonly setupToken: string;
  /** True while nobody was set up when it started. */
  readonly needsSetup: boolean;
  readonly scriptedBaseUrl: string;
  /** Closes sockets, ends lanes, stops what was started. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts everything in order: folder → port free → database → adapters → listening (not ready) → recovery → lanes → demo.
 * When a step fails, what was started is undone in reverse and the failure is thrown.
 */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const shutdown = new ShutdownStack();
  try {
    return await start(options, shutdown);
  } catch (error) {
    await shutdown.run(options.log);
    throw error;
  }
}

async function start(options: ProductOptions, shutdown: ShutdownStack): Promise<Product> {
  const { config, log } = options;
  const lock = lockHome(config.home);
  shutdown.add('folder lock', () => lock.release());
  const network = networkOf(config);
  await assertPortFree(config);
  const preloaded = options.overrides?.openVenue === undefined ? preload(config) : null;
  const opened = await openDatabase(config, log, shutdown);
  const wiring = await wire(config, { log, redactor: options.redactor, opened, shutdown, preloaded }, options.overrides);
  const { deps } = wiring;
  const engine = createEngine(deps, { jobs: wiring.jobs, connections: wiring.connections });
  const progress = { recovered: false, working: false };
  const setupToken = config.setupToken ?? deps.ids.token(SETUP_TOKEN_BYTES);
  options.redactor.remember(setupToken);
  const app = await buildApp({
    deps,
    version: PRODUCT_VERSION,
    isWorking: () => progress.working,
    readiness: () => readiness(deps, progress),
    access: createAccess(deps, { setupToken, sessionDays: config.sessionDays }),
    network,
    webRoot: options.webRoot === undefined ? WEB_ROOT : options.webRoot,
    limits: options.limits ?? DEFAULT_LIMITS,
  } satisfies HttpContext);
  shutdown.add('engine', () => engine.stop(STOP_GRACE_MS));
  shutdown.add('http', () => app.server.close());
  const port = await listen(app, config);
  await engine.recover();
  progress.recovered = true;
  const needsSetup = await isSetupMissing(deps);
  if (config.demo && needsSetup) await createDemo(deps, { owner: null, baseUrl: wiring.scriptedBaseUrl, isForced: false });
  await engine.start();
  progress.working = true;
  return product({ wiring, app, port, config, setupToken, needsSetup, shutdown, log });
}

function product(parts: {
  wiring: Wiring;
  app: HttpApp;
  port: number;
  config: Config;
  setupToken: string;
  needsSetup: boolean;
  shutdown: ShutdownStack;
  log: Log;
}): Product {
  const { config, port, wiring } = parts;
  return {
    url: urlOf(config, port),
    port,
    deps: wiring.deps,
    app: parts.app,
    setupToken: parts.setupToken,
    needsSetup: parts.needsSetup,
    scriptedBaseUrl: wiring.scriptedBaseUrl,
    stop: () => parts.shutdown.run(parts.log),
  };
}

interface Progress {
  recovered: boolean;
  working: boolean;
}

async function readiness(deps: EngineDeps, progress: Progress): Promise<readonly { readonly name: string; readonly ok: boolean }[]> {
  return [
    { name: 'database', ok: await databaseAnswers(deps) },
    { name: 'recovery', ok: progress.recovered },
    { name: 'lanes', ok: progress.working },
  ];
}

async function databaseAnswers(deps: EngineDeps): Promise<boolean> {
  const giveUp = new AbortController();
  try {
    const answer = deps.readModel.lastEventSeq().then(() => true);
    const tooLate = deps.clock.sleep(READY_CHECK_MS, giveUp.signal).then(() => false);
    return await Promise.race([answer, tooLate.catch(() => false)]);
  } catch (error) {
    deps.log.warn('ready.database_failed', { error: reasonOf(error) });
    return false;
  } finally {
    giveUp.abort();
  }
}
