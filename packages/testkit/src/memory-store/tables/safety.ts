import type { Adjustment, ExternalOrder, Kill, Protection, Reconciliation, TraderId } from '@hyperoru/domain';
import { storableJson, withStorableText } from '../core/storable.ts';
import { Table } from '../core/table.ts';
import type { Reference } from '../core/table-options.ts';
import type { Catalog } from './catalog.ts';
import type { Venue } from './venue.ts';

/** Numbers of a trader that only rise. */
export interface SequenceRow {
  readonly traderId: TraderId;
  readonly laneEpoch: number;
  readonly nonce: number;
}

/** What watches over the order path. */
export function safetyTables({ traders }: Catalog, { orders, positions }: Venue) {
  const ofTrader = <Row extends { readonly traderId: string | null }>(table: string): Reference<Row> => ({
    name: `${table}_trader_id_traders_id_fk`,
    to: traders,
    idOf: (row) => row.traderId,
  });
  const protections = new Table<Protection>({
    name: 'protections',
    idOf: (row) => row.positionId,
    references: [
      ofTrader('protections'),
      { name: 'protections_position_id_positions_id_fk', to: positions, idOf: (row) => row.positionId },
    ],
  });
  const kills = new Table<Kill>({
    name: 'kills',
    idOf: (row) => row.id,
    references: [ofTrader('kills')],
    stored: (row) => withStorableText({ ...row, traders: storableJson(row.traders) }, ['reason']),
  });
  const adjustments = new Table<Adjustment>({
    name: 'adjustments',
    idOf: (row) => row.id,
    references: [
      ofTrader('adjustments'),
      { name: 'adjustments_position_id_positions_id_fk', to: positions, idOf: (row) => row.positionId },
      { name: 'adjustments_order_id_orders_id_fk', to: orders, idOf: (row) => row.orderId },
    ],
    stored: (row) => withStorableText(row, ['recorded', 'reported', 'reason']),
  });
  const reconciliations = new Table<Reconciliation>({
    name: 'reconciliations',
    idOf: (row) => row.traderId,
    references: [ofTrader('reconciliations')],
    stored: (row) => withStorableText(row, ['message']),
  });
  const externalOrders = new Table<ExternalOrder>({
    name: 'external_orders',
    idOf: (row) => `${row.traderId} ${row.venueOrderId}`,
    references: [ofTrader('external_orders')],
  });
  const sequences = new Table<SequenceRow>({
    name: 'trader_sequences',
    idOf: (row) => row.traderId,
    references: [ofTrader('trader_sequences')],
  });
  return {
    protections,
    kills,
    adjustments,
    reconciliations,
    externalOrders,
    sequences,
    protectionsBare: protections.index((row) => (row.bareSince === null ? null : 'bare')),
    killsArmed: kills.index((row) => (row.disarmedAt === null && !row.isDrill ? 'armed' : null)),
    killsUnfinished: kills.index((row) => (row.finishedAt === null ? 'unfinished' : null)),
    externalResting: externalOrders.index((row) => (row.endedAt === null ? row.traderId : null)),
  };
}
