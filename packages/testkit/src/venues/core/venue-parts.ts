import type { Decimal, MatchingOutcome, Symbol, Timestamp } from '@hyperoru/domain';
import type { FaultBook } from './faults.ts';
import type { InstrumentChange } from './instruments.ts';
import type { PlaceResult } from './place-on-venue.ts';
import type { SeededRandom } from './random.ts';
import type { LeverageSetting, VenueAccountRecord, VenueChange, VenueFillRecord, VenueOrderRecord, VenueOrderTicket } from './records.ts';
import type { VenueBooks } from './venue-books.ts';
import type { VenueMarket } from './venue-market.ts';

/** The venue as its own parts see it: what follows from a change, what a fault does, what a dump holds. */
export interface VenueParts {
  readonly books: VenueBooks;
  readonly market: VenueMarket;
  readonly faults: FaultBook;
  readonly random: SeededRandom;
  readonly keepsTriggers: boolean;
  clockOffsetMs: number;
  fundedUntil: Timestamp;
  now(): Timestamp;
  order(id: number): VenueOrderRecord | null;
  openOrders(accountId: string): readonly VenueOrderRecord[];
  fillsOf(accountId: string): readonly VenueFillRecord[];
  leverageOf(accountId: string, symbol: Symbol): LeverageSetting;
  setLeverage(accountId: string, symbol: Symbol, setting: LeverageSetting): unknown;
  deposit(accountId: string, amount: Decimal): VenueAccountRecord;
  place(accountId: string, ticket: VenueOrderTicket): PlaceResult;
  finish(order: VenueOrderRecord, status: 'canceled' | 'rejected', reason: string): void;
  apply(accountId: string, outcome: MatchingOutcome, cause?: 'order' | 'adl'): void;
  changeInstrument(symbol: Symbol, change: InstrumentChange): void;
  emit(changes: readonly VenueChange[]): void;
}
