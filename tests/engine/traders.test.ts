import { asId, decimal, type Run, type RunId, type TraderId, type TriggerId, timestamp } from '@hyperoru/domain';
import {
  createBinding,
  createPrompt,
  createTrader,
  deleteTrader,
  type EngineDeps,
  LLM_KEY_FIELD,
  listTraderCards,
  markDeletion,
  type OwnerScope,
  patchTrader,
  recoverTrader,
  removeExchange,
  resumeDeletions,
  setExchange,
  setLlm,
  setRisk,
  setStatus,
  testExchange,
  testLlm,
  traderCard,
  traderEquity,
  traderOverview,
  VenueUnavailable,
} from '@hyperoru/engine';
import { position } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addPerson,
  addTrader,
  auditOf,
  BTC,
  codeOf,
  type EngineWorld,
  ETH,
  openEngineWorld,
  START_BALANCE,
  valueOf,
} from './engine-world.ts';

const OPENAI = 'https://api.openai.com/v1';

let world: EngineWorld;
let ann: OwnerScope;
let bob: OwnerScope;
beforeAll(async () => {
  world = await openEngineWorld();
  ann = await addPerson(world, 'ann', 'owner');
  bob = await addPerson(world, 'bob');
});
afterAll(() => world.close());

const create = async (name = 'Trend'): Promise<TraderId> =>
  valueOf(await createTrader(world.deps, ann, { name, description: '' })).trader.id;
const secretsOf = (traderId: TraderId) =>
  [...world.secretRows.rows.values()].filter((row) => row.ownerId === traderId).map((row) => row.origin);
const missing = () => asId<TraderId>(world.deps.ids.uuid());

/** Stores a finished run of the trader, as the pipeline would. */
async function addRun(traderId: TraderId, outcome: Run['outcome'], reason: string | null = null): Promise<RunId> {
  const { deps, clock } = world;
  const id = asId<RunId>(deps.ids.uuid());
  const promptId = valueOf(await createPrompt(deps, ann, { name: 'P', content: 'Decide.' })).id;
  const input = { traderId, promptId, symbols: [BTC], triggers: [], params: {}, enabled: true };
  const { binding } = valueOf(await createBinding(deps, ann, input));
  const trigger = {
    id: asId<TriggerId>(deps.ids.uuid()),
    traderId,
    bindingId: binding.id,
    cause: 'manual' as const,
    eventId: id,
    at: clock.now(),
  };
  const run: Run = {
    id,
    traderId,
    trigger,
    state: 'finished',
    outcome,
    code: outcome,
    reason,
    createdAt: clock.now(),
    startedAt: clock.now(),
    finishedAt: clock.now(),
  };
  await deps.store.transaction((tx) => tx.runs.insert(run));
  return id;
}

/** The same object, but with some of its methods replaced. */
function replaced<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

let orders = 0;
/** Buys at the market and books the fills, as the pipeline would. */
async function buy(traderId: TraderId, quantity: string): Promise<void> {
  orders += 1;
  const exchange = world.deps.venue('paper', 'paper')?.exchange;
  await exchange?.placeOrder(traderId, {
    clientOrderId: `0x${String(orders).padStart(32, '0')}`,
    symbol: BTC,
    side: 'buy',
    type: { kind: 'limit', price: decimal('60000'), timeInForce: 'ioc' },
    quantity: decimal(quantity),
    reduceOnly: false,
    leverage: 2,
    deadline: timestamp(world.clock.now() + 30_000),
  });
  const trader = valueOf(await traderCard(world.deps, ann, { traderId })).trader;
  await recoverTrader(world.deps, trader, new Map(), { isStart: false });
}

describe('a foreign trader', () => {
  test('is refused by every use case exactly as a missing one, and stays as it was', async () => {
    const traderId = await create();
    const { deps } = world;
    const calls = [
      (id: TraderId) => patchTrader(deps, bob, { traderId: id, name: 'Mine now' }),
      (id: TraderId) => setLlm(deps, bob, { traderId: id, model: 'm', baseUrl: OPENAI, apiKey: 'sk-stolen' }),
      (id: TraderId) => testLlm(deps, bob, { traderId: id }),
      (id: TraderId) => setExchange(deps, bob, { traderId: id, venue: 'paper', environment: 'paper' }),
      (id: TraderId) => testExchange(deps, bob, { traderId: id }),
      (id: TraderId) => removeExchange(deps, bob, { traderId: id }),
      (id: TraderId) => setRisk(deps, bob, { traderId: id, risk: { maxLeverage: 50 } }),
      (id: TraderId) => setStatus(deps, bob, { traderId: id, active: true }),
      (id: TraderId) => deleteTrader(deps, bob, { traderId: id }),
      (id: TraderId) => traderCard(deps, bob, { traderId: id }),
      (id: TraderId) => traderOverview(deps, bob, { traderId: id }),
      (id: TraderId) => traderEquity(deps, bob, { traderId: id, points: 10 }),
    ];
    for (const call of calls) {
      const foreign = await call(traderId);
      expect(codeOf(foreign)).toBe('not_found');
      expect(foreign).toEqual(await call(missing()));
    }
    expect(valueOf(await traderCard(deps, ann, { traderId })).trader).toMatchObject({
      name: 'Trend',
      llm: null,
      exchange: null,
      deletedAt: null,
    });
    expect(secretsOf(traderId)).toEqual([]);
  });
});

describe('a new trader', () => {
  test('is paused and misses model, exchange and binding, in this order', async () => {
    const view = valueOf(await createTrader(world.deps, ann, { name: 'New', description: 'x', userId: ann.userId }));
    expect(view).toMatchObject({ status: 'paused', setUpMissing: ['llm', 'exchange', 'binding'], statusReason: null });
  });

  test('belongs to the caller and to nobody else', async () => {
    expect(codeOf(await createTrader(world.deps, ann, { name: 'New', description: '', userId: bob.userId }))).toBe('user_id_mismatch');
  });

  test('is renamed without touching what is left out', async () => {
    const traderId = await create();
    valueOf(await patchTrader(world.deps, ann, { traderId, description: 'Follows trends.' }));
    expect(valueOf(await patchTrader(world.deps, ann, { traderId, name: 'Other' })).trader).toMatchObject({
      name: 'Other',
      description: 'Follows trends.',
    });
  });
});

describe('the model settings', () => {
  const set = (traderId: TraderId, baseUrl: string, apiKey?: string | null) =>
    setLlm(world.deps, ann, { traderId, model: 'gpt-4o', baseUrl, apiKey });

  test.each([
    OPENAI,
    'https://api.anthropic.com/v1',
    'https://generativelanguage.googleapis.com/v1beta',
    'https://api.deepseek.com/v1',
    'https://API.OpenAI.com/v1/',
  ])('give %s back exactly as written', async (baseUrl) => {
    const { llm } = valueOf(await set(await create(), baseUrl, 'sk-one')).trader;
    expect(llm).toMatchObject({ model: 'gpt-4o', baseUrl, hasApiKey: true, isScripted: false });
    expect(llm?.keyFingerprint).toBe(world.deps.ids.hash('sk-one').slice(0, 8));
  });

  test('need a key, except at an endpoint that works without', async () => {
    const traderId = await create();
    expect(codeOf(await set(traderId, OPENAI))).toBe('api_key_required');
    expect(codeOf(await set(traderId, OPENAI, null))).toBe('api_key_required');
    expect(valueOf(await set(traderId, 'http://localhost:11434/v1')).trader.llm).toMatchObject({ hasApiKey: false, keyFingerprint: null });
  });

  test('refuse an address that the operator forbids', async () => {
    expect(codeOf(await set(await create(), 'http://169.254.169.254/v1', 'sk-one'))).toBe('base_url_forbidden');
    expect(codeOf(await set(await create(), 'http://10.0.0.5/v1', 'sk-one'))).toBe('base_url_forbidden');
  });

  test('keep the stored key at the same origin, also under another path', async () => {
    const traderId = await create();
    valueOf(await set(traderId, OPENAI, 'sk-one'));
    expect(valueOf(await set(traderId, 'https://api.openai.com/v2')).trader.llm?.hasApiKey).toBe(true);
    const ref = { ownerId: traderId, field: LLM_KEY_FIELD, origin: 'https://api.openai.com' };
    expect(await world.deps.secrets.reveal(ref)).toBe('sk-one');
  });

  test('never send a key to another origin: a new one is needed, and the refusal changes nothing', async () => {
    const traderId = await create();
    valueOf(await set(traderId, OPENAI, 'sk-one'));
    expect(codeOf(await set(traderId, 'https://api.deepseek.com/v1'))).toBe('api_key_required');
    expect(secretsOf(traderId)).toEqual(['https://api.openai.com']);
    expect(valueOf(await traderCard(world.deps, ann, { traderId })).trader.llm?.baseUrl).toBe(OPENAI);
    valueOf(await set(traderId, 'https://api.deepseek.com/v1', 'sk-two'));
    expect(secretsOf(traderId)).toEqual(['https://api.deepseek.com']);
  });

  test('destroy the key when the new endpoint works without, and when null is sent to it', async () => {
    const traderId = await create();
    valueOf(await set(traderId, OPENAI, 'sk-one'));
    expect(valueOf(await set(traderId, 'http://localhost:11434/v1')).trader.llm?.hasApiKey).toBe(false);
    expect(secretsOf(traderId)).toEqual([]);
    valueOf(await set(traderId, 'http://localhost:11434/v1', 'sk-local'));
    expect(secretsOf(traderId)).toHaveLength(1);
    valueOf(await set(traderId, 'http://localhost:11434/v1', null));
    expect(secretsOf(traderId)).toEqual([]);
  });

  test('say so when the built-in scripted model answers', async () => {
    const deps = { ...world.deps, checkBaseUrl: () => ({ problem: null, origin: 'http://127.0.0.1:1', needsApiKey: false }) };
    const view = valueOf(await setLlm(deps, ann, { traderId: await create(), model: 'demo', baseUrl: 'http://127.0.0.1:1/v1' }));
    expect(view.trader.llm?.isScripted).toBe(true);
  });
});

describe('the test of the model', () => {
  const testOf = async (model: string) => {
    const traderId = await create();
    valueOf(await setLlm(world.deps, ann, { traderId, model, baseUrl: world.modelServer.baseUrl }));
    return valueOf(await testLlm(world.deps, ann, { traderId }));
  };

  test('succeeds when JSON comes back', async () => {
    expect(await testOf('test-model')).toMatchObject({ success: true, code: null, model: 'test-model' });
  });

  test('fails in plain words when the model fails', async () => {
    const failed = await testOf('html-500');
    expect(failed).toMatchObject({ success: false, code: 'model_upstream_error' });
    expect(failed.message).toBe('The provider failed with an error of its own. Try again later.');
  });

  test('fails when something else than JSON comes back', async () => {
    world.modelServer.enqueue('Hello!', 'Hello again!');
    expect(await testOf('test-model')).toMatchObject({ success: false, code: 'model_answer_invalid' });
  });

  test('is refused before there is a model', async () => {
    expect(codeOf(await testLlm(world.deps, ann, { traderId: await create() }))).toBe('trader_not_ready');
  });
});

describe('the exchange', () => {
  const set = (traderId: TraderId, change: Partial<Parameters<typeof setExchange>[2]> = {}) =>
    setExchange(world.deps, ann, { traderId, venue: 'paper', environment: 'paper', ...change });
  const balanceOf = (traderId: TraderId) => world.deps.store.transaction((tx) => tx.portfolio.balance(traderId));

  test('is paper in this version', async () => {
    const traderId = await create();
    expect(codeOf(await set(traderId, { venue: 'hyperliquid', environment: 'testnet' }))).toBe('venue_unavailable');
    expect(codeOf(await set(traderId, { venue: 'binance', environment: 'mainnet' }))).toBe('venue_unavailable');
    expect(codeOf(await set(traderId, { environment: 'mainnet' }))).toBe('venue_unavailable');
    expect(codeOf(await set(traderId, { credentials: { api_key: 'k' } }))).toBe('invalid_request');
    expect(await balanceOf(traderId)).toBe('0');
  });

  test('books the deposit once, however often and at once it is set', async () => {
    const traderId = await create();
    const results = await Promise.all([set(traderId), set(traderId), set(traderId)]);
    expect(results.map(codeOf)).toEqual([null, null, null]);
    expect(await balanceOf(traderId)).toBe(START_BALANCE);
    expect(valueOf(await set(traderId, { credentials: {} })).trader.exchange).toEqual({ venue: 'paper', environment: 'paper' });
    expect(await balanceOf(traderId)).toBe(START_BALANCE);
  });

  test('answers its test with the balance', async () => {
    const traderId = await create();
    expect(codeOf(await testExchange(world.deps, ann, { traderId }))).toBe('trader_not_ready');
    valueOf(await set(traderId));
    expect(valueOf(await testExchange(world.deps, ann, { traderId }))).toMatchObject({
      success: true,
      balance: START_BALANCE,
      currency: 'USD',
    });
  });

  test('is removed from a paused, flat trader only, and comes back with the same balance', async () => {
    const trader = await addTrader(world, ann);
    const input = { traderId: trader.id };
    expect(codeOf(await removeExchange(world.deps, ann, input))).toBe('trader_active');
    valueOf(await setStatus(world.deps, ann, { ...input, active: false }));
    const open = position({ id: asId(world.deps.ids.uuid()), traderId: trader.id, openedByDecisionId: null });
    await world.deps.store.transaction((tx) => tx.portfolio.savePosition(open));
    expect(codeOf(await removeExchange(world.deps, ann, input))).toBe('position_open');
    const closed = { ...open, quantity: decimal('0'), closedAt: world.clock.now(), closedBy: 'close' };
    await world.deps.store.transaction((tx) => tx.portfolio.savePosition(closed));
    expect(valueOf(await removeExchange(world.deps, ann, input)).trader.exchange).toBeNull();
    valueOf(await set(trader.id));
    expect(await balanceOf(trader.id)).toBe(START_BALANCE);
  });
});

describe('the risk limits', () => {
  test('change one by one and stay consistent', async () => {
    const traderId = await create();
    const set = (risk: Parameters<typeof setRisk>[2]['risk']) => setRisk(world.deps, ann, { traderId, risk });
    expect(valueOf(await set({ maxLeverage: 2, maxDailyLoss: null })).trader.risk).toMatchObject({
      maxLeverage: 2,
      maxDailyLoss: null,
      maxOrderNotional: '5000',
    });
    expect(await set({ maxOrderNotional: decimal('10000.01') })).toMatchObject({
      ok: false,
      error: { code: 'limit_invalid', details: [{ field: 'max_order_notional' }] },
    });
    expect(codeOf(await set({ maxOrderNotional: decimal('10000') }))).toBeNull();
    expect(codeOf(await set({ maxTotalNotional: decimal('9999') }))).toBe('limit_invalid');
    expect(codeOf(await set({ maxTotalNotional: undefined }))).toBeNull();
  });

  test('name symbols that the exchange lists, each once', async () => {
    const { id: traderId } = await addTrader(world, ann);
    const set = (allowedSymbols: Parameters<typeof setRisk>[2]['risk']['allowedSymbols']) =>
      setRisk(world.deps, ann, { traderId, risk: { allowedSymbols } });
    expect(codeOf(await set([BTC, ETH]))).toBeNull();
    expect(codeOf(await set([BTC, BTC]))).toBe('limit_invalid');
    expect(codeOf(await set(['DOGE' as typeof BTC]))).toBe('limit_invalid');
    expect(valueOf(await set(null)).trader.risk.allowedSymbols).toBeNull();
  });
});

describe('the status', () => {
  test('becomes active only with model and exchange; the refusal names the missing steps in order', async () => {
    const traderId = await create();
    const resume = () => setStatus(world.deps, ann, { traderId, active: true });
    expect(await resume()).toMatchObject({ error: { code: 'trader_not_ready', details: [{ field: 'llm' }, { field: 'exchange' }] } });
    valueOf(await setExchange(world.deps, ann, { traderId, venue: 'paper', environment: 'paper' }));
    expect(await resume()).toMatchObject({ error: { code: 'trader_not_ready', details: [{ field: 'llm' }] } });
    valueOf(await setLlm(world.deps, ann, { traderId, model: 'm', baseUrl: world.modelServer.baseUrl }));
    expect(valueOf(await resume())).toMatchObject({ status: 'active', setUpMissing: ['binding'] });
  });

  test('raises the generation with every change and with nothing else', async () => {
    const { id: traderId, generation } = await addTrader(world, ann);
    const set = async (active: boolean) => valueOf(await setStatus(world.deps, ann, { traderId, active })).trader.generation;
    expect([await set(true), await set(false), await set(false), await set(true)]).toEqual([
      generation,
      generation + 1,
      generation + 1,
      generation + 2,
    ]);
  });

  test('is error with the reason and the run after a failed run, until a run works or the trader is resumed', async () => {
    const { id: traderId } = await addTrader(world, ann);
    const status = async () => valueOf(await traderCard(world.deps, ann, { traderId }));
    const runId = await addRun(traderId, 'failed', 'The model answered with status 500.');
    expect(await status()).toMatchObject({ status: 'error', statusReason: 'The model answered with status 500.', statusRunId: runId });
    world.clock.jumpWall(1);
    await addRun(traderId, 'held');
    expect(await status()).toMatchObject({ status: 'active', statusReason: null, statusRunId: null });
    world.clock.jumpWall(1);
    await addRun(traderId, 'failed', 'Again.');
    expect((await status()).status).toBe('error');
    world.clock.jumpWall(1);
    valueOf(await setStatus(world.deps, ann, { traderId, active: false }));
    expect((await status()).status).toBe('paused');
    valueOf(await setStatus(world.deps, ann, { traderId, active: true }));
    expect((await status()).status).toBe('active');
  });
});

describe('deletion', () => {
  test('stops strategies, destroys secrets, leaves the venue, and keeps the record', async () => {
    const { deps } = world;
    const { id: traderId, generation } = await addTrader(world, ann, { name: 'Gone' });
    valueOf(await setLlm(deps, ann, { traderId, model: 'm', baseUrl: OPENAI, apiKey: 'sk-one' }));
    const runId = await addRun(traderId, 'held');
    await deps.venue('paper', 'paper')?.exchange.placeOrder(traderId, {
      clientOrderId: `0x${'f'.repeat(32)}`,
      symbol: BTC,
      side: 'buy',
      type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' },
      quantity: decimal('0.01'),
      reduceOnly: false,
      leverage: 2,
      deadline: timestamp(world.clock.now() + 30_000),
    });
    expect(await deps.venue('paper', 'paper')?.exchange.openOrders(traderId)).toHaveLength(1);

    for (let index = 0; index < 2; index += 1) expect(codeOf(await deleteTrader(deps, ann, { traderId }))).toBeNull();

    expect(secretsOf(traderId)).toEqual([]);
    expect(await deps.venue('paper', 'paper')?.exchange.openOrders(traderId)).toEqual([]);
    const card = valueOf(await traderCard(deps, ann, { traderId }));
    expect(card).toMatchObject({ status: 'deleted', equity: null, setUpMissing: [] });
    expect(card.trader).toMatchObject({ name: 'Gone', isActive: false, generation: generation + 1 });
    expect(card.lastRun?.id).toBe(runId);
    expect(await deps.readModel.listBindings(ann, { traderId })).toEqual([]);
    const listed = async (includeDeleted: boolean) =>
      (await listTraderCards(deps, ann, { includeDeleted, page: { limit: 200, cursor: null } })).items.map((item) => item.trader.id);
    expect(await listed(false)).not.toContain(traderId);
    expect(await listed(true)).toContain(traderId);
  });

  test('closes what is open at the market, and books it', async () => {
    const { deps } = world;
    const { id: traderId } = await addTrader(world, ann);
    await buy(traderId, '0.1');
    expect(await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId))).toHaveLength(1);
    valueOf(await deleteTrader(deps, ann, { traderId }));
    expect(await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId))).toEqual([]);
    const closed = await deps.readModel.listPositions(ann, { traderId, status: 'closed' }, { limit: 10, cursor: null });
    expect(closed.items).toMatchObject([{ symbol: 'BTC', quantity: '0', closedBy: 'close' }]);
    expect((await deps.readModel.listOrders(ann, { traderId }, { limit: 10, cursor: null })).items).toMatchObject([
      { purpose: 'close', reduceOnly: true, state: 'filled', filledQuantity: '0.1' },
    ]);
  });

  test('waits for a venue that does not answer, without the model key meanwhile, and is finished at the next start', async () => {
    const { id: traderId } = await addTrader(world, ann);
    await world.deps.secrets.put({ ownerId: traderId, field: LLM_KEY_FIELD, origin: 'https://api.openai.com' }, 'sk-one');
    const silent = { closeAccount: () => Promise.reject(new VenueUnavailable('no answer')) };
    const deps: EngineDeps = {
      ...world.deps,
      venue: (...args) => {
        const connection = world.deps.venue(...args);
        return connection === null ? null : { ...connection, exchange: replaced(connection.exchange, silent) };
      },
    };
    expect(codeOf(await deleteTrader(deps, ann, { traderId }))).toBeNull();
    expect(secretsOf(traderId)).toEqual([]);
    expect(await resumeDeletions(deps)).toBe(1);
    expect(await resumeDeletions(world.deps)).toBe(1);
    expect(await resumeDeletions(world.deps)).toBe(0);
  });

  test('leaves a position that cannot be closed with its protection, tells so, and is finished at a later start', async () => {
    const { id: traderId } = await addTrader(world, ann);
    await buy(traderId, '0.1');
    const noQuotes: EngineDeps = {
      ...world.deps,
      venue: (...args) => {
        const connection = world.deps.venue(...args);
        return connection === null ? null : { ...connection, market: replaced(connection.market, { quote: () => null }) };
      },
    };
    expect(codeOf(await deleteTrader(noQuotes, ann, { traderId }))).toBeNull();
    expect((await world.deps.venue('paper', 'paper')?.exchange.account(traderId))?.positions).toHaveLength(1);
    const alerts = await world.deps.readModel.listAlerts(ann, { traderId, open: true }, { limit: 10, cursor: null });
    expect(alerts.items).toMatchObject([{ code: 'position_left_btc', severity: 'critical' }]);
    expect(await resumeDeletions(world.deps)).toBe(1);
    expect(await world.deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId))).toEqual([]);
    expect(await resumeDeletions(world.deps)).toBe(0);
  });

  test('makes every change a refusal', async () => {
    const { id: traderId } = await addTrader(world, ann);
    valueOf(await deleteTrader(world.deps, ann, { traderId }));
    expect(codeOf(await patchTrader(world.deps, ann, { traderId, name: 'x' }))).toBe('trader_deleted');
    expect(codeOf(await setStatus(world.deps, ann, { traderId, active: true }))).toBe('trader_deleted');
    expect(codeOf(await setLlm(world.deps, ann, { traderId, model: 'm', baseUrl: OPENAI, apiKey: 'sk-late' }))).toBe('trader_deleted');
    expect(codeOf(await setExchange(world.deps, ann, { traderId, venue: 'paper', environment: 'paper' }))).toBe('trader_deleted');
    expect(secretsOf(traderId)).toEqual([]);
  });

  test('is made up at the next start when a crash interrupted it', async () => {
    const { deps } = world;
    const trader = await addTrader(world, ann);
    await deps.secrets.put({ ownerId: trader.id, field: LLM_KEY_FIELD, origin: 'https://api.openai.com' }, 'sk-one');
    await deps.store.transaction(async (tx) => {
      await tx.traders.update({ ...trader, isActive: false, deletedAt: world.clock.now() });
      await markDeletion(tx, trader.id);
    });
    expect(await resumeDeletions(deps)).toBe(1);
    expect(secretsOf(trader.id)).toEqual([]);
    expect(await resumeDeletions(deps)).toBe(0);
  });
});

describe('cards and pages', () => {
  test('show live figures of the venue against what was deposited', async () => {
    const { deps } = world;
    const { id: traderId } = await addTrader(world, ann);
    await buy(traderId, '0.1');
    await world.market.setMark(BTC, '51000');
    const { card, ...overview } = valueOf(await traderOverview(deps, ann, { traderId }));
    expect(card).toMatchObject({ currency: 'USD', openPositions: 1, status: 'active', nextRunAt: null });
    expect(Number(card.pnl)).toBeGreaterThan(90);
    expect(Number(card.pnl)).toBeLessThan(100);
    expect(card.pnlPct).toBeCloseTo(Number(card.pnl) / 100, 4);
    expect(Number(card.equity)).toBeCloseTo(Number(overview.balance) + Number(overview.unrealizedPnl), 8);
    expect(overview).toMatchObject({ totalRuns: 0, totalTrades: 0, llmCostTodayUsd: '0', modelLimits: ['simulated'] });
    await world.market.setMark(BTC, '50000');
  });

  test('name the nearest slot of the schedules of an active trader', async () => {
    const { deps } = world;
    const { id: traderId } = await addTrader(world, ann);
    const promptId = valueOf(await createPrompt(deps, ann, { name: 'P', content: 'Decide.' })).id;
    const base = { traderId, promptId, symbols: [BTC], params: {}, enabled: true };
    valueOf(await createBinding(deps, ann, { ...base, triggers: [{ type: 'schedule', intervalSeconds: 3600 }] }));
    valueOf(await createBinding(deps, ann, { ...base, triggers: [{ type: 'schedule', intervalSeconds: 60 }] }));
    valueOf(await createBinding(deps, ann, { ...base, enabled: false, triggers: [{ type: 'schedule', intervalSeconds: 5 }] }));
    const next = async () => valueOf(await traderCard(deps, ann, { traderId })).nextRunAt;
    expect(await next()).toBe(Math.floor(world.clock.now() / 60_000) * 60_000 + 60_000);
    valueOf(await setStatus(deps, ann, { traderId, active: false }));
    expect(await next()).toBeNull();
  });

  test('draw the equity with its first point at the deposit', async () => {
    const { id: traderId } = await addTrader(world, ann);
    const equity = valueOf(await traderEquity(world.deps, ann, { traderId, points: 100 }));
    expect(equity.points.map((point) => point.equity)).toEqual([START_BALANCE]);
    expect(equity.markers).toEqual([]);
  });
});

describe('what others see of changes', () => {
  test('is one event and one audit entry per change, in its transaction, without any secret', async () => {
    const { deps } = world;
    const cyd = await addPerson(world, 'cyd');
    const before = await deps.readModel.lastEventSeq();
    const traderId = valueOf(await createTrader(deps, cyd, { name: 'Watched', description: '' })).trader.id;
    valueOf(await setLlm(deps, cyd, { traderId, model: 'gpt-4o', baseUrl: OPENAI, apiKey: 'sk-very-secret' }));
    valueOf(await setExchange(deps, cyd, { traderId, venue: 'paper', environment: 'paper' }));
    valueOf(await setStatus(deps, cyd, { traderId, active: true }));
    valueOf(await setStatus(deps, cyd, { traderId, active: true }));
    valueOf(await deleteTrader(deps, cyd, { traderId }));
    const actions = ['trader.created', 'trader.llm_set', 'trader.exchange_set', 'trader.resumed', 'trader.deleted'];
    const entries = await auditOf(world, cyd);
    expect(entries.map((entry) => entry.action)).toEqual(actions);
    expect(entries.map((entry) => entry.actor)).toEqual(actions.map(() => `user:${cyd.userId}`));
    expect(JSON.stringify(entries)).not.toContain('sk-very-secret');
    const events = (await deps.readModel.eventsAfter(before, 100)).filter((event) => event.traderId === traderId);
    expect(events.map((event) => [event.topic, event.ownerId])).toEqual(actions.map(() => ['trader.changed', cyd.userId]));
    expect(await deps.readModel.verifyAudit()).toMatchObject({ firstBrokenSeq: null });
  });
});
