import {
  asId,
  type Decimal,
  decimal,
  type Position,
  type PositionId,
  type Run,
  type TraderId,
  timestamp,
  toIso,
  ZERO,
} from '@hyperoru/domain';
import {
  type AnalyticsQuery,
  analyticsByAccount,
  analyticsByOperation,
  analyticsByStrategy,
  analyticsBySymbol,
  analyticsByTriggerType,
  analyticsSummary,
  deleteTrader,
} from '@hyperoru/engine';
import { decisionOf, finishedRunOf, modelCallOf, newUser, plantWorld, position, type StoreWorld } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, BTC, codeOf, type EngineWorld, ETH, openEngineWorld, valueOf } from './engine-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: EngineWorld;
/** Two traders of one person: the first trades by schedule and by hand, the second is deleted afterwards. */
let first: StoreWorld;
let second: StoreWorld;
beforeAll(async () => {
  world = await openEngineWorld();
  first = await plantWorld(world.opened, { trader: { name: 'First', exchange: null } });
  second = await plantWorld(world.opened, { owner: first.owner, trader: { name: 'Second', exchange: null, isDemo: true } });
  await deposit(first, '1000');
  await deposit(second, '500');
  await trade(first, { ageDays: 40, pnl: '100' });
  await trade(first, { ageDays: 5, pnl: '60', fees: '4', funding: '-1', cause: 'schedule' });
  await trade(first, { ageDays: 4, pnl: '-30', fees: '2', funding: '0.5', cause: 'manual', symbol: ETH, side: 'short' });
  await trade(second, { ageDays: 3, pnl: '-20', cause: 'schedule' });
  await trade(first, { ageDays: 2, pnl: '10', cause: null });
  await trade(first, { ageDays: 1, pnl: '999', open: true });
  valueOf(await deleteTrader(world.deps, first.scope, { traderId: second.trader.id }));
});
afterAll(() => world.close());

interface TradeInput {
  readonly ageDays: number;
  readonly pnl: string;
  readonly fees?: string;
  readonly funding?: string;
  /** null = by hand at the venue, without a decision. */
  readonly cause?: Run['trigger']['cause'] | null;
  readonly symbol?: Position['symbol'];
  readonly side?: Position['side'];
  readonly open?: boolean;
}

async function deposit(of: StoreWorld, amount: string): Promise<void> {
  const entry = { id: world.deps.ids.uuid(), traderId: of.trader.id, kind: 'deposit' as const, amount: decimal(amount) };
  await world.deps.store.transaction((tx) =>
    tx.portfolio.insertLedgerEntry({ ...entry, symbol: null, fillId: null, positionId: null, at: timestamp(0) }),
  );
}

/** A round trip of two hours on 1,000 of notional. */
async function trade(of: StoreWorld, input: TradeInput): Promise<void> {
  const closedAt = timestamp(world.clock.now() - input.ageDays * DAY_MS);
  const cause = input.cause === undefined ? 'schedule' : input.cause;
  const run = finishedRunOf(of, 0, { id: asId(world.deps.ids.uuid()) });
  const caused: Run = { ...run, trigger: { ...run.trigger, cause: cause ?? 'manual' } };
  const record = decisionOf(of, caused, { id: asId(world.deps.ids.uuid()) });
  const made = position({
    id: asId<PositionId>(world.deps.ids.uuid()),
    traderId: of.trader.id,
    symbol: input.symbol ?? BTC,
    side: input.side ?? 'long',
    quantity: input.open === true ? decimal('10') : ZERO,
    enteredQuantity: decimal('10'),
    averageEntryPrice: decimal('100'),
    realizedPnl: decimal(input.pnl),
    fees: decimal(input.fees ?? '0'),
    funding: decimal(input.funding ?? '0') satisfies Decimal,
    openedByDecisionId: cause === null ? null : record.id,
    openedAt: timestamp(closedAt - 2 * HOUR_MS),
    closedAt: input.open === true ? null : closedAt,
    closedBy: input.open === true ? null : 'close',
  });
  await world.deps.store.transaction(async (tx) => {
    if (cause !== null) {
      await tx.runs.insert(caused);
      await tx.runs.insertDecision(record);
    }
    await tx.portfolio.savePosition(made);
  });
}

const ask = (change: Partial<AnalyticsQuery> = {}): AnalyticsQuery => ({ includeDeleted: true, ...change });

describe('the summary', () => {
  test('counts what closed in the last 30 days, net of fees and with funding, deleted traders included', async () => {
    const summary = valueOf(await analyticsSummary(world.deps, first.scope, ask()));
    // Net results: 60 − 4 − 1 = 55, −30 − 2 + 0.5 = −31.5, −20, 10.
    expect(summary).toMatchObject({
      trades: 4,
      pnl: 13.5,
      grossPnl: 20,
      fees: 6,
      funding: -0.5,
      winRate: 0.5,
      bestTradePnl: 55,
      worstTradePnl: -31.5,
      profitFactor: 1.262136,
      averageReturnPct: 0.3375,
      averageDurationHours: 2,
      sharpeRatio: null,
    });
    // Equity 1,500 deposited + 100 earned before = 1,600 → 1,655 → 1,623.5 → 1,603.5 (−3.111782 %).
    expect(summary.maxDrawdownPct).toBe(3.111782);
    expect(summary.to - summary.from).toBe(30 * DAY_MS);
  });

  test('leaves deleted traders out when asked to, with their deposits', async () => {
    const summary = valueOf(await analyticsSummary(world.deps, first.scope, ask({ includeDeleted: false })));
    expect(summary).toMatchObject({ trades: 3, pnl: 33.5 });
    // 1,100 → 1,155 → 1,123.5 (−2.727273 %).
    expect(summary.maxDrawdownPct).toBe(2.727273);
  });

  test('is of one trader when asked for, also of a deleted one', async () => {
    const { id: traderId } = second.trader;
    expect(valueOf(await analyticsSummary(world.deps, first.scope, ask({ traderId })))).toMatchObject({ trades: 1, pnl: -20, winRate: 0 });
  });

  test('reaches as far back as asked for, and takes both ends of a range', async () => {
    expect(valueOf(await analyticsSummary(world.deps, first.scope, ask({ days: 365 }))).trades).toBe(5);
    const moment = toIso(timestamp(world.clock.now() - 3 * DAY_MS));
    expect(valueOf(await analyticsSummary(world.deps, first.scope, ask({ startDate: moment, endDate: moment })))).toMatchObject({
      trades: 1,
      pnl: -20,
    });
    const before = toIso(timestamp(world.clock.now() - 3 * DAY_MS - 1));
    expect(valueOf(await analyticsSummary(world.deps, first.scope, ask({ startDate: before, endDate: before }))).trades).toBe(0);
  });

  test('has the cost of the models in the range, and none when a price is unknown', async () => {
    const { deps } = world;
    const alone = await plantWorld(world.opened, { owner: newUserOf(await addPerson(world, 'cost')) });
    const run = finishedRunOf(alone, 0, { id: asId(deps.ids.uuid()) });
    await deps.store.transaction(async (tx) => {
      await tx.runs.insert(run);
      await tx.runs.insertModelCall(modelCallOf(run, 1, { costUsd: '0.0125', createdAt: world.clock.now() }));
      await tx.runs.insertModelCall(modelCallOf(run, 2, { costUsd: '0.01', createdAt: timestamp(world.clock.now() - 31 * DAY_MS) }));
    });
    expect(valueOf(await analyticsSummary(deps, alone.scope, ask())).llmCostUsd).toBe(0.0125);
    await deps.store.transaction((tx) => tx.runs.insertModelCall(modelCallOf(run, 3, { costUsd: null, createdAt: world.clock.now() })));
    expect(valueOf(await analyticsSummary(deps, alone.scope, ask())).llmCostUsd).toBeNull();
  });

  test('belongs to the caller: others see nothing of it, and a foreign trader is as good as missing', async () => {
    const bob = await addPerson(world, 'bob');
    expect(valueOf(await analyticsSummary(world.deps, bob, ask())).trades).toBe(0);
    const foreign = await analyticsSummary(world.deps, bob, ask({ traderId: first.trader.id }));
    expect(codeOf(foreign)).toBe('not_found');
    expect(foreign).toEqual(await analyticsSummary(world.deps, bob, ask({ traderId: asId<TraderId>(world.deps.ids.uuid()) })));
    expect(codeOf(await analyticsSummary(world.deps, bob, ask({ userId: first.owner.id })))).toBe('user_id_mismatch');
    expect(codeOf(await analyticsSummary(world.deps, bob, ask({ userId: bob.userId })))).toBeNull();
  });
});

/** The stored user behind a scope, as the planter of worlds wants it. */
function newUserOf(scope: { readonly userId: ReturnType<typeof newUser>['id'] }) {
  return newUser({ id: scope.userId });
}

describe('the groupings', () => {
  const shape = (items: readonly { readonly statistics: { readonly trades: number; readonly pnl: number } }[]) =>
    items.map(({ statistics, ...rest }) => [rest, statistics.trades, statistics.pnl]);

  test('by strategy name the prompt, and what was traded without one', async () => {
    const items = valueOf(await analyticsByStrategy(world.deps, first.scope, ask()));
    expect(shape(items)).toEqual([
      [{ strategyKind: 'prompt', strategyId: first.prompt.id, strategyName: 'Momentum' }, 2, 23.5],
      [{ strategyKind: 'manual', strategyId: null, strategyName: 'Manual' }, 1, 10],
      [{ strategyKind: 'prompt', strategyId: second.prompt.id, strategyName: 'Momentum' }, 1, -20],
    ]);
  });

  test('by account keep the name of a deleted trader and its marks', async () => {
    expect(shape(valueOf(await analyticsByAccount(world.deps, first.scope, ask())))).toEqual([
      [{ traderId: first.trader.id, traderName: 'First', isDeleted: false, isDemo: false }, 3, 33.5],
      [{ traderId: second.trader.id, traderName: 'Second', isDeleted: true, isDemo: true }, 1, -20],
    ]);
  });

  test('by symbol, operation and trigger type split the same trades', async () => {
    expect(shape(valueOf(await analyticsBySymbol(world.deps, first.scope, ask())))).toEqual([
      [{ symbol: 'BTC' }, 3, 45],
      [{ symbol: 'ETH' }, 1, -31.5],
    ]);
    expect(shape(valueOf(await analyticsByOperation(world.deps, first.scope, ask())))).toEqual([
      [{ operation: 'buy' }, 3, 45],
      [{ operation: 'sell' }, 1, -31.5],
    ]);
    expect(shape(valueOf(await analyticsByTriggerType(world.deps, first.scope, ask())))).toEqual([
      [{ triggerCause: 'schedule' }, 2, 35],
      [{ triggerCause: 'external' }, 1, 10],
      [{ triggerCause: 'manual' }, 1, -31.5],
    ]);
  });

  test('refuse what the summary refuses', async () => {
    expect(codeOf(await analyticsBySymbol(world.deps, first.scope, ask({ days: 1, startDate: '2026-01-01' })))).toBe('invalid_request');
  });
});
