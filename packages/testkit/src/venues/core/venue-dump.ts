import type { Timestamp } from '@hyperoru/domain';
import type { VenueAccountRecord, VenueFillRecord, VenueFundingRecord, VenueOrderRecord } from './records.ts';
import type { MarketDump } from './venue-market.ts';
import type { VenueParts } from './venue-parts.ts';

/** Everything of a venue that outlives a restart, as plain JSON data. Candles do not: they are history of the market. */
export interface VenueDump {
  readonly clockOffsetMs: number;
  readonly fundedUntil: Timestamp;
  readonly lastId: number;
  readonly random: number;
  readonly market: MarketDump;
  readonly accounts: readonly VenueAccountRecord[];
  readonly orders: readonly VenueOrderRecord[];
  readonly fills: readonly VenueFillRecord[];
  readonly funding: readonly VenueFundingRecord[];
}

export function dumpVenue(venue: VenueParts): VenueDump {
  return {
    clockOffsetMs: venue.clockOffsetMs,
    fundedUntil: venue.fundedUntil,
    lastId: venue.books.lastId,
    random: venue.random.state,
    market: venue.market.dump(),
    accounts: [...venue.books.accounts.values()],
    orders: venue.books.orders.all(),
    fills: [...venue.books.fills],
    funding: [...venue.books.funding],
  };
}

export function loadVenue(venue: VenueParts, dump: VenueDump): void {
  venue.clockOffsetMs = dump.clockOffsetMs;
  venue.fundedUntil = dump.fundedUntil;
  venue.random.state = dump.random;
  venue.market.load(dump.market);
  venue.books.clear(dump.lastId);
  for (const account of dump.accounts) venue.books.accounts.set(account.id, account);
  for (const order of dump.orders) venue.books.orders.put(order);
  for (const fill of dump.fills) venue.books.addFill(fill);
  venue.books.funding.push(...dump.funding);
}
