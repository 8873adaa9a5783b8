import { addMs, asId, BALANCE_TOLERANCE, DIFFERENCE_MS_MIN, decimal, type LedgerEntry, type PositionId, symbol } from '@hyperoru/domain';
import { type Bound, buy, freshPipeline, type MemoryPipeline, type Pipeline, wants } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { ownerScope } from '../access/owner-scope.ts';
import type { VenueAccount } from '../ports/exchange.ts';
import { bookAdjustment } from './book-adjustment.ts';
import { compareWithVenue } from './compare-with-venue.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const compare = async (as: (account: VenueAccount) => VenueAccount = (account) => account): Promise<number> => {
  const account = as(await p.connectionAccount(bound));
  return compareWithVenue(p.deps, p.connection, { trader: bound.trader, account, memory: p.memory });
};
/** Sees a difference, lets time pass and sees it again. */
const settle = async (as?: (account: VenueAccount) => VenueAccount): Promise<number> => {
  expect(await compare(as)).toBe(0);
  await p.clock.advance(DIFFERENCE_MS_MIN);
  return compare(as);
};
const alertsOf = (code: string) => p.alerts.filter((alert) => alert.code === code);
const booked = () => p.deps.readModel.countAdjustments(ownerScope(p.records.ownerId), {});
const richer = (amount: string) => (account: VenueAccount) => ({
  ...account,
  balance: decimal(String(Number(account.balance) + Number(amount))),
});
const deposit = async (amount: string): Promise<void> => {
  const entry: LedgerEntry = {
    id: p.deps.ids.uuid(),
    traderId: bound.trader.id,
    kind: 'deposit',
    amount: decimal(amount),
    symbol: null,
    fillId: null,
    positionId: null,
    at: p.clock.now(),
  };
  await p.records.read((tx) => tx.portfolio.insertLedgerEntry(entry));
};

describe('a balance', () => {
  test('that stays different is booked as an adjustment with an alert', async () => {
    expect(await settle(richer('5'))).toBe(1);
    expect(await p.records.balance(bound.trader.id)).toBe('10005');
    expect(alertsOf('balance_adjusted')).toHaveLength(1);
    expect(await compare(richer('5'))).toBe(0);
  });

  test('that changes again is booked again; the alert stays the one that is open', async () => {
    await settle(richer('5'));
    expect(await settle(richer('8'))).toBe(1);
    expect(await p.records.balance(bound.trader.id)).toBe('10008');
    expect(alertsOf('balance_adjusted')).toHaveLength(1);
    expect(await booked()).toBe(2);
  });

  test('that the records reach meanwhile is not adjusted on top', async () => {
    await compare(richer('5'));
    await p.clock.advance(DIFFERENCE_MS_MIN);
    p.exchange.beforeFills = () => deposit('5');
    expect(await compare(richer('5'))).toBe(0);
    p.exchange.beforeFills = () => undefined;
    expect(await p.records.balance(bound.trader.id)).toBe('10005');
    expect(await booked()).toBe(0);
  });

  test('within the tolerance of rounding is no difference', async () => {
    expect(await settle(richer(BALANCE_TOLERANCE))).toBe(0);
    expect(await booked()).toBe(0);
  });
});

describe('a difference that is explained', () => {
  test('by a fill nobody told us of is booked as that fill, not as an adjustment', async () => {
    p.exchange.losesEvents = true;
    await p.placeByHand(bound, { quantity: '0.01' });
    expect(await settle()).toBe(0);
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '0.01' }]);
    expect(await booked()).toBe(0);
    await p.assertConsistent(bound);
  });

  test('by nothing new is an adjustment, whatever fills and payments are known', async () => {
    await p.run(bound, wants(buy));
    await p.market.passMarketTime(3_600_000);
    await p.idle();
    await p.assertConsistent(bound);
    expect(await settle(richer('5'))).toBe(1);
  });

  test('by funding nobody told us of is booked as that payment', async () => {
    await p.run(bound, wants(buy));
    p.exchange.losesEvents = true;
    await p.market.passMarketTime(3_600_000);
    expect(await settle()).toBe(0);
    expect(await booked()).toBe(0);
    await p.assertConsistent(bound);
  });
});

describe('a position', () => {
  const SOL = symbol('SOL');
  const short = (account: VenueAccount): VenueAccount => ({
    ...account,
    positions: [
      {
        symbol: SOL,
        quantity: decimal('-3'),
        averageEntryPrice: decimal('200'),
        markPrice: decimal('200'),
        unrealizedPnl: decimal('0'),
        margin: decimal('0'),
        leverage: 2,
        liquidationPrice: null,
      },
    ],
  });
  const gone = (account: VenueAccount): VenueAccount => ({ ...account, positions: [] });

  test('that only the venue knows is taken over, with a critical alert', async () => {
    expect(await settle(short)).toBe(1);
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ symbol: SOL, side: 'short', quantity: '3' }]);
    expect(alertsOf('position_adjusted')).toMatchObject([{ severity: 'critical' }]);
  });

  test('that only the records know ends by adjustment', async () => {
    await p.run(bound, wants(buy));
    expect(await settle(gone)).toBe(1);
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ closedBy: 'adjustment' }]);
  });

  test('that the records take over meanwhile is not adjusted', async () => {
    await compare(short);
    await p.clock.advance(DIFFERENCE_MS_MIN);
    const position = { symbol: SOL, side: 'short', quantity: decimal('3') } as const;
    p.exchange.beforeFills = () => p.records.read((tx) => tx.portfolio.savePosition({ ...template(), ...position }));
    expect(await compare(short)).toBe(0);
    p.exchange.beforeFills = () => undefined;
    expect(await booked()).toBe(0);
  });

  const template = () => ({
    id: asId<PositionId>(p.deps.ids.uuid()),
    traderId: bound.trader.id,
    enteredQuantity: decimal('3'),
    averageEntryPrice: decimal('200'),
    averageExitPrice: null,
    leverage: 2,
    realizedPnl: decimal('0'),
    fees: decimal('0'),
    funding: decimal('0'),
    openedByDecisionId: null,
    openedAt: addMs(p.clock.now(), -1),
    closedAt: null,
    closedBy: null,
  });

  test('is not judged while an order on its way may still explain it', async () => {
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'unknown', cause: 'No answer.' }) });
    await p.run(bound, wants(buy));
    const held = (account: VenueAccount): VenueAccount => ({
      ...account,
      positions: short(account).positions.map((each) => ({ ...each, symbol: symbol('BTC'), quantity: decimal('0.0397') })),
    });
    expect(await settle(held)).toBe(0);
    expect(await booked()).toBe(0);
  });
});

test('the same finding of one moment is booked once', async () => {
  const found = { symbol: null, positionId: null, orderId: null, recorded: '1', reported: '2', reason: 'A test.' };
  const book = () => p.records.read((tx) => bookAdjustment(p.deps, tx, bound.trader, { ...found, kind: 'balance' }));
  expect(await book()).toBe(await book());
  expect(await booked()).toBe(1);
});
