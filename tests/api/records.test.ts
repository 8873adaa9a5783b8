import {
  AnalyticsSummary,
  AuditEntry,
  Decision,
  DecisionDetail,
  Fill,
  Klines,
  MarketPrices,
  Order,
  OrderDetail,
  Position,
  Run,
  RunDetail,
} from '@hyperoru/contracts';
import { symbol } from '@hyperoru/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, type ReadyTrader, runOnce, until } from '../setup/trading.ts';

let server: TestServer;
let ada: ApiClient;
let trader: ReadyTrader;
let runId: string;
let decisionId: string;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  trader = await createReadyTrader(server, ada);
  await ada.put(`/api/traders/${trader.traderId}/status`, { active: true });
  server.model.enqueue(BUY_ANSWER);
  const run = await runOnce(ada, trader.bindingId);
  runId = run.body.id;
  decisionId = run.body.decisions[0].id;
});
afterAll(() => server.stop());

describe('a trade can be walked from its trigger to its fills', () => {
  it('run: with the question, the raw answer and the cost that is unknown', async () => {
    const run = (await ada.get(`/api/runs/${runId}`)).body;
    expect(RunDetail.strict().safeParse(run).error).toBeUndefined();
    expect(run).toMatchObject({ cause: 'manual', state: 'finished', outcome: 'traded', trader_name: 'Ada one' });
    expect(run.model_calls).toMatchObject([{ step: 1, is_scripted: false, cost_usd: null, prompt_tokens: 120 }]);
    expect(run.model_calls[0].raw_answer).toContain('The price rises.');
    const [listed] = (await ada.get(`/api/runs?binding_id=${trader.bindingId}&outcome=traded`)).body.items;
    expect(Run.strict().safeParse(listed).error).toBeUndefined();
  });

  it('decision: with plan, verdict and the orders behind it', async () => {
    const decision = (await ada.get(`/api/decisions/${decisionId}`)).body;
    expect(DecisionDetail.strict().safeParse(decision).error).toBeUndefined();
    expect(decision).toMatchObject({
      decision: { operation: 'buy', leverage: 2 },
      verdict: { status: 'approved' },
      plan: { kind: 'entry', side: 'buy' },
      run: { id: runId },
    });
    expect(decision.orders.map((order: { purpose: string }) => order.purpose).toSorted()).toEqual(['entry', 'stop_loss', 'take_profit']);
    const [listed] = (await ada.get(`/api/decisions?run_id=${runId}`)).body.items;
    expect(Decision.strict().safeParse(listed).error).toBeUndefined();
  });

  it('orders and fills: with their history, amounts as exact text', async () => {
    const orders = (await ada.get(`/api/orders?trader_id=${trader.traderId}&symbol=BTC`)).body.items;
    for (const order of orders) expect(Order.strict().safeParse(order).error).toBeUndefined();
    const entry = orders.find((order: { purpose: string }) => order.purpose === 'entry');
    const detail = (await ada.get(`/api/orders/${entry.id}`)).body;
    expect(OrderDetail.strict().safeParse(detail).error).toBeUndefined();
    const states = detail.history.map((step: { state: string }) => step.state);
    expect(states.slice(0, 2)).toEqual(['intent', 'sent']);
    expect(states.at(-1)).toBe('filled');
    const fills = (await ada.get(`/api/fills?trader_id=${trader.traderId}`)).body.items;
    for (const fill of fills) expect(Fill.strict().safeParse(fill).error).toBeUndefined();
    expect(fills[0]).toMatchObject({ order_id: entry.id, side: 'buy', quantity: expect.stringMatching(/^\d+(\.\d+)?$/) });
    expect((await ada.get('/api/orders?status=final')).body.items.map((order: { id: string }) => order.id)).toContain(entry.id);
    expect((await ada.get('/api/orders?status=open')).body.items).toHaveLength(2);
  });

  it('position: at the mark, with its protection', async () => {
    await server.market.setMark(symbol('BTC'), '60600');
    const [position] = (await ada.get('/api/positions?status=open')).body.items;
    expect(Position.strict().safeParse(position).error).toBeUndefined();
    expect(position).toMatchObject({
      side: 'long',
      mark_price: '60600',
      environment: 'paper',
      closed_at: null,
      opened_by_decision_id: decisionId,
    });
    const expected = (60_600 - Number(position.average_entry_price)) * Number(position.quantity);
    expect(Number(position.unrealized_pnl)).toBeCloseTo(expected, 6);
    expect(Number(position.stop_loss_price)).toBeLessThan(60_000);
    expect(Number(position.take_profit_price)).toBeGreaterThan(60_600);
    expect(Number(position.liquidation_price)).toBeLessThan(60_000);
  });
});

describe('a position', () => {
  it('200: is closed by its owner, also while the trader is paused; 409 when it is closed already', async () => {
    const other = await createReadyTrader(server, ada, { name: 'Closer' });
    await ada.put(`/api/traders/${other.traderId}/status`, { active: true });
    server.model.enqueue(BUY_ANSWER);
    await runOnce(ada, other.bindingId);
    await ada.put(`/api/traders/${other.traderId}/status`, { active: false });
    const [open] = (await ada.get(`/api/positions?trader_id=${other.traderId}`)).body.items;
    expect(await ada.post(`/api/positions/${open.id}/close`)).toMatchObject({
      status: 200,
      body: { is_flat: true, position: { id: open.id } },
    });
    const [closed] = await until(
      async () => (await ada.get(`/api/positions?trader_id=${other.traderId}&status=closed`)).body.items,
      (items) => items.length === 1,
    );
    expect(closed).toMatchObject({ quantity: '0', mark_price: null, unrealized_pnl: null, closed_by: expect.any(String) });
    expect(await ada.post(`/api/positions/${open.id}/close`)).toMatchObject({ status: 409, body: { code: 'POSITION_CLOSED' } });
    const openOrders = (await ada.get(`/api/orders?trader_id=${other.traderId}&status=open`)).body.items;
    expect(openOrders).toEqual([]);
  });

  it('that is closed counts in every analysis, net of fees', async () => {
    const summary = (await ada.get('/api/analytics/summary?days=1')).body;
    expect(AnalyticsSummary.strict().safeParse(summary).error).toBeUndefined();
    expect(summary.total_trades).toBe(1);
    expect(summary.total_pnl).toBeCloseTo(summary.gross_pnl - summary.fees + summary.funding, 6);
    for (const [path, first] of [
      ['by-strategy', { strategy: 'prompt', strategy_name: 'Prompt', trades: 1 }],
      ['by-account', { account_name: 'Closer', is_deleted: false, trades: 1 }],
      ['by-symbol', { symbol: 'BTC', trades: 1 }],
      ['by-operation', { operation: 'buy', trades: 1 }],
      ['by-trigger-type', { trigger_type: 'manual', trades: 1 }],
    ] as const) {
      const { body } = await ada.get(`/api/analytics/${path}`);
      expect(body.items, path).toMatchObject([first]);
      expect(body.items[0].pnl).toBeCloseTo(summary.total_pnl, 6);
    }
  });
});

describe('the audit trail', () => {
  it('is exported as JSON lines or as one array, in order, chained, and verifies', async () => {
    const lines = await ada.get('/api/audit');
    expect(lines.headers.get('content-type')).toContain('application/x-ndjson');
    const entries = lines.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const entry of entries) expect(AuditEntry.strict().safeParse(entry).error).toBeUndefined();
    expect(entries.map((entry) => entry.action)).toContain('trader.created');
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((entry) => entry.seq).toSorted((a, b) => a - b));
    expect((await ada.get('/api/audit?format=json')).body).toHaveLength(entries.length);
    expect((await ada.get('/api/audit/verify')).body).toMatchObject({ intact: true, first_broken_seq: null });
    expect((await ada.get('/api/audit?format=csv')).status).toBe(400);
  });
});

describe('alerts', () => {
  it('200: are open until they are acknowledged, which may be said twice', async () => {
    const failing = await createReadyTrader(server, ada, { name: 'Alarmed' });
    const { deps } = server.product;
    await deps.store.transaction(async (tx) => {
      const owned = (await tx.traders.listLive()).find((candidate) => candidate.id === failing.traderId);
      if (owned === undefined) throw new Error('Expected the trader.');
      const alert = {
        id: deps.ids.uuid() as never,
        ownerId: owned.ownerId,
        traderId: owned.id,
        severity: 'critical' as const,
        code: 'test',
        message: 'Look.',
        createdAt: deps.clock.now(),
        acknowledgedAt: null,
      };
      await tx.journal.insertAlert(alert);
    });
    const [open] = (await ada.get(`/api/alerts?status=open&trader_id=${failing.traderId}`)).body.items;
    expect(open).toMatchObject({ trader_name: 'Alarmed', severity: 'critical', acknowledged_at: null });
    const acknowledged = await ada.post(`/api/alerts/${open.id}/ack`);
    expect(acknowledged).toMatchObject({ status: 200, body: { id: open.id, acknowledged_at: expect.any(String) } });
    expect((await ada.post(`/api/alerts/${open.id}/ack`)).body).toEqual(acknowledged.body);
    expect((await ada.get(`/api/alerts?status=open&trader_id=${failing.traderId}`)).body.items).toEqual([]);
    expect((await ada.get('/api/alerts?status=acknowledged')).body.items).toHaveLength(1);
  });
});

describe('the market', () => {
  it('200: shows prices with their source and age, candles and what there is', async () => {
    const prices = (await ada.get('/api/market/prices')).body;
    expect(MarketPrices.strict().safeParse(prices).error).toBeUndefined();
    expect(prices).toMatchObject({ source: 'script of a test', items: [{ symbol: 'BTC', is_stale: false }, { symbol: 'ETH' }] });
    const candles = (await ada.get('/api/klines/data?symbol=BTC&interval=4h&limit=3')).body;
    expect(Klines.strict().safeParse(candles).error).toBeUndefined();
    expect(candles.items).toHaveLength(3);
    const symbols = (await ada.get('/api/klines/supported-symbols')).body.items;
    expect(symbols).toMatchObject([{ symbol: 'BTC', quote_currency: 'USD' }, { symbol: 'ETH' }]);
  });
});
