import { TEST_BTC, TEST_ETH, TEST_MARKET_TIME, testMarket, testRules } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Symbol } from '../market/instrument.ts';
import { add, type Decimal, decimal, eq, floorToStep, gt, gte, isDecimal, isNegative, lte, neg, sub, sum, ZERO } from '../money/decimal.ts';
import { TIMES_IN_FORCE } from '../orders/order.ts';
import { timestamp } from '../time/timestamp.ts';
import { type AccountState, type MatchedOrder, type MatchingEvent, newMatchingAccount, positionOf, unchanged } from './account-state.ts';
import { advancePrice } from './advance-price.ts';
import { cancelMatchedOrder } from './cancel-order.ts';
import type { MatchingRequest } from './check-request.ts';
import { assertLedger, LedgerBroken } from './invariants.ts';
import { accountMargin } from './margin.ts';
import { matchOrder } from './place-order.ts';

type Action =
  | { readonly kind: 'place'; readonly request: Omit<MatchingRequest, 'clientOrderId' | 'deadline'> }
  | { readonly kind: 'cancel'; readonly index: number }
  | { readonly kind: 'move'; readonly symbol: Symbol; readonly bps: number; readonly wickBps: number; readonly isGap: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

/** A book so thin that orders outgrow it. */
const thin = testRules({ book: { levelNotional: decimal('2000') } });

const aSymbol = fc.constantFrom(TEST_BTC, TEST_ETH);
const aPrice = (symbol: Symbol) => fc.integer({ min: -600, max: 600 }).map((bps) => scaled(symbol === TEST_BTC ? 50000 : 2000, bps));
const aQuantity = (symbol: Symbol) =>
  fc.integer({ min: 1, max: symbol === TEST_BTC ? 900 : 20000 }).map((steps) => decimal((steps / 1000).toFixed(3)));

const aPlacement: fc.Arbitrary<Action> = aSymbol.chain((symbol) =>
  fc.record({
    kind: fc.constant('place' as const),
    request: fc.record({
      symbol: fc.constant(symbol),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: aQuantity(symbol),
      reduceOnly: fc.boolean(),
      leverage: fc.integer({ min: 1, max: 40 }),
      type: fc.oneof(
        fc.record({ kind: fc.constant('limit' as const), price: aPrice(symbol), timeInForce: fc.constantFrom(...TIMES_IN_FORCE) }),
        fc.record({
          kind: fc.constant('trigger' as const),
          triggerPrice: aPrice(symbol),
          trigger: fc.constantFrom('stop_loss' as const, 'take_profit' as const),
        }),
      ),
    }),
  }),
);

const anAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: aPlacement },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), index: fc.nat(20) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      symbol: aSymbol,
      bps: fc.oneof(fc.integer({ min: -150, max: 150 }), fc.integer({ min: -3000, max: 3000 })),
      wickBps: fc.nat(200),
      isGap: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000_000 }) }) },
);

/** A price moved by basis points, on the increment of the test rules. */
function scaled(price: number, bps: number): Decimal {
  return decimal(Math.max(0.5, Math.round((price * (10_000 + bps)) / 10_000 / 0.5) * 0.5).toFixed(1));
}

interface World {
  readonly state: AccountState;
  readonly marks: { readonly BTC: string; readonly ETH: string };
  readonly marketTime: number;
  readonly count: number;
}

/** One action → the world after it, the events it caused and the state before. */
function act(world: World, action: Action): { readonly world: World; readonly events: readonly MatchingEvent[] } {
  const marks =
    action.kind === 'move'
      ? { ...world.marks, [action.symbol]: scaled(Number(world.marks[nameOf(action.symbol)]), action.bps) }
      : world.marks;
  const marketTime = world.marketTime + (action.kind === 'wait' ? action.ms : 0);
  const market = testMarket(marks, { rules: thin, marketTime: timestamp(marketTime) });
  const next = (state: AccountState, events: readonly MatchingEvent[]) => ({
    world: { state, marks, marketTime, count: world.count + 1 },
    events,
  });
  if (action.kind === 'place') {
    const request = { ...action.request, clientOrderId: `p${world.count}`, deadline: timestamp(2_000_000) };
    const result = matchOrder(world.state, request, market);
    return result.ok ? next(result.value.state, result.value.events) : next(world.state, []);
  }
  if (action.kind === 'cancel') {
    const order = world.state.orders[action.index];
    const outcome = (order === undefined ? null : cancelMatchedOrder(world.state, order.clientOrderId)) ?? unchanged(world.state);
    return next(outcome.state, outcome.events);
  }
  const symbol = action.kind === 'move' ? action.symbol : TEST_BTC;
  const from = decimal(world.marks[nameOf(symbol)]);
  const mark = decimal(marks[nameOf(symbol)]);
  const open = action.kind === 'move' && action.isGap ? mark : from;
  const wick = action.kind === 'move' ? action.wickBps : 0;
  const low = scaled(Math.min(Number(open), Number(mark)), -wick);
  const high = scaled(Math.max(Number(open), Number(mark)), wick);
  const outcome = advancePrice(world.state, { symbol, open, low, high, mark }, market);
  return next(outcome.state, outcome.events);
}

const nameOf = (symbol: Symbol): 'BTC' | 'ETH' => (symbol === TEST_BTC ? 'BTC' : 'ETH');

function play(actions: readonly Action[], check: (before: World, after: World, events: readonly MatchingEvent[]) => void): void {
  let world: World = {
    state: newMatchingAccount(decimal('10000')),
    marks: { BTC: '50000', ETH: '2000' },
    marketTime: TEST_MARKET_TIME,
    count: 0,
  };
  for (const action of actions) {
    const { world: after, events } = act(world, action);
    check(world, after, events);
    world = after;
  }
}

const property = (check: Parameters<typeof play>[1], runs = 300): void => {
  fc.assert(
    fc.property(fc.array(anAction, { minLength: 5, maxLength: 60 }), (actions) => play(actions, check)),
    { numRuns: runs },
  );
};

const limitOf = (order: MatchedOrder): Decimal | null => (order.type.kind === 'limit' ? order.type.price : null);

describe('over any sequence of orders, cancels, prices and hours', () => {
  it('the balance is deposits + realized PnL − fees + funding, and moved by exactly what the events say', () => {
    property((before, { state }, events) => {
      expect(state.balance).toBe(sum([state.deposits, state.realizedPnl, neg(state.fees), state.funding]));
      const amounts = events.flatMap((event): Decimal[] => {
        if (event.kind === 'fill') return [sub(event.realizedPnl, event.fill.fee)];
        return event.kind === 'funding' ? [event.funding.amount] : [];
      });
      expect(sub(state.balance, before.state.balance)).toBe(sum(amounts));
    });
  });

  it('a position is the sum of its fills and never 0', () => {
    const held = new Map<string, Decimal>();
    property(({ count }, { state }, events) => {
      if (count === 0) held.clear();
      for (const event of events) {
        if (event.kind !== 'fill') continue;
        const { symbol, side, quantity } = event.fill;
        held.set(symbol, add(held.get(symbol) ?? ZERO, side === 'buy' ? quantity : neg(quantity)));
      }
      for (const symbol of [TEST_BTC, TEST_ETH]) expect(positionOf(state, symbol)?.quantity ?? ZERO).toBe(held.get(symbol) ?? ZERO);
      expect(state.positions.every((position) => !eq(position.quantity, ZERO))).toBe(true);
    });
  });

  it('prices and quantities of fills are positive multiples of the increments and never beyond the limit price', () => {
    const limits = new Map<string, Decimal | null>();
    property((_, after, events) => {
      for (const order of [...after.state.orders, ...events.flatMap((event) => (event.kind === 'order' ? [event.order] : []))]) {
        limits.set(order.clientOrderId, limitOf(order));
      }
      for (const event of events) {
        if (event.kind !== 'fill') continue;
        const { price, quantity, clientOrderId, side } = event.fill;
        expect(floorToStep(price, decimal('0.5'))).toBe(price);
        expect(floorToStep(quantity, decimal('0.001'))).toBe(quantity);
        expect(gt(price, ZERO) && gt(quantity, ZERO)).toBe(true);
        const limit = clientOrderId === null ? null : (limits.get(clientOrderId) ?? null);
        if (limit !== null) expect(side === 'buy' ? lte(price, limit) : gte(price, limit)).toBe(true);
      }
    });
  });

  it('an order fills at most its quantity, rests only while unfilled, and nothing follows its final state', () => {
    const filled = new Map<string, Decimal>();
    const final = new Set<string>();
    property(({ count }, { state }, events) => {
      if (count === 0) {
        filled.clear();
        final.clear();
      }
      for (const event of events) {
        if (event.kind === 'fill' && event.fill.clientOrderId !== null) {
          const { clientOrderId, quantity } = event.fill;
          expect(final.has(clientOrderId)).toBe(false);
          filled.set(clientOrderId, add(filled.get(clientOrderId) ?? ZERO, quantity));
        }
        if (event.kind !== 'order') continue;
        const { order } = event;
        expect(final.has(order.clientOrderId)).toBe(false);
        expect(order.filledQuantity).toBe(filled.get(order.clientOrderId) ?? ZERO);
        expect(lte(order.filledQuantity, order.quantity)).toBe(true);
        if (order.state === 'filled' || order.state === 'canceled') final.add(order.clientOrderId);
      }
      for (const order of state.orders) expect(final.has(order.clientOrderId)).toBe(false);
    });
  });

  it('equity stays a number, an account without positions never owes, and one with positions covers its maintenance after a price step', () => {
    property((before, { state, marks, marketTime }) => {
      const market = testMarket(marks, { marketTime: timestamp(marketTime) });
      const margin = accountMargin(state, market);
      for (const amount of Object.values(margin)) expect(isDecimal(amount)).toBe(true);
      if (state.positions.length === 0) expect(isNegative(state.balance)).toBe(false);
      if (state.positions.length > 0 && before.marks !== marks) expect(gte(margin.equity, margin.maintenance)).toBe(true);
    });
  });

  it('reduce-only orders never outgrow their position', () => {
    property((_, { state }) => {
      for (const order of state.orders.filter((other) => other.reduceOnly)) {
        const held = positionOf(state, order.symbol)?.quantity ?? ZERO;
        const size = order.side === 'sell' ? held : neg(held);
        expect(lte(sub(order.quantity, order.filledQuantity), size)).toBe(true);
      }
    });
  });

  it('state survives JSON unchanged', () => {
    property((_, { state }) => expect(JSON.parse(JSON.stringify(state))).toEqual(state), 50);
  });
});

describe('the sequences above', () => {
  it('reach fills, maker fills, partial fills, triggers, liquidations, funding and shrunk orders', () => {
    const seen = new Set<string>();
    for (const actions of fc.sample(fc.array(anAction, { minLength: 40, maxLength: 60 }), { numRuns: 200, seed: 7 })) {
      play(actions, (_before, _after, events) => {
        for (const event of events) {
          seen.add(event.kind === 'fill' ? `${event.fill.liquidity} fill` : event.kind);
          if (event.kind === 'order') seen.add(`${event.order.type.kind} ${event.order.state} ${event.order.reason ?? ''}`.trim());
        }
      });
    }
    for (const situation of [
      'maker fill',
      'taker fill',
      'liquidation',
      'funding',
      'trigger filled',
      'limit partially_filled',
      'limit canceled ioc_rest_canceled',
      'limit canceled insufficient_margin',
      'trigger canceled position_closed',
      'trigger open reduced_with_position',
      'trigger canceled liquidation',
    ])
      expect(seen).toContain(situation);
  });
});

describe('assertLedger', () => {
  const fresh = newMatchingAccount(decimal('100'));

  it('stops at a balance that nothing explains', () => {
    expect(() => assertLedger(fresh, unchanged({ ...fresh, balance: decimal('101') }))).toThrow(LedgerBroken);
    expect(() => assertLedger(fresh, unchanged({ ...fresh, balance: decimal('101'), realizedPnl: decimal('1') }))).toThrow(LedgerBroken);
  });

  it('stops at a position without fills', () => {
    const position = { symbol: TEST_BTC, quantity: decimal('1'), averageEntryPrice: decimal('1'), leverage: 1 };
    expect(() => assertLedger(fresh, unchanged({ ...fresh, positions: [position] }))).toThrow(LedgerBroken);
  });

  it('stops at a filled order that rests', () => {
    const state = matchOrder(
      fresh,
      {
        clientOrderId: 'a',
        symbol: TEST_BTC,
        side: 'buy',
        type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' },
        quantity: decimal('0.002'),
        reduceOnly: false,
        leverage: 40,
        deadline: timestamp(2_000_000),
      },
      testMarket({ BTC: '50000' }),
    );
    if (!state.ok) throw new Error(state.error.code);
    const filled = state.value.state.orders.map((order) => ({ ...order, filledQuantity: order.quantity }));
    expect(() => assertLedger(fresh, unchanged({ ...state.value.state, orders: filled }))).toThrow(LedgerBroken);
  });
});
