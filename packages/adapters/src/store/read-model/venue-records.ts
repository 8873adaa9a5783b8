import type { ReadModel } from '@hyperoru/engine';
import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { fills, orderHistory, orders } from '../schema/orders.ts';
import { positions } from '../schema/portfolio.ts';
import { traders } from '../schema/traders.ts';
import { within } from './filters.ts';
import { keyset, pageOf } from './paging.ts';

type VenueRecords = Pick<ReadModel, 'listOrders' | 'findOrder' | 'listFills' | 'listPositions' | 'findPosition'>;

/** Orders, fills and positions. */
export function venueReads(db: Db): VenueRecords {
  return { ...orderReads(db), ...bookReads(db) };
}

const ORDER_COLUMNS = { traderId: orders.traderId, at: orders.createdAt };
const FILL_COLUMNS = { traderId: fills.traderId, at: fills.filledAt };
const POSITION_COLUMNS = { traderId: positions.traderId, at: positions.openedAt };

function orderReads(db: Db): Pick<ReadModel, 'listOrders' | 'findOrder'> {
  const orderRows = () => db.select({ row: orders }).from(orders).innerJoin(traders, eq(traders.id, orders.traderId));
  return {
    listOrders: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(orders.createdAt, orders.id, page);
      const shown = and(
        within(scope, filter, ORDER_COLUMNS),
        filter.symbol === undefined ? undefined : eq(orders.symbol, filter.symbol),
        filter.states === undefined ? undefined : inArray(orders.state, [...filter.states]),
        where,
      );
      const found = await orderRows()
        .where(shown)
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => row,
        ({ row }) => ({ at: row.createdAt, id: row.id }),
      );
    },
    findOrder: async (scope, id) => {
      const [found] = await orderRows().where(and(within(scope, {}, ORDER_COLUMNS), eq(orders.id, id)));
      if (found === undefined) return null;
      const states = { at: orderHistory.at, state: orderHistory.state, reason: orderHistory.reason };
      const history = await db.select(states).from(orderHistory).where(eq(orderHistory.orderId, id)).orderBy(asc(orderHistory.id));
      const executed = await db.select().from(fills).where(eq(fills.orderId, id)).orderBy(asc(fills.filledAt), asc(fills.id));
      return { order: found.row, history, fills: executed };
    },
  };
}

function bookReads(db: Db): Pick<ReadModel, 'listFills' | 'listPositions' | 'findPosition'> {
  const positionRows = () => db.select({ row: positions }).from(positions).innerJoin(traders, eq(traders.id, positions.traderId));
  return {
    listFills: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(fills.filledAt, fills.id, page);
      const shown = and(
        within(scope, filter, FILL_COLUMNS),
        filter.symbol === undefined ? undefined : eq(fills.symbol, filter.symbol),
        where,
      );
      const rows = db.select({ row: fills }).from(fills).innerJoin(traders, eq(traders.id, fills.traderId));
      const found = await rows
        .where(shown)
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => row,
        ({ row }) => ({ at: row.filledAt, id: row.id }),
      );
    },
    listPositions: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(positions.openedAt, positions.id, page);
      const status =
        filter.status === undefined ? undefined : filter.status === 'open' ? isNull(positions.closedAt) : isNotNull(positions.closedAt);
      const found = await positionRows()
        .where(and(within(scope, filter, POSITION_COLUMNS), status, where))
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => row,
        ({ row }) => ({ at: row.openedAt, id: row.id }),
      );
    },
    findPosition: async (scope, id) =>
      (await positionRows().where(and(within(scope, {}, POSITION_COLUMNS), eq(positions.id, id))))[0]?.row ?? null,
  };
}
