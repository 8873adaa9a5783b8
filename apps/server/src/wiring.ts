import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  argon2PasswordHasher,
  baseUrlOrigin,
  type DatabaseConnection,
  endpointKey,
  liquidPromptRenderer,
  loadOrCreateKey,
  modelPriceUsd,
  type OpenedStore,
  openAiCompatibleModel,
  openPaperVenue,
  openSecrets,
  openStore,
  type PreloadedRecordings,
  preloadRecordings,
  type Redactor,
  startEmbeddedPostgres,
  startScriptedModelServer,
  systemClock,
  systemIds,
  validateBaseUrl,
} from '@hyperoru/adapters';
import { fromIso } from '@hyperoru/domain';
import {
  CardCache,
  createKeyedMutex,
  type EngineDeps,
  type JobRunner,
  type LanguageModelPort,
  type Log,
  OrdersInFlight,
  type VenueConnection,
} from '@hyperoru/engine';
import type { Config } from './config.ts';
import { openScriptedEndpoint } from './demo/scripted-endpoint.ts';
import { DATA_FOLDER } from './product-paths.ts';
import type { ShutdownStack } from './shutdown.ts';
import { StartProblem } from './start-problem.ts';

const PAPER_TICK_MS = 250;

/** The built engine dependencies with what the composition root needs besides. */
export interface Wiring {
  readonly deps: EngineDeps;
  readonly jobs: JobRunner;
  readonly connections: readonly VenueConnection[];
  /** Where the built-in scripted model listens. */
  readonly scriptedBaseUrl: string;
}

export interface VenueParts {
  readonly rows: OpenedStore['paperRows'];
  readonly clock: EngineDeps['clock'];
  readonly log: Log;
  readonly preloaded: PreloadedRecordings | null;
}

/** What can be read while the database starts. */
export const preload = (config: Config): PreloadedRecordings => preloadRecordings(DATA_FOLDER, fromIso(config.paperReplayStart));

/** Parts that tests may put in the place of the real ones. */
export interface WiringOverrides {
  readonly clock?: EngineDeps['clock'];
  /** Opens the venue in the paper venue's place, on the same rows. */
  readonly openVenue?: (parts: VenueParts) => Promise<VenueConnection & { stop(): Promise<void> }>;
  readonly model?: LanguageModelPort;
}

/** Where the database is: the built-in one is started for it, or attached to when it runs already. */
export async function openServer(config: Config, log: Log, shutdown: ShutdownStack): Promise<DatabaseConnection> {
  if (config.databaseUrl !== null) return { connectionString: config.databaseUrl };
  const server = await startEmbeddedPostgres({ dataDir: join(config.home, 'postgres'), clock: systemClock, log });
  shutdown.add('database server', () => server.stop());
  return server.connection;
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase(config: Config, log: Log, shutdown: ShutdownStack): Promise<OpenedStore> {
  const connection = await openServer(config, log, shutdown);
  const limits = { poolMax: config.poolMax, lanesMax: config.workerSlots };
  const opened = await openStore({ connection, clock: systemClock, ids: systemIds, log, ...limits });
  shutdown.add('database', () => opened.close());
  return opened;
}

/** Constructs every adapter and hands their closing to `shutdown`, in order. The only place that does so. */
export async function wire(
  config: Config,
  io: {
    readonly log: Log;
    readonly redactor: Redactor;
    readonly opened: OpenedStore;
    readonly shutdown: ShutdownStack;
    readonly preloaded: PreloadedRecordings | null;
  },
  overrides: WiringOverrides = {},
): Promise<Wiring> {
  const { log, redactor, opened, shutdown } = io;
  const clock = overrides.clock ?? systemClock;
  const secrets = await openVault(config, opened, redactor);
  const scripted = await openScriptedEndpoint(opened.store, (port) => startScriptedModelServer({ port, log }));
  shutdown.add('scripted model', () => scripted.stop());
  const renderer = liquidPromptRenderer({ clock });
  shutdown.add('prompt renderer', () => renderer.close());
  const policy = { privateEndpoints: [...config.privateEndpoints, new URL(scripted.baseUrl).origin] };
  const venue = await openVenue(config, { rows: opened.paperRows, clock, log, preloaded: io.preloaded }, shutdown, overrides);
  const cards = new CardCache(clock);
  cards.follow(opened.store);
  const deps: EngineDeps = {
    cards,
    clock,
    ids: systemIds,
    log,
    store: opened.store,
    readModel: opened.readModel,
    secrets,
    passwords: argon2PasswordHasher(),
    model: overrides.model ?? openModel(clock, log, policy, shutdown),
    renderer,
    // Alerts are stored and shown already; this version carries them nowhere else.
    notifier: { notify: async (alert) => log.warn('alert.raised', { alertId: alert.id, code: alert.code, traderId: alert.traderId }) },
    venue: (name, environment) => (name === 'paper' && environment === 'paper' ? venue : null),
    isScriptedBaseUrl: (baseUrl) => endpointOf(baseUrl) === endpointOf(scripted.baseUrl),
    checkBaseUrl: (baseUrl) => checkBaseUrl(baseUrl, policy),
    modelPriceUsd,
    inFlight: new OrdersInFlight(),
    mutex: createKeyedMutex(),
  };
  return { deps, jobs: opened.jobs, connections: [venue], scriptedBaseUrl: scripted.baseUrl };
}

/** A missing key file beside stored secrets is a lost key, not a first start: nothing may be made up in its place. */
async function openVault(config: Config, opened: OpenedStore, redactor: Redactor): Promise<EngineDeps['secrets']> {
  const isKeyMissing = config.key === null && !existsSync(config.keyFile);
  if (isKeyMissing && (await opened.secretRows.sample()) !== null) {
    throw new StartProblem(
      `The key file ${config.keyFile} is missing, but the database holds secrets encrypted with it. Put the file back from your backup, or set HYPERORU_KEY_FILE to where it is.`,
    );
  }
  const key = loadOrCreateKey({ keyFile: config.keyFile, dataDir: config.home, envKey: config.key });
  return openSecrets({ rows: opened.secretRows, key, redactor });
}

function openModel(
  clock: EngineDeps['clock'],
  log: Log,
  endpointPolicy: { readonly privateEndpoints: readonly string[] },
  shutdown: ShutdownStack,
): LanguageModelPort {
  const model = openAiCompatibleModel({ clock, log, endpointPolicy });
  shutdown.add('model connections', () => model.close());
  return model;
}

async function openVenue(config: Config, parts: VenueParts, shutdown: ShutdownStack, overrides: WiringOverrides): Promise<VenueConnection> {
  if (overrides.openVenue !== undefined) {
    const venue = await overrides.openVenue(parts);
    shutdown.add('venue', () => venue.stop());
    return venue;
  }
  const replay = {
    dataFolder: DATA_FOLDER,
    speed: config.paperReplaySpeed,
    start: fromIso(config.paperReplayStart),
    tickMs: PAPER_TICK_MS,
    preloaded: parts.preloaded,
  };
  const paper = await openPaperVenue({ ...parts, replay });
  shutdown.add('paper venue', () => paper.stop());
  return {
    exchange: paper.exchange,
    market: paper.market,
    quoteCurrency: 'USD',
    modelLimits: paper.modelLimits,
    startBalance: config.paperStartBalance,
  };
}

function checkBaseUrl(baseUrl: string, policy: { readonly privateEndpoints: readonly string[] }): ReturnType<EngineDeps['checkBaseUrl']> {
  const problem = validateBaseUrl(baseUrl, policy);
  if (problem !== null)
    return { problem: problem.message, origin: URL.canParse(baseUrl) ? new URL(baseUrl).origin : '', needsApiKey: true };
  const isPrivate = policy.privateEndpoints.some((entry) => endpointKey(entry) === endpointOf(baseUrl));
  return { problem: null, origin: baseUrlOrigin(baseUrl), needsApiKey: !isPrivate };
}

const endpointOf = (baseUrl: string): string | null => (URL.canParse(baseUrl) ? endpointKey(new URL(baseUrl).origin) : null);
