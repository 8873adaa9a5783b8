import {
  abs,
  add,
  type Decimal,
  decimal,
  floorToStep,
  mul,
  neg,
  type OrderSide,
  type Symbol,
  sub,
  sum,
  type TraderId,
  timestamp,
  ZERO,
} from '@hyperoru/domain';
import type { ExchangePort, MarketDataPort, OrderRequest, SubmitOutcome, VenueEvent } from '@hyperoru/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testId } from '../factories/ids.ts';

/** In what venues differ that no adapter can make alike. */
export interface ExchangeTraits {
  /**
   * What a request meets whose client order id was used before: `refused` for ever, also after a restart · `once` each number
   * is taken once, and nothing is known of the request then · `once_per_run` the same, until the adapter ends.
   */
  readonly usedId: 'refused' | 'once' | 'once_per_run';
  /** What an IOC order meets that matches nothing. */
  readonly unmatchedIoc: 'canceled' | 'expired' | 'rejected';
  readonly hasFillOrKill: boolean;
  /** Protective orders stay when the position is gone; whoever placed them takes them away. */
  readonly keepsTriggers: boolean;
}

const STRICTEST: ExchangeTraits = { usedId: 'refused', unmatchedIoc: 'canceled', hasFillOrKill: true, keepsTriggers: false };

/** A venue under test: the adapter, and the hand that moves what stands behind it. */
export interface ExchangeHarness {
  /** Default: those of the paper venue, the strictest of all. */
  readonly traits?: ExchangeTraits;
  /** The adapter as it is now; another one after `restart`. */
  readonly exchange: ExchangePort;
  readonly market: MarketDataPort;
  /** A symbol whose mark can be set. */
  readonly symbol: Symbol;
  /** Moves the mark through all prices between; resolves when the venue has settled it. */
  setMark(price: string): Promise<void>;
  /** Lets the clock that deadlines are compared with run on. */
  passTime(ms: number): Promise<void>;
  now(): number;
  /** The next order is accepted and its answer lost. */
  loseNextAnswer(): void;
  /** The next order is accepted and lookups deny it for a while. */
  hideNextOrder(forMs: number): void;
  /** The next order is refused by the venue, with this code where it can be chosen; returns the code it comes with. */
  rejectNextOrder(code: string): string;
  /** Ends adapter and venue without warning and starts both again from what is durable. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A client order id in the form of ours. */
const clientOrderId = (n: number): string => `0x${n.toString(16).padStart(32, '0')}`;
const NEVER_SENT = clientOrderId(0);
const START_BALANCE = decimal('10000');
const START_MARK = '50000';
const DEADLINE_MS = 10_000;
/** Traders of the suite get ids from here on, each test its own: a venue may keep what earlier tests left. */
let nextTrader = 101;

/** What every venue adapter must do, whatever stands behind it. */
export function exchangeContract(name: string, makeHarness: () => Promise<ExchangeHarness>): void {
  describe(`${name} as ExchangePort`, () => {
    const bench = new Bench(makeHarness);
    beforeEach(() => bench.setUp());
    afterEach(() => bench.tearDown());
    describe('accounts', () => accountGuarantees(bench));
    describe('placing', () => placingGuarantees(bench));
    describe('refusals', () => refusalGuarantees(bench));
    describe('resting and trigger orders', () => restingGuarantees(bench));
    describe('cancel', () => cancelGuarantees(bench));
    describe('lookups', () => lookupGuarantees(bench));
    describe('unknown outcomes', () => unknownGuarantees(bench));
    describe('restart', () => restartGuarantees(bench));
  });
}

/** One venue with one open account and the words the suite speaks. */
class Bench {
  readonly #make: () => Promise<ExchangeHarness>;
  #harness: ExchangeHarness | null = null;
  #orders = 0;
  trader = testId<TraderId>(nextTrader);
  otherTrader = testId<TraderId>(nextTrader);
  events: VenueEvent[] = [];

  constructor(make: () => Promise<ExchangeHarness>) {
    this.#make = make;
  }

  async setUp(): Promise<void> {
    this.#harness = await this.#make();
    this.events = [];
    this.trader = testId<TraderId>(nextTrader++);
    this.otherTrader = testId<TraderId>(nextTrader++);
    await this.harness.setMark(START_MARK);
    await this.exchange.openAccount(this.trader, { startBalance: START_BALANCE });
    this.listen();
  }

  async tearDown(): Promise<void> {
    await this.#harness?.close();
    this.#harness = null;
  }

  listen(): void {
    this.exchange.onEvent((event) => this.events.push(event));
  }

  get harness(): ExchangeHarness {
    if (this.#harness === null) throw new Error('Expected a venue that is set up.');
    return this.#harness;
  }

  get exchange(): ExchangePort {
    return this.harness.exchange;
  }

  get traits(): ExchangeTraits {
    return this.harness.traits ?? STRICTEST;
  }

  /** The request was made before: it is not accepted, and nothing happens. */
  async isTakenOnce(request: OrderRequest): Promise<void> {
    const held = await this.held();
    const outcome = await this.exchange.placeOrder(this.trader, request);
    if (this.traits.usedId === 'refused') expect(outcome).toMatchObject({ kind: 'rejected', code: 'duplicate_client_order_id' });
    else expect(outcome).toMatchObject({ kind: 'unknown', cause: expect.any(String) });
    expect(await this.held()).toBe(held);
  }

  /** Waits until the adapter has told such an event of the trader. */
  async told(isMeant: (event: VenueEvent) => boolean): Promise<void> {
    await vi.waitFor(() => expect(this.events.filter((event) => event.traderId === this.trader).some(isMeant)).toBe(true));
  }

  /** An IOC limit order with room to fill, unless told otherwise. */
  request(side: OrderSide, quantity: string, changes: Partial<OrderRequest> = {}): OrderRequest {
    this.#orders += 1;
    return {
      clientOrderId: clientOrderId(this.#orders),
      symbol: this.harness.symbol,
      side,
      type: { kind: 'limit', price: this.away(side === 'buy' ? 0.01 : -0.01), timeInForce: 'ioc' },
      quantity: decimal(quantity),
      reduceOnly: false,
      leverage: 10,
      deadline: timestamp(this.harness.now() + DEADLINE_MS),
      nonce: this.harness.now() + this.#orders,
      ...changes,
    };
  }

  place(side: OrderSide, quantity: string, changes: Partial<OrderRequest> = {}): Promise<SubmitOutcome> {
    return this.exchange.placeOrder(this.trader, this.request(side, quantity, changes));
  }

  /** A limit price at a share away from the mark. */
  limit(share: number, timeInForce: 'gtc' | 'ioc' | 'fok' | 'post_only' = 'gtc'): Partial<OrderRequest> {
    return { type: { kind: 'limit', price: this.away(share), timeInForce } };
  }

  trigger(trigger: 'stop_loss' | 'take_profit', share: number): Partial<OrderRequest> {
    return { type: { kind: 'trigger', trigger, triggerPrice: this.away(share) }, reduceOnly: true };
  }

  away(share: number): Decimal {
    const { market, symbol } = this.harness;
    const mark = market.quote(symbol)?.mark ?? decimal(START_MARK);
    const increment = market.instrument(symbol)?.priceIncrement ?? decimal('1');
    return floorToStep(mul(mark, decimal((1 + share).toFixed(6))), increment);
  }

  async held(): Promise<Decimal> {
    const account = await this.exchange.account(this.trader);
    return account.positions.find((position) => position.symbol === this.harness.symbol)?.quantity ?? ZERO;
  }

  fills() {
    return this.exchange.fillsSince(this.trader, timestamp(0));
  }
}

function accountGuarantees(bench: Bench): void {
  it('start with the balance given and nothing else', async () => {
    expect(await bench.exchange.account(bench.trader)).toEqual({ balance: '10000', equity: '10000', available: '10000', positions: [] });
  });

  it('opened again keep what they have', async () => {
    await bench.place('buy', '0.1');
    await bench.exchange.openAccount(bench.trader, { startBalance: decimal('99999') });
    expect(await bench.held()).toBe('0.1');
    expect((await bench.exchange.account(bench.trader)).balance).not.toBe('99999');
  });

  it('do not touch each other', async () => {
    await bench.exchange.openAccount(bench.otherTrader, { startBalance: START_BALANCE });
    await bench.place('buy', '0.1');
    expect((await bench.exchange.account(bench.otherTrader)).positions).toEqual([]);
    expect(await bench.exchange.fillsSince(bench.otherTrader, timestamp(0))).toEqual([]);
  });

  it('closed have nothing resting, and their history stays readable', async () => {
    await bench.place('buy', '0.1');
    await bench.place('buy', '0.1', bench.limit(-0.1));
    await bench.exchange.closeAccount(bench.trader);
    await bench.exchange.closeAccount(bench.trader);
    expect(await bench.exchange.openOrders(bench.trader)).toEqual([]);
    expect(await bench.fills()).toHaveLength(1);
  });

  it('tell equity as balance plus unrealized PnL, and what a position needs', async () => {
    await bench.place('buy', '0.1');
    await bench.harness.setMark('51000');
    const { balance, equity, positions } = await bench.exchange.account(bench.trader);
    const [position] = positions;
    expect(position).toMatchObject({ symbol: bench.harness.symbol, quantity: '0.1', markPrice: '51000', leverage: 10, margin: '510' });
    expect(equity).toBe(add(balance, position?.unrealizedPnl ?? ZERO));
  });
}

function placingGuarantees(bench: Bench): void {
  it('accepts an order that matches, fills it within its limit and charges a fee', async () => {
    const request = bench.request('buy', '0.1');
    const outcome = await bench.exchange.placeOrder(bench.trader, request);
    expect(outcome).toMatchObject({ kind: 'accepted', venueOrderId: expect.any(String) });
    const [fill] = await bench.fills();
    expect(fill).toMatchObject({
      clientOrderId: request.clientOrderId,
      side: 'buy',
      quantity: '0.1',
      liquidity: 'taker',
      isLiquidation: false,
    });
    expect(Number(fill?.price)).toBeLessThanOrEqual(Number(bench.away(0.01)));
    expect((await bench.exchange.account(bench.trader)).balance).toBe(sub(START_BALANCE, fill?.fee ?? ZERO));
  });

  it('cancels the rest of an IOC order that does not match in full', async () => {
    const request = bench.request('buy', '0.1', bench.limit(-0.01, 'ioc'));
    const { unmatchedIoc } = bench.traits;
    const outcome = unmatchedIoc === 'rejected' ? { kind: 'rejected', code: 'ioc_not_matched' } : { kind: 'accepted' };
    expect(await bench.exchange.placeOrder(bench.trader, request)).toMatchObject(outcome);
    expect(await bench.exchange.findOrder(bench.trader, request.clientOrderId)).toMatchObject({
      state: unmatchedIoc,
      filledQuantity: '0',
      averagePrice: null,
    });
    expect(await bench.held()).toBe('0');
  });

  it('closes with a reduce-only order, never more than there is', async () => {
    await bench.place('buy', '0.1');
    const close = bench.request('sell', '5', { reduceOnly: true });
    expect(await bench.exchange.placeOrder(bench.trader, close)).toMatchObject({ kind: 'accepted' });
    expect(await bench.held()).toBe('0');
    expect(await bench.exchange.findOrder(bench.trader, close.clientOrderId)).toMatchObject({ filledQuantity: '0.1' });
  });

  it('sells short and tells the position with its sign', async () => {
    await bench.place('sell', '0.1');
    expect(await bench.held()).toBe('-0.1');
  });

  it('tells of order and fill once they are durable', async () => {
    const request = bench.request('buy', '0.1');
    await bench.exchange.placeOrder(bench.trader, request);
    await bench.told((event) => event.kind === 'fill' && event.fill.clientOrderId === request.clientOrderId);
    await bench.told((event) => event.kind === 'order' && event.order.state === 'filled');
  });

  it('fills many orders placed at once, each once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => bench.place('buy', '0.01', { leverage: 10 })));
    expect(outcomes.every((outcome) => outcome.kind === 'accepted')).toBe(true);
    expect(await bench.held()).toBe('0.1');
    expect(new Set((await bench.fills()).map((fill) => fill.tradeId)).size).toBe(10);
  });
}

function refusalGuarantees(bench: Bench): void {
  const refusedWith = async (outcome: Promise<SubmitOutcome>, code: string): Promise<void> => {
    expect(await outcome).toMatchObject({ kind: 'rejected', code, message: expect.stringMatching(/\.$/) });
    expect(await bench.held()).toBe('0');
    expect(await bench.exchange.openOrders(bench.trader)).toEqual([]);
  };

  it('come with a code and a sentence, and leave nothing behind', async () => {
    await refusedWith(bench.place('buy', '100'), 'insufficient_margin');
    await refusedWith(bench.place('buy', '0.1', { leverage: 1000 }), 'invalid_leverage');
    await refusedWith(bench.place('sell', '0.1', { reduceOnly: true }), 'reduce_only_would_increase');
    await refusedWith(bench.place('buy', '0.1', bench.limit(0.01, 'post_only')), 'post_only_would_match');
    const noFok = bench.traits.hasFillOrKill ? 'fok_not_filled' : 'time_in_force_unsupported';
    await refusedWith(bench.place('buy', '0.1', bench.limit(-0.01, 'fok')), noFok);
    await refusedWith(
      bench.place('buy', '0.1', { type: { kind: 'limit', price: decimal('50000.0000001'), timeInForce: 'ioc' } }),
      'invalid_price',
    );
    await refusedWith(bench.place('buy', '0.1000000001'), 'invalid_quantity');
    const smallest = bench.harness.market.instrument(bench.harness.symbol)?.quantityMin ?? '0.0001';
    await refusedWith(bench.place('buy', smallest, bench.limit(-0.5)), 'below_minimum_notional');
  });

  it('hold for a trigger that is reached already', async () => {
    await bench.place('buy', '0.1');
    expect(await bench.place('sell', '0.1', bench.trigger('stop_loss', 0.01))).toMatchObject({
      kind: 'rejected',
      code: 'would_trigger_immediately',
    });
  });

  it('meet an order after its deadline, and at its deadline not yet', async () => {
    const late = bench.request('buy', '0.1');
    const punctual = bench.request('buy', '0.1');
    await bench.harness.passTime(DEADLINE_MS);
    expect(await bench.exchange.placeOrder(bench.trader, punctual)).toMatchObject({ kind: 'accepted' });
    await bench.harness.passTime(1);
    expect(await bench.exchange.placeOrder(bench.trader, late)).toMatchObject({ kind: 'rejected', code: 'expired_deadline' });
  });

  it('meet a client order id used before, whatever became of that order', async () => {
    const filled = bench.request('buy', '0.1');
    const resting = bench.request('buy', '0.1', bench.limit(-0.1));
    for (const request of [filled, resting]) await bench.exchange.placeOrder(bench.trader, request);
    await bench.exchange.cancelOrder(bench.trader, resting.clientOrderId);
    for (const request of [filled, resting])
      await bench.isTakenOnce({ ...request, deadline: timestamp(bench.harness.now() + DEADLINE_MS) });
    expect(await bench.held()).toBe('0.1');
  });

  it('of the venue itself arrive with its code', async () => {
    const code = bench.harness.rejectNextOrder('venue_says_no');
    await refusedWith(bench.place('buy', '0.1'), code);
  });
}

function restingGuarantees(bench: Bench): void {
  it('a GTC order rests, fills when the price goes through it and leaves the open orders', async () => {
    const request = bench.request('buy', '0.1', bench.limit(-0.02));
    await bench.exchange.placeOrder(bench.trader, request);
    expect(await bench.exchange.openOrders(bench.trader)).toMatchObject([
      { clientOrderId: request.clientOrderId, state: 'open', quantity: '0.1' },
    ]);
    await bench.harness.setMark('48000');
    expect(await bench.exchange.openOrders(bench.trader)).toEqual([]);
    expect(await bench.fills()).toMatchObject([{ price: '49000', quantity: '0.1', liquidity: 'maker' }]);
  });

  it.each<[string, OrderSide, 'stop_loss' | 'take_profit', number, string]>([
    ['a stop-loss of a long', 'buy', 'stop_loss', -0.02, '48500'],
    ['a take-profit of a long', 'buy', 'take_profit', 0.02, '51500'],
    ['a stop-loss of a short', 'sell', 'stop_loss', 0.02, '51500'],
    ['a take-profit of a short', 'sell', 'take_profit', -0.02, '48500'],
  ])('%s fires when the mark reaches it and closes the position', async (_, side, trigger, share, mark) => {
    const opposite: OrderSide = side === 'buy' ? 'sell' : 'buy';
    await bench.place(side, '0.1');
    const request = bench.request(opposite, '0.1', bench.trigger(trigger, share));
    expect(await bench.exchange.placeOrder(bench.trader, request)).toMatchObject({ kind: 'accepted' });
    await bench.harness.setMark((side === 'buy') === (trigger === 'stop_loss') ? '49500' : '50500');
    expect(await bench.exchange.openOrders(bench.trader)).toHaveLength(1);
    await bench.harness.setMark(mark);
    expect(await bench.held()).toBe('0');
    expect(await bench.exchange.findOrder(bench.trader, request.clientOrderId)).toMatchObject({ state: 'filled', filledQuantity: '0.1' });
  });

  it('a protective order tells what the venue would fill after part of its position is closed', async () => {
    await bench.place('buy', '0.1');
    const stop = bench.request('sell', '0.1', bench.trigger('stop_loss', -0.02));
    await bench.exchange.placeOrder(bench.trader, stop);
    await bench.place('sell', '0.04', { reduceOnly: true });
    const left = { quantity: bench.traits.keepsTriggers ? '0.1' : '0.06', filledQuantity: '0' };
    expect(await bench.exchange.openOrders(bench.trader)).toMatchObject([{ clientOrderId: stop.clientOrderId, ...left }]);
    expect(await bench.exchange.findOrder(bench.trader, stop.clientOrderId)).toMatchObject(left);
    await bench.place('buy', '0.04');
    expect(await bench.exchange.openOrders(bench.trader)).toMatchObject([left]);
    await bench.place('sell', '0.04', { reduceOnly: true });
    await bench.harness.setMark('48500');
    expect(await bench.exchange.findOrder(bench.trader, stop.clientOrderId)).toMatchObject({ state: 'filled', filledQuantity: '0.06' });
  });

  it('the other protective order goes once the position is flat', async () => {
    await bench.place('buy', '0.1');
    const stop = bench.request('sell', '0.1', bench.trigger('stop_loss', -0.02));
    await bench.exchange.placeOrder(bench.trader, stop);
    await bench.place('sell', '0.1', bench.trigger('take_profit', 0.02));
    await bench.harness.setMark('51500');
    expect(await bench.held()).toBe('0');
    const state = bench.traits.keepsTriggers ? 'open' : 'canceled';
    expect(await bench.exchange.openOrders(bench.trader)).toHaveLength(bench.traits.keepsTriggers ? 1 : 0);
    expect(await bench.exchange.findOrder(bench.trader, stop.clientOrderId)).toMatchObject({ state, filledQuantity: '0' });
  });
}

function cancelGuarantees(bench: Bench): void {
  it('takes a resting order away, and says the same when asked again', async () => {
    const request = bench.request('buy', '0.1', bench.limit(-0.1));
    await bench.exchange.placeOrder(bench.trader, request);
    expect(await bench.exchange.cancelOrder(bench.trader, request.clientOrderId)).toBe('canceled');
    expect(await bench.exchange.cancelOrder(bench.trader, request.clientOrderId)).toBe('canceled');
    expect(await bench.exchange.openOrders(bench.trader)).toEqual([]);
  });

  it('tells a filled order from one that never was', async () => {
    const request = bench.request('buy', '0.1');
    await bench.exchange.placeOrder(bench.trader, request);
    expect(await bench.exchange.cancelOrder(bench.trader, request.clientOrderId)).toBe('filled');
    expect(await bench.exchange.cancelOrder(bench.trader, NEVER_SENT)).toBe('not_found');
  });
}

function lookupGuarantees(bench: Bench): void {
  it('find an order by client order id in every state, and none that never was', async () => {
    const filled = bench.request('buy', '0.1');
    const resting = bench.request('buy', '0.1', bench.limit(-0.1));
    for (const request of [filled, resting]) await bench.exchange.placeOrder(bench.trader, request);
    expect(await bench.exchange.findOrder(bench.trader, filled.clientOrderId)).toMatchObject({
      state: 'filled',
      filledQuantity: '0.1',
      side: 'buy',
      type: filled.type,
    });
    expect(await bench.exchange.findOrder(bench.trader, resting.clientOrderId)).toMatchObject({
      state: 'open',
      filledQuantity: '0',
      type: resting.type,
    });
    expect(await bench.exchange.findOrder(bench.trader, NEVER_SENT)).toBeNull();
    expect(await bench.exchange.findOrder(bench.otherTrader, filled.clientOrderId).catch(() => null)).toBeNull();
  });

  it('give every fill at or after the moment, oldest first, whose sum is the position', async () => {
    await bench.place('buy', '0.1');
    await bench.harness.passTime(5);
    const since = timestamp(bench.harness.now());
    await bench.place('buy', '0.2');
    await bench.harness.passTime(5);
    await bench.place('sell', '0.05');
    const all = await bench.fills();
    expect(sum(all.map((fill) => (fill.side === 'buy' ? fill.quantity : neg(fill.quantity))))).toBe(await bench.held());
    expect(all.map((fill) => fill.filledAt)).toEqual(all.map((fill) => fill.filledAt).toSorted((a, b) => a - b));
    const newer = await bench.exchange.fillsSince(bench.trader, since);
    expect(sum(newer.map((fill) => abs(fill.quantity)))).toBe('0.25');
    expect(await bench.exchange.fillsSince(bench.trader, timestamp(bench.harness.now() + 1))).toEqual([]);
  });
}

function unknownGuarantees(bench: Bench): void {
  it('a lost answer is unknown, the order is there and was placed once', async () => {
    bench.harness.loseNextAnswer();
    const request = bench.request('buy', '0.1');
    expect(await bench.exchange.placeOrder(bench.trader, request)).toMatchObject({ kind: 'unknown', cause: expect.any(String) });
    expect(await bench.exchange.findOrder(bench.trader, request.clientOrderId)).toMatchObject({ state: 'filled' });
    await bench.isTakenOnce(request);
    expect(await bench.fills()).toHaveLength(1);
  });

  it('an order that lookups deny for a while is found afterwards', async () => {
    bench.harness.hideNextOrder(1000);
    const request = bench.request('buy', '0.1', bench.limit(-0.1));
    await bench.exchange.placeOrder(bench.trader, request);
    expect(await bench.exchange.findOrder(bench.trader, request.clientOrderId)).toBeNull();
    expect(await bench.exchange.openOrders(bench.trader)).toEqual([]);
    await bench.harness.passTime(1000);
    expect(await bench.exchange.findOrder(bench.trader, request.clientOrderId)).toMatchObject({ state: 'open' });
  });
}

function restartGuarantees(bench: Bench): void {
  it('keeps balance, positions, resting orders, fills and used client order ids', async () => {
    const filled = bench.request('buy', '0.1');
    await bench.exchange.placeOrder(bench.trader, filled);
    await bench.place('sell', '0.1', bench.trigger('stop_loss', -0.02));
    const before = [await bench.exchange.account(bench.trader), await bench.exchange.openOrders(bench.trader), await bench.fills()];
    await bench.harness.restart();
    expect([await bench.exchange.account(bench.trader), await bench.exchange.openOrders(bench.trader), await bench.fills()]).toEqual(
      before,
    );
    if (bench.traits.usedId !== 'once_per_run') await bench.isTakenOnce(filled);
  });

  it('goes on: a stop placed before fires after', async () => {
    await bench.place('buy', '0.1');
    await bench.place('sell', '0.1', bench.trigger('stop_loss', -0.02));
    await bench.harness.restart();
    bench.listen();
    await bench.harness.setMark('48500');
    expect(await bench.held()).toBe('0');
    await bench.told((event) => event.kind === 'fill' && event.fill.side === 'sell');
  });
}
