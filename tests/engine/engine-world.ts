import {
  argon2PasswordHasher,
  baseUrlOrigin,
  liquidPromptRenderer,
  type OpenedStore,
  openAiCompatibleModel,
  openSecrets,
  openStore,
  PAPER_RULES,
  PaperExchange,
  systemClock,
  systemIds,
  validateBaseUrl,
} from '@hyperoru/adapters';
import { asId, type Symbol, symbol, type Trader, type UserId } from '@hyperoru/domain';
import {
  CardCache,
  createKeyedMutex,
  createTrader,
  type EngineDeps,
  LoginThrottle,
  OrdersInFlight,
  type OwnerScope,
  ownerScope,
  type PasswordHasher,
  setExchange,
  setLlm,
  setStatus,
  type UseCaseResult,
} from '@hyperoru/engine';
import {
  FakeClock,
  MemoryPaperRows,
  type MemorySecretRows,
  type ModelServer,
  memorySecretRows,
  ScriptedMarket,
  startModelServer,
} from '@hyperoru/testkit';
import { freshDatabase } from '../setup/fresh-database.ts';
import { quietLog } from '../setup/quiet-log.ts';

export const BTC: Symbol = symbol('BTC');
export const ETH: Symbol = symbol('ETH');
export const START_BALANCE = '10000';

/** Real store, vault, paper venue, renderer and model transport; time and passwords are quick. */
export interface EngineWorld {
  readonly deps: EngineDeps;
  readonly clock: FakeClock;
  readonly opened: OpenedStore;
  readonly market: ScriptedMarket;
  readonly secretRows: MemorySecretRows;
  readonly modelServer: ModelServer;
  close(): Promise<void>;
}

/** As slow as it needs to be for a test: not at all. `$` marks what was hashed. */
const quickHasher: PasswordHasher = {
  hash: async (password) => `$${systemIds.hash(password)}`,
  verify: async (hash, password) => hash === `$${systemIds.hash(password)}`,
};

export async function openEngineWorld(options: { readonly realPasswords?: boolean } = {}): Promise<EngineWorld> {
  const database = await freshDatabase();
  const opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  const clock = new FakeClock();
  const market = new ScriptedMarket({ rules: PAPER_RULES, clock });
  const exchange = await PaperExchange.open({ rows: new MemoryPaperRows(), market, rules: PAPER_RULES, clock, log: quietLog });
  await market.setMark(BTC, '50000');
  await market.setMark(ETH, '2500');
  const secretRows = memorySecretRows();
  const modelServer = await startModelServer();
  const policy = { privateEndpoints: [modelServer.origin, 'http://localhost:11434'] };
  const model = openAiCompatibleModel({ clock: systemClock, log: quietLog, endpointPolicy: policy });
  const renderer = liquidPromptRenderer({ clock: systemClock });
  const venue = { exchange, market, quoteCurrency: 'USD', modelLimits: ['simulated'], startBalance: START_BALANCE };
  const cards = new CardCache(clock);
  cards.follow(opened.store);
  const deps: EngineDeps = {
    clock,
    ids: systemIds,
    log: quietLog,
    store: opened.store,
    readModel: opened.readModel,
    secrets: await openSecrets({ rows: secretRows, key: new Uint8Array(32).fill(7) }),
    passwords: options.realPasswords === true ? argon2PasswordHasher() : quickHasher,
    model,
    renderer,
    notifier: { notify: async () => undefined },
    venue: (name, environment) => (name === 'paper' && environment === 'paper' ? venue : null),
    isScriptedBaseUrl: (baseUrl) => baseUrl.startsWith('http://127.0.0.1:1/'),
    checkBaseUrl: (baseUrl) => {
      const problem = validateBaseUrl(baseUrl, policy);
      if (problem !== null) return { problem: problem.message, origin: '', needsApiKey: true };
      const origin = baseUrlOrigin(baseUrl);
      return { problem: null, origin, needsApiKey: !policy.privateEndpoints.includes(origin) };
    },
    modelPriceUsd: () => null,
    inFlight: new OrdersInFlight(),
    mutex: createKeyedMutex(),
    cards,
  };
  const close = async (): Promise<void> => {
    await exchange.stop();
    await Promise.all([renderer.close(), model.close(), modelServer.stop()]);
    await opened.close();
    await database.drop();
  };
  return { deps, clock, opened, market, secretRows, modelServer, close };
}

/** The value of a use case that must have worked. */
export function valueOf<T>(result: UseCaseResult<T>): T {
  if (!result.ok) throw new Error(`Expected success, was ${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** The refusal's code, or null when the use case worked. */
export const codeOf = (result: UseCaseResult<unknown>): string | null => (result.ok ? null : result.error.code);

/** A person without a password. */
export async function addPerson(world: EngineWorld, username: string, role: 'owner' | 'member' = 'member'): Promise<OwnerScope> {
  const id = asId<UserId>(systemIds.uuid());
  await world.deps.store.transaction((tx) => tx.users.insert({ id, username, email: null, role, createdAt: world.clock.now() }, '!'));
  return ownerScope(id);
}

export const newThrottle = (world: EngineWorld): LoginThrottle => new LoginThrottle(world.clock);

/** A trader with model and paper exchange, active unless told otherwise. */
export async function addTrader(
  world: EngineWorld,
  scope: OwnerScope,
  options: { readonly name?: string; readonly active?: boolean } = {},
): Promise<Trader> {
  const { deps, modelServer } = world;
  const traderId = valueOf(await createTrader(deps, scope, { name: options.name ?? 'Trend', description: '' })).trader.id;
  valueOf(await setLlm(deps, scope, { traderId, model: 'test-model', baseUrl: modelServer.baseUrl }));
  const ready = valueOf(await setExchange(deps, scope, { traderId, venue: 'paper', environment: 'paper' }));
  if (options.active === false) return ready.trader;
  return valueOf(await setStatus(deps, scope, { traderId, status: 'active' })).trader;
}

/** What the audit log says about a person, oldest first. */
export async function auditOf(world: EngineWorld, scope: OwnerScope) {
  return world.deps.readModel.auditEntries(scope, 0, 1000);
}
