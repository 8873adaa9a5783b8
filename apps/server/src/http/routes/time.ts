import { asId, fromIso, type Timestamp, type TraderId, toIso } from '@hyperoru/domain';

export const isoOrNull = (at: Timestamp | null): string | null => (at === null ? null : toIso(at));

/** A range of a query; both ends optional. */
export const momentsOf = (query: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): { from?: Timestamp; to?: Timestamp } => ({
  ...(query.from === undefined ? {} : { from: fromIso(query.from) }),
  ...(query.to === undefined ? {} : { to: fromIso(query.to) }),
});

/** The part of a query that every list of records knows: its range and its trader. */
export const recordFilterOf = (query: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly trader_id?: string | undefined;
}): { from?: Timestamp; to?: Timestamp; traderId?: TraderId } => ({
  ...momentsOf(query),
  ...(query.trader_id === undefined ? {} : { traderId: asId<TraderId>(query.trader_id) }),
});
