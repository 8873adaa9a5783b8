import { asId, decimal, type Fill, type FillId, type OrderId, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import { describe, expect, test } from 'vitest';
import { markersOf } from './trader-equity.ts';

const uuid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const entry = asId<OrderId>(uuid(1));
const stop = asId<OrderId>(uuid(2));
const purposes = new Map([
  [entry, 'entry'],
  [stop, 'stop_loss'],
] as const);

function fill(id: number, orderId: OrderId | null, price: string, quantity: string, filledAt: number): Fill {
  return {
    id: asId<FillId>(uuid(id)),
    traderId: asId<TraderId>(uuid(9)),
    orderId,
    clientOrderId: null,
    tradeId: String(id),
    symbol: symbol('BTC'),
    side: 'buy',
    price: decimal(price),
    quantity: decimal(quantity),
    fee: decimal('0'),
    liquidity: 'taker',
    isLiquidation: orderId === null,
    filledAt: timestamp(filledAt),
    marketTime: timestamp(filledAt),
  };
}

describe('markersOf', () => {
  test('makes the fills of one order one marker at their average price and last moment', () => {
    const markers = markersOf([fill(3, entry, '100', '1', 10), fill(4, entry, '106', '2', 20)], purposes);
    expect(markers).toEqual([{ at: 20, kind: 'entry', side: 'buy', symbol: 'BTC', price: '104', quantity: '3', orderId: entry }]);
  });

  test('calls every order but an entry an exit, and so what the venue did on its own', () => {
    const markers = markersOf([fill(3, stop, '100', '1', 10), fill(4, null, '90', '1', 20), fill(5, null, '89', '1', 30)], purposes);
    expect(markers.map((marker) => [marker.kind, marker.orderId])).toEqual([
      ['exit', stop],
      ['exit', null],
      ['exit', null],
    ]);
  });

  test('come oldest first, whatever the order of the fills', () => {
    const markers = markersOf([fill(4, stop, '90', '1', 20), fill(3, entry, '100', '1', 10)], purposes);
    expect(markers.map((marker) => marker.at)).toEqual([10, 20]);
  });

  test('rounds an average that does not end', () => {
    expect(markersOf([fill(3, entry, '1', '2', 10), fill(4, entry, '2', '1', 20)], purposes)[0]?.price).toBe('1.333333333333');
  });
});
