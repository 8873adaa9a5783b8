import { describe, expect, test } from 'vitest';
import { asId, type PositionId, type TraderId } from '../ids/ids.ts';
import { symbol } from '../market/instrument.ts';
import { decimal } from '../money/decimal.ts';
import { timestamp } from '../time/timestamp.ts';
import { adjustPosition } from './adjust-position.ts';
import type { Position } from './position.ts';

const BTC = symbol('BTC');
const AT = timestamp(2_000);
const by = {
  newPositionId: asId<PositionId>('00000000-0000-4000-8000-000000000009'),
  traderId: asId<TraderId>('00000000-0000-4000-8000-000000000002'),
  at: AT,
};
const reported = (quantity: string) => ({ symbol: BTC, quantity: decimal(quantity), averageEntryPrice: decimal('101'), leverage: 3 });
const opened = (quantity: string): Position => {
  const { open } = adjustPosition(null, { ...reported(quantity), averageEntryPrice: decimal('100') }, { ...by, at: timestamp(1_000) });
  if (open === null) throw new Error('Expected an open position.');
  return { ...open, id: asId<PositionId>('00000000-0000-4000-8000-000000000001'), realizedPnl: decimal('7') };
};

describe('a position follows the venue', () => {
  test('when it is larger there: it was entered', () => {
    const { closed, open } = adjustPosition(opened('2'), reported('3'), by);
    expect(closed).toBeNull();
    expect(open).toMatchObject({ quantity: '3', enteredQuantity: '3', averageEntryPrice: '101', realizedPnl: '7', closedAt: null });
  });

  test('when it is smaller there: what was entered stays', () => {
    expect(adjustPosition(opened('-2'), reported('-0.5'), by).open).toMatchObject({ side: 'short', quantity: '0.5', enteredQuantity: '2' });
  });

  test('when it is gone there: it is closed, by name, with what its fills had realized', () => {
    const { closed, open } = adjustPosition(opened('2'), reported('0'), by);
    expect(open).toBeNull();
    expect(closed).toMatchObject({ quantity: '0', closedAt: AT, closedBy: 'adjustment', realizedPnl: '7' });
  });

  test('when it is only there: it begins, opened by no decision', () => {
    const { closed, open } = adjustPosition(null, reported('-2'), by);
    expect(closed).toBeNull();
    expect(open).toMatchObject({
      id: by.newPositionId,
      side: 'short',
      quantity: '2',
      averageEntryPrice: '101',
      leverage: 3,
      openedByDecisionId: null,
    });
  });

  test('when it is on the other side there: one ends and another begins', () => {
    const { closed, open } = adjustPosition(opened('2'), reported('-1'), by);
    expect(closed).toMatchObject({ quantity: '0', closedBy: 'adjustment' });
    expect(open).toMatchObject({ id: by.newPositionId, side: 'short', quantity: '1', openedAt: AT });
  });

  test('and nothing is made of nothing', () => {
    expect(adjustPosition(null, reported('0'), by)).toEqual({ closed: null, open: null });
  });
});
