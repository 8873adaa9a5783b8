import {
  type Alert,
  type AlertId,
  asId,
  type DecisionRecord,
  type Fill,
  type FillId,
  type Kill,
  type Order,
  type Position,
  type Run,
  type TraderId,
} from '@hyperoru/domain';
import type { Store, User } from '@hyperoru/engine';
import {
  decisionOf,
  FAKE_EPOCH,
  fill,
  killOf,
  newUser,
  orderOf,
  plantWorld,
  positionOf,
  runOf,
  type StoreWorld,
  worldIds,
} from '@hyperoru/testkit';

/** Few of each, so that operations meet at the same rows. */
export const TRADERS = 2;
/** Of each kind and trader. */
export const ROWS = 2;
/** Rows of these places are stored from the start, so that there is something to hold and to change. */
const STORED = [0, 1];

/** The records that the operations of one example are about. */
export interface Pool {
  readonly worlds: readonly StoreWorld[];
  readonly users: readonly User[];
  readonly runs: readonly Run[];
  readonly decisions: readonly DecisionRecord[];
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly positions: readonly Position[];
  readonly kills: readonly Kill[];
  readonly alerts: readonly Alert[];
  /** Ids of ledger entries, adjustments, foreign orders and settings. */
  readonly texts: readonly string[];
  /** A trader that is not stored. */
  readonly stranger: TraderId;
}

/** Row `index` belongs to world `index % TRADERS`; every world has rows of each kind. */
export async function plantPool(store: Pick<Store, 'transaction'>): Promise<Pool> {
  const worlds: StoreWorld[] = [];
  for (let index = 0; index < TRADERS; index++) worlds.push(await plantWorld({ store }));
  const rows = <T>(make: (world: StoreWorld, index: number) => T): readonly T[] =>
    Array.from({ length: ROWS * TRADERS }, (_, index) => make(at(worlds, index % TRADERS), index));
  const runs = rows((world, index) => runOf(world, index));
  const pool = {
    worlds,
    users: rows(() => newUser()),
    runs,
    decisions: rows((world, index) => decisionOf(world, at(runs, index))),
    orders: rows((world, index) => orderOf(world, index)),
    fills: rows((world) =>
      fill({ id: asId<FillId>(worldIds.uuid()), traderId: world.trader.id, orderId: null, clientOrderId: null, tradeId: worldIds.uuid() }),
    ),
    positions: rows((world, index) => positionOf(world, index)),
    kills: rows((world, index) => killOf({ traderId: index < TRADERS ? null : world.trader.id })),
    alerts: rows((world) => ({
      id: asId<AlertId>(worldIds.uuid()),
      ownerId: world.owner.id,
      traderId: world.trader.id,
      severity: 'warning' as const,
      code: 'a_code',
      message: 'A sentence.',
      createdAt: FAKE_EPOCH,
      acknowledgedAt: null,
    })),
    texts: rows((_, index) => (index % 2 === 0 ? worldIds.uuid() : `Text-${worldIds.token(6)}`)),
    stranger: asId<TraderId>(worldIds.uuid()),
  };
  await store.transaction(async (tx) => {
    for (const index of STORED) {
      await tx.runs.insert(at(runs, index));
      await tx.runs.insertDecision(at(pool.decisions, index));
      await tx.orders.insert(at(pool.orders, index));
      await tx.portfolio.savePosition({ ...at(pool.positions, index), closedAt: FAKE_EPOCH });
    }
  });
  return pool;
}

/** The element at a place that is always there. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`Expected a place below ${list.length}, was ${index}.`);
  return found;
}
