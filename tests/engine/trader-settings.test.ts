import { asId, decimal, type TraderId } from '@hyperoru/domain';
import {
  createTrader,
  deleteTrader,
  LLM_KEY_FIELD,
  type OwnerScope,
  patchTrader,
  removeExchange,
  setExchange,
  setLlm,
  setRisk,
  setStatus,
  testExchange,
  testLlm,
  traderCard,
  traderEquity,
  traderOverview,
} from '@hyperoru/engine';
import { position } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, addTrader, codeOf, type EngineWorld, openEngineWorld, START_BALANCE, valueOf } from './engine-world.ts';
import { secretsOf } from './trader-acts.ts';

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

const create = async (): Promise<TraderId> => valueOf(await createTrader(world.deps, ann, { name: 'Trend', description: '' })).trader.id;
const missing = () => asId<TraderId>(world.deps.ids.uuid());

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
      (id: TraderId) => setStatus(deps, bob, { traderId: id, status: 'active' }),
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
    expect(secretsOf(world, traderId)).toEqual([]);
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
    expect(secretsOf(world, traderId)).toEqual(['https://api.openai.com']);
    expect(valueOf(await traderCard(world.deps, ann, { traderId })).trader.llm?.baseUrl).toBe(OPENAI);
    valueOf(await set(traderId, 'https://api.deepseek.com/v1', 'sk-two'));
    expect(secretsOf(world, traderId)).toEqual(['https://api.deepseek.com']);
  });

  test('destroy the key when the new endpoint works without, and when null is sent to it', async () => {
    const traderId = await create();
    valueOf(await set(traderId, OPENAI, 'sk-one'));
    expect(valueOf(await set(traderId, 'http://localhost:11434/v1')).trader.llm?.hasApiKey).toBe(false);
    expect(secretsOf(world, traderId)).toEqual([]);
    valueOf(await set(traderId, 'http://localhost:11434/v1', 'sk-local'));
    expect(secretsOf(world, traderId)).toHaveLength(1);
    valueOf(await set(traderId, 'http://localhost:11434/v1', null));
    expect(secretsOf(world, traderId)).toEqual([]);
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
    valueOf(await setStatus(world.deps, ann, { ...input, status: 'paused' }));
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
