import { describe, expect, test } from 'vitest';
import { asId } from '../ids/ids.ts';
import { symbol } from '../market/instrument.ts';
import { decimal } from '../money/decimal.ts';
import type { Position } from '../positions/position.ts';
import { timestamp } from '../time/timestamp.ts';
import { closedTrade, netPnl } from './closed-trade.ts';

const position: Position = {
  id: asId('00000000-0000-4000-8000-000000000001'),
  traderId: asId('00000000-0000-4000-8000-000000000002'),
  symbol: symbol('BTC'),
  side: 'long',
  quantity: decimal('0'),
  enteredQuantity: decimal('0.5'),
  averageEntryPrice: decimal('40000'),
  averageExitPrice: decimal('40100'),
  leverage: 4,
  realizedPnl: decimal('50'),
  fees: decimal('12.5'),
  funding: decimal('-1.25'),
  openedByDecisionId: null,
  openedAt: timestamp(1_000),
  closedAt: timestamp(9_000),
  closedBy: 'close',
};

describe('closedTrade', () => {
  test('takes the largest quantity at the average entry price as what was entered, whatever the leverage', () => {
    expect(closedTrade(position)?.entryNotional).toBe('20000');
    expect(closedTrade({ ...position, leverage: 1 })?.entryNotional).toBe('20000');
  });

  test('is null while the position is open', () => {
    expect(closedTrade({ ...position, closedAt: null })).toBeNull();
  });

  test('keeps the moments and the parts of the result', () => {
    expect(closedTrade(position)).toEqual({
      grossPnl: '50',
      fees: '12.5',
      funding: '-1.25',
      entryNotional: '20000',
      openedAt: 1_000,
      closedAt: 9_000,
    });
  });
});

describe('netPnl', () => {
  test('subtracts fees and adds funding', () => {
    expect(netPnl({ grossPnl: decimal('50'), fees: decimal('12.5'), funding: decimal('-1.25') })).toBe('36.25');
  });

  test('counts a rebate and received funding as gains', () => {
    expect(netPnl({ grossPnl: decimal('-3'), fees: decimal('-0.5'), funding: decimal('4') })).toBe('1.5');
  });

  test('is exact where floats are not', () => {
    expect(netPnl({ grossPnl: decimal('0.3'), fees: decimal('0.1'), funding: decimal('-0.2') })).toBe('0');
  });
});
