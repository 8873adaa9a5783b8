import { add, type Decimal, decimal, neg, symbol, ZERO } from '@hyperoru/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, TestClient } from './test-client.ts';

const BTC = symbol('BTCUSDT');
const PRICES = ['47500', '48500', '49500', '50500', '51500', '52500'];

type Step =
  | { readonly kind: 'market'; readonly side: string; readonly lots: number; readonly reduceOnly: boolean }
  | { readonly kind: 'limit'; readonly side: string; readonly lots: number; readonly price: string }
  | { readonly kind: 'stop'; readonly side: string; readonly lots: number; readonly price: string }
  | { readonly kind: 'cancel'; readonly at: number }
  | { readonly kind: 'move'; readonly price: string };

const side = fc.constantFrom('BUY', 'SELL');
const lots = fc.integer({ min: 3, max: 60 });
const price = fc.constantFrom(...PRICES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('market' as const), side, lots, reduceOnly: fc.boolean() }),
  fc.record({ kind: fc.constant('limit' as const), side, lots, price }),
  fc.record({ kind: fc.constant('stop' as const), side, lots, price }),
  fc.record({ kind: fc.constant('cancel' as const), at: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant('move' as const), price }),
);

function perform(client: TestClient, one: Step): void {
  client.pass(1000);
  if (one.kind === 'move') client.venue.movePrice(BTC, { mark: decimal(one.price) });
  else if (one.kind === 'cancel') {
    const open = client.call('GET', '/fapi/v1/openOrders').rows;
    const order = open[one.at % Math.max(1, open.length)];
    if (order !== undefined) client.call('DELETE', '/fapi/v1/order', { symbol: BTC, orderId: Number(order['orderId']) });
  } else {
    const quantity = (one.lots / 1000).toFixed(3);
    if (one.kind === 'market') client.market(one.side, quantity, { reduceOnly: one.reduceOnly });
    else if (one.kind === 'limit') client.limit(one.side, quantity, one.price);
    else client.algo({ side: one.side, quantity, triggerPrice: one.price, reduceOnly: true });
  }
}

/** The last word on each order, by id. */
const lastOf = (events: readonly Json[], id: string) => new Map(events.map((event) => [event[id], event]));
const CONDITIONAL_ENDS = ['FINISHED', 'CANCELED', 'REJECTED', 'EXPIRED'];

describe('the user stream, whatever happens', () => {
  it('tells of orders, trades, position and balance exactly what a lookup shows afterwards', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const client = new TestClient();
        const stream = client.listenToAccount();
        for (const one of steps) perform(client, one);
        const told = stream.of('ORDER_TRADE_UPDATE');
        const trades = told.filter((event) => Number(event['t']) > 0);

        const seen = client.call('GET', '/fapi/v1/userTrades', { symbol: BTC, limit: 1000 }).rows;
        expect(trades.map(({ t, i, l, L, n }) => [t, i, l, L, n])).toEqual(
          seen.map((trade) => [trade['id'], trade['orderId'], trade['qty'], trade['price'], trade['commission']]),
        );

        const position = trades.reduce<Decimal>(
          (sum, { S, l }) => add(sum, S === 'BUY' ? decimal(String(l)) : neg(decimal(String(l)))),
          ZERO,
        );
        const [held] = client.call('GET', '/fapi/v2/positionRisk', { symbol: BTC }).rows;
        expect(held?.['positionAmt']).toBe(position);
        if (trades.length > 0) {
          const account = stream.of('ACCOUNT_UPDATE').at(-1);
          expect(account).toMatchObject({
            P: [{ pa: position }],
            B: [{ wb: client.call('GET', '/fapi/v3/balance').rows[0]?.['balance'] }],
          });
        }

        const orders = client.call('GET', '/fapi/v1/allOrders', { symbol: BTC, limit: 1000 }).rows;
        const last = lastOf(told, 'i');
        expect([...last.keys()].sort()).toEqual(orders.map((order) => order['orderId']).sort());
        for (const order of orders) {
          expect(last.get(order['orderId'])).toMatchObject({ X: order['status'], z: order['executedQty'], ap: order['avgPrice'] });
        }

        const algos = lastOf(stream.of('ALGO_UPDATE'), 'aid');
        const waiting = client.call('GET', '/fapi/v1/openAlgoOrders').rows.map((order) => order['algoId']);
        const open = [...algos].filter(([, event]) => !CONDITIONAL_ENDS.includes(String(event['X']))).map(([id]) => id);
        expect(open).toEqual(waiting);
      }),
      { numRuns: 100 },
    );
  });
});
