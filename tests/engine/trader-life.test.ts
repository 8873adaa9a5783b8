import { asId, decimal, type TraderId, timestamp } from '@hyperoru/domain';
import {
  createBinding,
  createPrompt,
  createTrader,
  deleteTrader,
  type EngineDeps,
  LLM_KEY_FIELD,
  listTraderCards,
  markDeletion,
  nextSlot,
  type OwnerScope,
  patchTrader,
  resumeDeletions,
  setExchange,
  setLlm,
  setStatus,
  traderCard,
  traderEquity,
  traderOverview,
  VenueUnavailable,
} from '@hyperoru/engine';
import { order } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, addTrader, auditOf, BTC, codeOf, type EngineWorld, openEngineWorld, START_BALANCE, valueOf } from './engine-world.ts';
import { addRun, buy, replaced, secretsOf } from './trader-acts.ts';

const OPENAI = 'https://api.openai.com/v1';

let world: EngineWorld;
let ann: OwnerScope;
beforeAll(async () => {
  world = await openEngineWorld();
  ann = await addPerson(world, 'ann', 'owner');
});
afterAll(() => world.close());

const create = async (): Promise<TraderId> => valueOf(await createTrader(world.deps, ann, { name: 'Trend', description: '' })).trader.id;

describe('the status', () => {
  test('becomes active only with model and exchange; the refusal names the missing steps in order', async () => {
    const traderId = await create();
    const resume = () => setStatus(world.deps, ann, { traderId, status: 'active' });
    expect(await resume()).toMatchObject({ error: { code: 'trader_not_ready', details: [{ field: 'llm' }, { field: 'exchange' }] } });
    valueOf(await setExchange(world.deps, ann, { traderId, venue: 'paper', environment: 'paper' }));
    expect(await resume()).toMatchObject({ error: { code: 'trader_not_ready', details: [{ field: 'llm' }] } });
    valueOf(await setLlm(world.deps, ann, { traderId, model: 'm', baseUrl: world.modelServer.baseUrl }));
    expect(valueOf(await resume())).toMatchObject({ status: 'active', setUpMissing: ['binding'] });
  });

  test('raises the generation with every change and with nothing else', async () => {
    const { id: traderId, generation } = await addTrader(world, ann);
    const set = async (active: boolean) =>
      valueOf(await setStatus(world.deps, ann, { traderId, status: active ? 'active' : 'paused' })).trader.generation;
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
    const runId = await addRun(world, ann, traderId, 'failed', 'The model answered with status 500.');
    expect(await status()).toMatchObject({ status: 'error', statusReason: 'The model answered with status 500.', statusRunId: runId });
    world.clock.jumpWall(1);
    await addRun(world, ann, traderId, 'held');
    expect(await status()).toMatchObject({ status: 'active', statusReason: null, statusRunId: null });
    world.clock.jumpWall(1);
    await addRun(world, ann, traderId, 'failed', 'Again.');
    expect((await status()).status).toBe('error');
    world.clock.jumpWall(1);
    valueOf(await setStatus(world.deps, ann, { traderId, status: 'paused' }));
    expect((await status()).status).toBe('paused');
    valueOf(await setStatus(world.deps, ann, { traderId, status: 'active' }));
    expect((await status()).status).toBe('active');
  });
});

describe('deletion', () => {
  test('stops strategies, destroys secrets, leaves the venue, and keeps the record', async () => {
    const { deps } = world;
    const { id: traderId, generation } = await addTrader(world, ann, { name: 'Gone' });
    valueOf(await setLlm(deps, ann, { traderId, model: 'm', baseUrl: OPENAI, apiKey: 'sk-one' }));
    const runId = await addRun(world, ann, traderId, 'held');
    await deps.venue('paper', 'paper')?.exchange.placeOrder(traderId, {
      clientOrderId: `0x${'f'.repeat(32)}`,
      symbol: BTC,
      side: 'buy',
      type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' },
      quantity: decimal('0.01'),
      reduceOnly: false,
      leverage: 2,
      nonce: 1,
      deadline: timestamp(world.clock.now() + 30_000),
    });
    expect(await deps.venue('paper', 'paper')?.exchange.openOrders(traderId)).toHaveLength(1);

    for (let index = 0; index < 2; index += 1) expect(codeOf(await deleteTrader(deps, ann, { traderId }))).toBeNull();

    expect(secretsOf(world, traderId)).toEqual([]);
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
    await buy(world, ann, traderId, '0.1');
    expect(await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId))).toHaveLength(1);
    valueOf(await deleteTrader(deps, ann, { traderId }));
    expect(await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId))).toEqual([]);
    const closed = await deps.readModel.listPositions(ann, { traderId, status: 'closed' }, { limit: 10, cursor: null });
    expect(closed.items).toMatchObject([{ symbol: 'BTC', quantity: '0', closedBy: 'close' }]);
    expect((await deps.readModel.listOrders(ann, { traderId }, { limit: 10, cursor: null })).items).toMatchObject([
      { purpose: 'close', reduceOnly: true, state: 'filled', filledQuantity: '0.1' },
    ]);
  });

  test('waits for a venue that does not answer, without the model key meanwhile, and is finished later', async () => {
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
    expect(secretsOf(world, traderId)).toEqual([]);
    expect(await resumeDeletions(deps)).toBe(1);
    expect(await resumeDeletions(world.deps)).toBe(1);
    expect(await resumeDeletions(world.deps)).toBe(0);
  });

  test('leaves a position that cannot be closed with its protection, tells so, and is finished later', async () => {
    const { id: traderId } = await addTrader(world, ann);
    await buy(world, ann, traderId, '0.1');
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
    expect(alerts.items.filter(({ code }) => code !== 'external_activity')).toMatchObject([
      { code: 'position_left_btc', severity: 'critical' },
    ]);
    expect(await resumeDeletions(world.deps)).toBe(1);
    expect(await world.deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId))).toEqual([]);
    expect(await resumeDeletions(world.deps)).toBe(0);
  });

  test.each([
    [599_999, 1],
    [600_001, 0],
  ])('stays at its venue for %i ms after an order left no trace there: %i is still leaving', async (laterMs, stillLeaving) => {
    const { id: traderId } = await addTrader(world, ann);
    const now = world.clock.now();
    const lost = order({
      id: asId(world.deps.ids.uuid()),
      clientOrderId: `0x4879${traderId.replaceAll('-', '').slice(0, 28)}`,
      traderId,
      decisionId: null,
      state: 'absent',
      sentAt: now,
      createdAt: now,
      updatedAt: now,
    });
    await world.deps.store.transaction((tx) => tx.orders.insert(lost));
    expect(codeOf(await deleteTrader(world.deps, ann, { traderId }))).toBeNull();
    expect(await resumeDeletions(world.deps)).toBe(1);
    await world.clock.advance(laterMs);
    expect(await resumeDeletions(world.deps)).toBe(1);
    expect(await resumeDeletions(world.deps)).toBe(stillLeaving);
    await world.clock.advance(600_000);
    await resumeDeletions(world.deps);
  });

  test('makes every change a refusal', async () => {
    const { id: traderId } = await addTrader(world, ann);
    valueOf(await deleteTrader(world.deps, ann, { traderId }));
    expect(codeOf(await patchTrader(world.deps, ann, { traderId, name: 'x' }))).toBe('trader_deleted');
    expect(codeOf(await setStatus(world.deps, ann, { traderId, status: 'active' }))).toBe('trader_deleted');
    expect(codeOf(await setLlm(world.deps, ann, { traderId, model: 'm', baseUrl: OPENAI, apiKey: 'sk-late' }))).toBe('trader_deleted');
    expect(codeOf(await setExchange(world.deps, ann, { traderId, venue: 'paper', environment: 'paper' }))).toBe('trader_deleted');
    expect(secretsOf(world, traderId)).toEqual([]);
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
    expect(secretsOf(world, trader.id)).toEqual([]);
    expect(await resumeDeletions(deps)).toBe(0);
  });
});

describe('cards and pages', () => {
  test('show live figures of the venue against what was deposited', async () => {
    const { deps } = world;
    const { id: traderId } = await addTrader(world, ann);
    await buy(world, ann, traderId, '0.1');
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
    const every = (intervalSeconds: number) => ({ type: 'schedule', intervalSeconds }) as const;
    const hourly = valueOf(await createBinding(deps, ann, { ...base, triggers: [every(3_600)] })).binding;
    const minutely = valueOf(await createBinding(deps, ann, { ...base, triggers: [every(60)] })).binding;
    valueOf(await createBinding(deps, ann, { ...base, enabled: false, triggers: [every(5)] }));
    const next = async () => valueOf(await traderCard(deps, ann, { traderId })).nextRunAt;
    const now = world.clock.now();
    expect(await next()).toBe(Math.min(nextSlot(every(3_600), now, hourly.id), nextSlot(every(60), now, minutely.id)));
    valueOf(await setStatus(deps, ann, { traderId, status: 'paused' }));
    expect(await next()).toBeNull();
  });

  test('mark where positions were entered and left', async () => {
    const { id: traderId } = await addTrader(world, ann);
    await buy(world, ann, traderId, '0.1');
    world.clock.jumpWall(1);
    valueOf(await deleteTrader(world.deps, ann, { traderId }));
    world.clock.jumpWall(1);
    const { markers } = valueOf(await traderEquity(world.deps, ann, { traderId, points: 100 }));
    expect(markers.map((marker) => [marker.side, marker.quantity, marker.symbol])).toEqual([
      ['buy', '0.1', 'BTC'],
      ['sell', '0.1', 'BTC'],
    ]);
    expect(markers[1]?.kind).toBe('exit');
    expect(markers[1]?.orderId).not.toBeNull();
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
    valueOf(await setStatus(deps, cyd, { traderId, status: 'active' }));
    valueOf(await setStatus(deps, cyd, { traderId, status: 'active' }));
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
