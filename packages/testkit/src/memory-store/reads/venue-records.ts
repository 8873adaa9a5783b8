import type { ReadModel } from '@hyperoru/engine';
import { inOrder } from '../core/in-order.ts';
import { pageOf } from './paging.ts';
import { type Reader, within } from './reader.ts';

type VenueRecords = Pick<ReadModel, 'listOrders' | 'findOrder' | 'listFills' | 'listPositions' | 'findPosition'>;

/** Orders, fills and positions. */
export const venueReads = (reader: Reader): VenueRecords => ({ ...orderReads(reader), ...bookReads(reader) });

function orderReads({ tables, read }: Reader): Pick<VenueRecords, 'listOrders' | 'findOrder'> {
  const { orders, orderHistory, historyByOrder, fills, fillsByOrder } = tables;
  return {
    listOrders: (scope, { symbol, states, ...filter }, page) =>
      read('listOrders', () => {
        const isWithin = within(tables, scope, filter);
        const shown = orders.all(null).filter((row) => {
          const isAsked = (symbol === undefined || row.symbol === symbol) && (states === undefined || states.includes(row.state));
          return isAsked && isWithin(row.traderId, row.createdAt);
        });
        return pageOf(shown, page, (row) => ({ at: row.createdAt, id: row.id }));
      }),
    findOrder: (scope, id) =>
      read('findOrder', () => {
        const order = orders.get(null, id);
        if (order === null || !within(tables, scope, {})(order.traderId, order.createdAt)) return null;
        const history = orderHistory.under(null, historyByOrder, id).sort((a, b) => a.id - b.id);
        const executed = inOrder(
          fills.under(null, fillsByOrder, id),
          (fill) => fill.filledAt,
          (fill) => fill.id,
        );
        return { order, history: history.map(({ at, state, reason }) => ({ at, state, reason })), fills: executed };
      }),
  };
}

function bookReads({ tables, read }: Reader): Pick<VenueRecords, 'listFills' | 'listPositions' | 'findPosition'> {
  const { fills, positions } = tables;
  return {
    listFills: (scope, { symbol, ...filter }, page) =>
      read('listFills', () => {
        const isWithin = within(tables, scope, filter);
        const shown = fills
          .all(null)
          .filter((row) => (symbol === undefined || row.symbol === symbol) && isWithin(row.traderId, row.filledAt));
        return pageOf(shown, page, (row) => ({ at: row.filledAt, id: row.id }));
      }),
    listPositions: (scope, { status, ...filter }, page) =>
      read('listPositions', () => {
        const isWithin = within(tables, scope, filter);
        const shown = positions.all(null).filter((row) => {
          const isAsked = status === undefined || (status === 'open') === (row.closedAt === null);
          return isAsked && isWithin(row.traderId, row.openedAt);
        });
        return pageOf(shown, page, (row) => ({ at: row.openedAt, id: row.id }));
      }),
    findPosition: (scope, id) =>
      read('findPosition', () => {
        const found = positions.get(null, id);
        return found !== null && within(tables, scope, {})(found.traderId, found.openedAt) ? found : null;
      }),
  };
}
