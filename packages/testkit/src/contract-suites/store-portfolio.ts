import { addMs, asId, decimal, type Fill, type FillId, type LedgerEntry, type Position, type PositionId, symbol } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { BTC } from '../factories/market.ts';
import { fill } from '../factories/orders.ts';
import { position } from '../factories/traders.ts';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { orderOf, plantWorld, type StoreUnderTest, type StoreWorld, worldIds } from './store-world.ts';

export function fillOf(world: StoreWorld, at: number, change: Partial<Fill> = {}): Fill {
  return fill({
    id: asId<FillId>(worldIds.uuid()),
    traderId: world.trader.id,
    orderId: null,
    clientOrderId: null,
    tradeId: worldIds.uuid(),
    filledAt: addMs(FAKE_EPOCH, at),
    ...change,
  });
}

export function positionOf(world: StoreWorld, at: number, change: Partial<Position> = {}): Position {
  return position({
    id: asId<PositionId>(worldIds.uuid()),
    traderId: world.trader.id,
    openedByDecisionId: null,
    openedAt: addMs(FAKE_EPOCH, at),
    ...change,
  });
}

export function closedPositionOf(world: StoreWorld, at: number, change: Partial<Position> = {}): Position {
  return positionOf(world, at, {
    quantity: decimal('0'),
    averageExitPrice: decimal('110'),
    realizedPnl: decimal('10'),
    closedAt: addMs(FAKE_EPOCH, at + 1),
    closedBy: 'close',
    ...change,
  });
}

export function entryOf(world: StoreWorld, at: number, change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: worldIds.uuid(),
    traderId: world.trader.id,
    kind: 'deposit',
    amount: decimal('100'),
    symbol: null,
    fillId: null,
    positionId: null,
    at: addMs(FAKE_EPOCH, at),
    ...change,
  };
}

export function describePortfolio(subject: () => StoreUnderTest): void {
  describeFills(subject);
  describePositions(subject);
  describeLedger(subject);
}

function describeFills(subject: () => StoreUnderTest): void {
  describe('fills', () => {
    it('counts a trade once per trader, also when it is reported several times at once', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      const first = fillOf(one, 0);
      const reports = [first, ...Array.from({ length: 4 }, () => fillOf(one, 1, { tradeId: first.tradeId }))];
      const booked = await Promise.all(reports.map((report) => store.transaction((tx) => tx.portfolio.insertFill(report))));
      expect(booked.filter((isNew) => isNew)).toHaveLength(1);
      expect(await store.transaction((tx) => tx.portfolio.insertFill(fillOf(two, 0, { tradeId: first.tradeId })))).toBe(true);
    });

    it('reads fills by id and by order, and knows the last moment', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const placed = orderOf(world);
      const [early, late] = [fillOf(world, 1, { orderId: placed.id, fee: decimal('-0.01') }), fillOf(world, 2, { orderId: placed.id })];
      expect(await store.transaction((tx) => tx.portfolio.lastFillAt(world.trader.id))).toBeNull();
      await store.transaction(async (tx) => {
        await tx.orders.insert(placed);
        await tx.portfolio.insertFill(late);
        await tx.portfolio.insertFill(early);
      });
      expect(await store.transaction((tx) => tx.portfolio.getFill(early.id))).toEqual(early);
      expect(await store.transaction((tx) => tx.portfolio.listFillsByOrder(placed.id))).toEqual([early, late]);
      expect(await store.transaction((tx) => tx.portfolio.listFillsBySymbol(world.trader.id, early.symbol))).toEqual([early, late]);
      expect(await store.transaction((tx) => tx.portfolio.listFillsBySymbol(world.trader.id, symbol('NONE')))).toEqual([]);
      expect(await store.transaction((tx) => tx.portfolio.lastFillAt(world.trader.id))).toBe(late.filledAt);
    });
  });
}

function describePositions(subject: () => StoreUnderTest): void {
  describe('positions', () => {
    it('replaces a position by its id and finds the open one of a symbol', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const opened = positionOf(world, 0);
      await store.transaction((tx) => tx.portfolio.savePosition(opened));
      const grown = { ...opened, quantity: decimal('2'), enteredQuantity: decimal('2'), fees: decimal('0.05') };
      await store.transaction((tx) => tx.portfolio.savePosition(grown));
      expect(await store.transaction((tx) => tx.portfolio.openPosition(world.trader.id, BTC))).toEqual(grown);
      expect(await store.transaction((tx) => tx.portfolio.openPosition(world.trader.id, symbol('ETH')))).toBeNull();
      expect(await store.transaction((tx) => tx.portfolio.listOpenPositions(world.trader.id))).toEqual([grown]);
      const closed = { ...grown, quantity: decimal('0'), closedAt: addMs(FAKE_EPOCH, 5), closedBy: 'take_profit' };
      await store.transaction((tx) => tx.portfolio.savePosition(closed));
      expect(await store.transaction((tx) => tx.portfolio.openPosition(world.trader.id, BTC))).toBeNull();
      expect(await store.transaction((tx) => tx.portfolio.getPosition(opened.id))).toEqual(closed);
    });

    it('never keeps two open positions of a trader in one symbol', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      await store.transaction((tx) => tx.portfolio.savePosition(positionOf(world, 0)));
      await expect(store.transaction((tx) => tx.portfolio.savePosition(positionOf(world, 1)))).rejects.toThrow();
    });

    it('lists the positions closed last, newest first', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const closed = [0, 10, 20].map((at) => closedPositionOf(world, at));
      await store.transaction(async (tx) => {
        for (const one of closed) await tx.portfolio.savePosition(one);
      });
      expect(await store.transaction((tx) => tx.portfolio.listRecentClosed(world.trader.id, 2))).toEqual([closed[2], closed[1]]);
    });
  });
}

function describeLedger(subject: () => StoreUnderTest): void {
  describe('ledger', () => {
    it('books an entry once and sums the amounts exactly', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const deposit = entryOf(world, 0, { amount: decimal('10000.10') });
      const fee = entryOf(world, 1, { kind: 'fee', amount: decimal('-0.000000000000000001'), symbol: BTC });
      expect(await store.transaction((tx) => tx.portfolio.balance(world.trader.id))).toBe('0');
      expect(await store.transaction((tx) => tx.portfolio.insertLedgerEntry(deposit))).toBe(true);
      expect(await store.transaction((tx) => tx.portfolio.insertLedgerEntry(deposit))).toBe(false);
      expect(await store.transaction((tx) => tx.portfolio.insertLedgerEntry(fee))).toBe(true);
      expect(await store.transaction((tx) => tx.portfolio.balance(world.trader.id))).toBe('10000.099999999999999999');
    });

    it('sums results since a moment without deposits and adjustments', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const booked = [
        entryOf(world, 9, { kind: 'realized_pnl', amount: decimal('1000') }),
        entryOf(world, 10, { kind: 'realized_pnl', amount: decimal('5') }),
        entryOf(world, 11, { kind: 'fee', amount: decimal('-0.5') }),
        entryOf(world, 12, { kind: 'funding', amount: decimal('0.25') }),
        entryOf(world, 13, { kind: 'deposit', amount: decimal('77') }),
        entryOf(world, 14, { kind: 'adjustment', amount: decimal('88') }),
      ];
      await store.transaction(async (tx) => {
        for (const entry of booked) await tx.portfolio.insertLedgerEntry(entry);
      });
      expect(await store.transaction((tx) => tx.portfolio.realizedSince(world.trader.id, addMs(FAKE_EPOCH, 10)))).toBe('4.75');
    });

    it('sums the results of all traders since a moment', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      // No other test books this late.
      const day = 86_400_000;
      const since = () => store.transaction((tx) => tx.portfolio.allRealizedSince(addMs(FAKE_EPOCH, day)));
      expect(await since()).toBe('0');
      await store.transaction(async (tx) => {
        await tx.portfolio.insertLedgerEntry(entryOf(one, day - 1, { kind: 'realized_pnl', amount: decimal('50') }));
        await tx.portfolio.insertLedgerEntry(entryOf(one, day, { kind: 'realized_pnl', amount: decimal('-5.5') }));
        await tx.portfolio.insertLedgerEntry(entryOf(two, day + 1, { kind: 'fee', amount: decimal('-0.25') }));
        await tx.portfolio.insertLedgerEntry(entryOf(two, day + 2, { amount: decimal('1000') }));
      });
      expect(await since()).toBe('-5.75');
    });

    it('sums the balance of every trader that has an entry', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      await store.transaction(async (tx) => {
        for (const amount of ['1.5', '-0.25']) await tx.portfolio.insertLedgerEntry(entryOf(one, 0, { amount: decimal(amount) }));
      });
      const balances = await store.transaction((tx) => tx.portfolio.balances());
      expect([balances.get(one.trader.id), balances.get(two.trader.id)]).toEqual(['1.25', undefined]);
    });
  });

  describe('drawdown', () => {
    const DEPOSIT = { kind: 'deposit' } as const;
    const RESULT = { kind: 'realized_pnl' } as const;

    it.each([
      ['nothing booked', [], '0', '0'],
      ['a deposit alone', [[DEPOSIT, '100']], '100', '100'],
      [
        'a loss',
        [
          [DEPOSIT, '100'],
          [RESULT, '-30'],
        ],
        '100',
        '70',
      ],
      [
        'a profit and a loss',
        [
          [DEPOSIT, '100'],
          [RESULT, '50'],
          [{ kind: 'fee' }, '-1'],
          [RESULT, '-30'],
        ],
        '150',
        '119',
      ],
      [
        'a deposit after a loss, which is no profit',
        [
          [DEPOSIT, '100'],
          [RESULT, '-30'],
          [DEPOSIT, '40'],
        ],
        '140',
        '110',
      ],
      [
        'a deposit after a profit',
        [
          [DEPOSIT, '100'],
          [RESULT, '10'],
          [DEPOSIT, '40'],
          [RESULT, '-25'],
        ],
        '150',
        '125',
      ],
      [
        'money taken out, which is no loss',
        [
          [DEPOSIT, '100'],
          [RESULT, '10'],
          [DEPOSIT, '-60'],
        ],
        '50',
        '50',
      ],
      [
        'funding and adjustments, which are results',
        [
          [DEPOSIT, '100'],
          [{ kind: 'funding' }, '2'],
          [{ kind: 'adjustment' }, '-3'],
        ],
        '102',
        '99',
      ],
    ] as const)('knows peak and balance after %s', async (_, booked, peak, balance) => {
      const { store } = subject();
      const world = await plantWorld(subject());
      await store.transaction(async (tx) => {
        // Written in any order: the moments count.
        const entries = booked.map(([kind, amount], at) => entryOf(world, at, { ...kind, amount: decimal(amount) }));
        for (const entry of [...entries].reverse()) await tx.portfolio.insertLedgerEntry(entry);
      });
      expect(await store.transaction((tx) => tx.portfolio.drawdown(world.trader.id))).toEqual({ peak, balance });
    });
  });

  describe('last loss', () => {
    it('is the newest close of a position that lost money, costs included', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const lastLossAt = () => store.transaction((tx) => tx.portfolio.lastLossAt(world.trader.id));
      const closed = (at: number, realizedPnl: string, fees: string, funding: string) =>
        closedPositionOf(world, at, { realizedPnl: decimal(realizedPnl), fees: decimal(fees), funding: decimal(funding) });
      const save = (...positions: readonly Position[]) =>
        store.transaction(async (tx) => {
          for (const one of positions) await tx.portfolio.savePosition(one);
        });
      await save(closed(10, '1', '0.5', '-0.5'), closed(11, '-1', '0', '2'), positionOf(world, 12, { realizedPnl: decimal('-9') }));
      expect(await lastLossAt()).toBeNull();
      await save(closed(20, '1', '0.5', '-0.500001'), closed(15, '-5', '0', '0'), closed(30, '3', '1', '0'));
      expect(await lastLossAt()).toBe(FAKE_EPOCH + 21);
    });
  });
}
