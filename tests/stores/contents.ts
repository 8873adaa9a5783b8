import type { Page, PageRequest, ReadModel, Store } from '@hyperoru/engine';
import { MOMENTS } from './operation.ts';
import type { Pool } from './pool.ts';

const EVERYTHING: PageRequest = { limit: 200, cursor: null };

/** What a store shows of the pool's owners, and of the chain that all share. */
export async function contentsOf({ store, readModel }: { readonly store: Store; readonly readModel: ReadModel }, pool: Pool) {
  const owners = await Promise.all(pool.worlds.map((world) => ownedBy(readModel, world)));
  const orders = await Promise.all(pool.orders.map((order, index) => readModel.findOrder(scopeAt(pool, index), order.id)));
  const runs = await Promise.all(pool.runs.map((run, index) => readModel.findRun(scopeAt(pool, index), run.id)));
  const safety = await store.transaction(async (tx) => ({
    protections: await inTurn(pool.positions, ({ id }) => tx.safety.getProtection(id)),
    kills: await inTurn(pool.kills, ({ id }) => tx.safety.getKill(id)),
    alerts: await inTurn(pool.alerts, ({ id }) => tx.journal.getAlert(id)),
    settings: await inTurn(pool.texts, (key) => tx.journal.getSetting(key)),
    users: await inTurn(pool.users, ({ id }) => tx.users.get(id)),
    resting: await inTurn(pool.worlds, ({ trader }) => tx.safety.listExternalOrders(trader.id)),
    comparisons: await inTurn(pool.worlds, ({ trader }) => tx.safety.getReconciliation(trader.id)),
    balances: [...(await tx.portfolio.balances())].sort(),
    epochs: await inTurn(pool.worlds, ({ trader }) => tx.jobs.laneEpoch(trader.id)),
  }));
  return { owners, orders, runs, safety, chain: await readModel.verifyAudit() };
}

async function ownedBy(readModel: ReadModel, { scope, trader }: Pool['worlds'][number]) {
  const items = async <T>(page: Promise<Page<T>>) => (await page).items;
  const range = { from: trader.createdAt, to: (trader.createdAt + MOMENTS) as typeof trader.createdAt, pointsMax: 1_000 };
  return {
    trader: await readModel.findTrader(scope, trader.id),
    runs: await items(readModel.listRuns(scope, {}, EVERYTHING)),
    decisions: await items(readModel.listDecisions(scope, {}, EVERYTHING)),
    fills: await items(readModel.listFills(scope, {}, EVERYTHING)),
    positions: await items(readModel.listPositions(scope, {}, EVERYTHING)),
    kills: await items(readModel.listKills(scope, EVERYTHING)),
    adjustments: await items(readModel.listAdjustments(scope, {}, EVERYTHING)),
    curve: await readModel.equityCurve(scope, trader.id, range),
    totals: await readModel.accountTotals(scope, { includeDeleted: true }),
    audit: await readModel.auditEntries(scope, 0, 1_000),
  };
}

const scopeAt = ({ worlds }: Pool, index: number) => {
  const world = worlds[index % worlds.length];
  if (world === undefined) throw new Error('Expected a world.');
  return world.scope;
};

/** Statements of one transaction follow each other. */
async function inTurn<Row, T>(rows: readonly Row[], read: (row: Row) => Promise<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for (const row of rows) found.push(await read(row));
  return found;
}
