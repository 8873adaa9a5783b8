import { decimal, type OrderSide, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import { type OrderRequest, type VenueEvent, VenueUnavailable } from '@hyperoru/engine';
import { FakeClock, MemoryPaperRows, memoryLog, ScriptedMarket, testId } from '@hyperoru/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PaperFault } from './faults.ts';
import { PAPER_RULES } from './instruments.ts';
import { PaperExchange } from './paper-exchange.ts';

const BTC = symbol('BTC');
const TRADER = testId<TraderId>(1);
const HOUR_MS = 3_600_000;

let clock: FakeClock;
let rows: MemoryPaperRows;
let market: ScriptedMarket;
let exchange: PaperExchange;
let events: VenueEvent[];
let fault: PaperFault | null;
let orders = 0;

async function open(): Promise<PaperExchange> {
  market = new ScriptedMarket({ rules: PAPER_RULES, clock, saved: await rows.loadMarket('script') });
  const faults = { take: () => fault };
  const opened = await PaperExchange.open({ rows, market, rules: PAPER_RULES, clock, log: memoryLog(), faults });
  events = [];
  opened.onEvent((event) => events.push(event));
  return opened;
}

beforeEach(async () => {
  clock = new FakeClock();
  rows = new MemoryPaperRows();
  fault = null;
  exchange = await open();
  await market.setMark(BTC, '50000');
  await exchange.openAccount(TRADER, { startBalance: decimal('10000') });
});

function request(side: OrderSide, quantity: string, changes: Partial<OrderRequest> = {}): OrderRequest {
  orders += 1;
  return {
    clientOrderId: `order-${orders}`,
    symbol: BTC,
    side,
    type: { kind: 'limit', price: decimal(side === 'buy' ? '51000' : '49000'), timeInForce: 'ioc' },
    quantity: decimal(quantity),
    reduceOnly: false,
    leverage: 10,
    nonce: 1,
    deadline: timestamp(clock.now() + 10_000),
    ...changes,
  };
}

const resting = (price: string): Partial<OrderRequest> => ({ type: { kind: 'limit', price: decimal(price), timeInForce: 'gtc' } });
const stop = (price: string): Partial<OrderRequest> => ({
  type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal(price) },
  reduceOnly: true,
});
const held = async (): Promise<string> => (await exchange.account(TRADER)).positions[0]?.quantity ?? '0';

describe('durability', () => {
  it('answers and tells nothing before the commit has resolved', async () => {
    const release = rows.holdCommits();
    let isAnswered = false;
    const placing = exchange.placeOrder(TRADER, request('buy', '0.1')).then(() => {
      isAnswered = true;
    });
    await clock.advance(1);
    expect([isAnswered, events, await held()]).toEqual([false, [], '0']);
    release();
    await placing;
    expect(events.length).toBeGreaterThan(0);
    expect(await held()).toBe('0.1');
  });

  it('lets lookups wait for an order that is being stored instead of denying it', async () => {
    const release = rows.holdCommits();
    const order = request('buy', '0.1');
    const placing = exchange.placeOrder(TRADER, order);
    const looking = Promise.all([exchange.findOrder(TRADER, order.clientOrderId), exchange.fillsSince(TRADER, timestamp(0))]);
    await clock.advance(20_000);
    release();
    const [found, fills] = await looking;
    expect([found?.state, fills.length]).toEqual(['filled', 1]);
    await placing;
  });

  it('a commit that failed leaves nothing behind, the outcome is unknown, and the next order works', async () => {
    rows.failNext('fails');
    const failed = request('buy', '0.1');
    expect(await exchange.placeOrder(TRADER, failed)).toMatchObject({ kind: 'unknown' });
    expect(await exchange.findOrder(TRADER, failed.clientOrderId)).toBeNull();
    expect(await held()).toBe('0');
    expect(events).toEqual([]);
    expect(await exchange.placeOrder(TRADER, request('buy', '0.2'))).toMatchObject({ kind: 'accepted' });
    expect(await held()).toBe('0.2');
  });

  it('a commit that was stored although it failed is found again and never done twice', async () => {
    rows.failNext('is_stored_then_fails');
    const doubtful = request('buy', '0.1');
    expect(await exchange.placeOrder(TRADER, doubtful)).toMatchObject({ kind: 'unknown' });
    expect(await exchange.findOrder(TRADER, doubtful.clientOrderId)).toMatchObject({ state: 'filled' });
    expect(await exchange.placeOrder(TRADER, doubtful)).toMatchObject({ kind: 'rejected', code: 'duplicate_client_order_id' });
    expect(await held()).toBe('0.1');
    expect(await exchange.fillsSince(TRADER, timestamp(0))).toHaveLength(1);
  });

  it('a cancel whose commit failed is unknown, and the order still rests', async () => {
    const order = request('buy', '0.1', resting('40000'));
    await exchange.placeOrder(TRADER, order);
    rows.failNext('fails');
    expect(await exchange.cancelOrder(TRADER, order.clientOrderId)).toBe('unknown');
    expect(await exchange.cancelOrder(TRADER, order.clientOrderId)).toBe('canceled');
  });

  it('a stop whose commit failed fires with the next price that is past it', async () => {
    await exchange.placeOrder(TRADER, request('buy', '0.1'));
    await exchange.placeOrder(TRADER, request('sell', '0.1', stop('49000')));
    rows.failNext('fails');
    await market.setMark(BTC, '48900');
    expect(await held()).toBe('0.1');
    await market.setMark(BTC, '48800');
    expect(await held()).toBe('0');
  });

  it('an account that could not be opened can be opened later', async () => {
    const other = testId<TraderId>(2);
    rows.failNext('fails');
    await expect(exchange.openAccount(other, { startBalance: decimal('5') })).rejects.toThrow(VenueUnavailable);
    await expect(exchange.account(other)).rejects.toThrow(VenueUnavailable);
    await exchange.openAccount(other, { startBalance: decimal('5') });
    expect((await exchange.account(other)).balance).toBe('5');
  });

  it('orders of many traders at one moment share commits', async () => {
    const traders = Array.from({ length: 100 }, (_, index) => testId<TraderId>(1000 + index));
    await Promise.all(traders.map((trader) => exchange.openAccount(trader, { startBalance: decimal('10000') })));
    const before = rows.commits;
    const outcomes = await Promise.all(traders.map((trader) => exchange.placeOrder(trader, request('buy', '0.1'))));
    expect(outcomes.every((outcome) => outcome.kind === 'accepted')).toBe(true);
    expect(rows.commits - before).toBeLessThan(5);
  });
});

describe('prices', () => {
  it('that change nothing but marks are not stored', async () => {
    await exchange.placeOrder(TRADER, request('buy', '0.1'));
    const before = rows.commits;
    await market.setMark(BTC, '50500');
    await market.setMark(BTC, '50400');
    expect(rows.commits).toBe(before);
    expect((await exchange.account(TRADER)).positions[0]?.markPrice).toBe('50400');
  });

  it('are stored with every change of an account, so that both go on together', async () => {
    await market.setMark(BTC, '50700');
    await exchange.placeOrder(TRADER, request('buy', '0.1'));
    exchange = await open();
    expect(market.quote(BTC)?.mark).toBe('50700');
    expect((await exchange.account(TRADER)).positions[0]?.markPrice).toBe('50700');
  });

  it('are stored on their own after ten seconds without a change, and when the venue stops', async () => {
    const before = rows.commits;
    await clock.advance(9_999);
    await market.setMark(BTC, '50100');
    expect(rows.commits).toBe(before);
    await clock.advance(1);
    await market.setMark(BTC, '50200');
    expect(rows.commits).toBe(before + 1);
    await market.setMark(BTC, '50300');
    await exchange.stop();
    expect(await rows.loadMarket('script')).toMatchObject({ marks: [['BTC', '50300']] });
  });
});

describe('funding', () => {
  it('is paid at the full hour of market time, told, and readable as often as one likes', async () => {
    await exchange.placeOrder(TRADER, request('sell', '0.1'));
    await market.passMarketTime(HOUR_MS);
    const paid = [{ symbol: BTC, amount: '0.0625', rate: '0.0000125' }];
    expect(await exchange.fundingSince(TRADER, timestamp(0))).toMatchObject(paid);
    expect(events.filter((event) => event.kind === 'funding')).toHaveLength(1);
    exchange = await open();
    await market.passMarketTime(1);
    expect(await exchange.fundingSince(TRADER, timestamp(0))).toMatchObject(paid);
  });
});

describe('a closed account', () => {
  it('refuses orders, stands still while prices move, and goes on when opened again', async () => {
    await exchange.placeOrder(TRADER, request('buy', '0.1'));
    await exchange.closeAccount(TRADER);
    expect(await exchange.placeOrder(TRADER, request('sell', '0.1'))).toMatchObject({ kind: 'rejected', code: 'account_closed' });
    await market.passMarketTime(5 * HOUR_MS);
    await exchange.openAccount(TRADER, { startBalance: decimal('10000') });
    await market.passMarketTime(1);
    expect(await exchange.fundingSince(TRADER, timestamp(0))).toEqual([]);
    expect(await exchange.placeOrder(TRADER, request('sell', '0.1', { reduceOnly: true }))).toMatchObject({ kind: 'accepted' });
  });

  it('stays closed over a restart, and closing one that never was is nothing', async () => {
    await exchange.closeAccount(TRADER);
    await exchange.closeAccount(testId<TraderId>(3));
    exchange = await open();
    expect(await exchange.placeOrder(TRADER, request('buy', '0.1'))).toMatchObject({ kind: 'rejected', code: 'account_closed' });
  });
});

describe('liquidation', () => {
  it('arrives as a fill without an order of ours, and cancels what rests', async () => {
    await exchange.placeOrder(TRADER, request('buy', '1.9', { leverage: 10 }));
    await exchange.placeOrder(TRADER, request('buy', '0.001', resting('30000')));
    await market.setMark(BTC, '40000');
    const fills = await exchange.fillsSince(TRADER, timestamp(0));
    expect(fills.at(-1)).toMatchObject({ isLiquidation: true, clientOrderId: null, side: 'sell', quantity: '1.9' });
    const account = await exchange.account(TRADER);
    expect(account.positions).toEqual([]);
    expect(Number(account.balance)).toBeGreaterThanOrEqual(0);
    expect(await exchange.openOrders(TRADER)).toEqual([]);
  });
});

describe('faults and listeners', () => {
  it('an accepted order answered by an error is unknown and there', async () => {
    fault = { kind: 'accept_then_error' };
    const order = request('buy', '0.1');
    expect(await exchange.placeOrder(TRADER, order)).toMatchObject({ kind: 'unknown' });
    expect(await exchange.findOrder(TRADER, order.clientOrderId)).toMatchObject({ state: 'filled' });
  });

  it('a listener that throws disturbs neither the order nor the other listeners', async () => {
    const seen: string[] = [];
    exchange.onEvent(() => {
      throw new Error('listener');
    });
    const unsubscribe = exchange.onEvent((event) => seen.push(event.kind));
    expect(await exchange.placeOrder(TRADER, request('buy', '0.1'))).toMatchObject({ kind: 'accepted' });
    expect(seen).toEqual(['fill', 'order']);
    unsubscribe();
    await exchange.placeOrder(TRADER, request('buy', '0.1'));
    expect(seen).toHaveLength(2);
  });
});

it('refuses to start on an account it cannot read', async () => {
  await rows.commit({ accounts: [{ traderId: TRADER, state: { format: 99 } }], orders: [], fills: [], funding: [], market: [] });
  await expect(open()).rejects.toThrow(/format 1/);
});
