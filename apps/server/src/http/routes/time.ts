import { fromIso, type Timestamp, toIso } from '@hyperoru/domain';

export const isoOrNull = (at: Timestamp | null): string | null => (at === null ? null : toIso(at));

/** A range of a query; both ends optional. */
export const momentsOf = (query: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): { from?: Timestamp; to?: Timestamp } => ({
  ...(query.from === undefined ? {} : { from: fromIso(query.from) }),
  ...(query.to === undefined ? {} : { to: fromIso(query.to) }),
});
