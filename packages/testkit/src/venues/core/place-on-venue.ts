import {
  add,
  ceilToStep,
  type Decimal,
  decimal,
  floorToStep,
  gt,
  isPositive,
  lt,
  type MatchingMarket,
  type MatchingRejectionCode,
  type MatchingRequest,
  matchOrder,
  max,
  mul,
  reducible,
  type Timestamp,
  timestamp,
  ZERO,
} from '@hyperoru/domain';
import type { FaultBook } from './faults.ts';
import type { LeverageSetting, VenueChange, VenueOrderRecord, VenueOrderTicket } from './records.ts';
import type { VenueBooks } from './venue-books.ts';
import type { VenueMarket } from './venue-market.ts';

/** Why the venue refuses an order: the matching engine's codes and its own. */
export type RefusalCode = MatchingRejectionCode | 'symbol_halted' | 'client_id_in_use';

/** `order` is the record that stays, also of a refused order. */
export type PlaceResult =
  | { readonly kind: 'accepted'; readonly order: VenueOrderRecord }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string; readonly order: VenueOrderRecord };

/** What placing needs of the venue. */
export interface PlacingDesk {
  readonly books: VenueBooks;
  readonly market: VenueMarket;
  readonly faults: FaultBook;
  readonly now: Timestamp;
  readonly clientIds: 'any' | 'unique_while_open' | 'unique_for_ever';
  readonly keepsTriggers: boolean;
  readonly leverageOf: (accountId: string, symbol: VenueOrderTicket['symbol']) => LeverageSetting;
}

/** Deadlines are the dialects' to check. */
const NO_DEADLINE = timestamp(8_640_000_000_000_000);
const HALF = decimal('0.5');
const TWO = decimal('2');

/** Takes an order in. Returns the result and what happened, not yet told to listeners. */
export function placeOnVenue(
  desk: PlacingDesk,
  accountId: string,
  ticket: VenueOrderTicket,
): { readonly result: PlaceResult; readonly changes: readonly VenueChange[] } {
  const { books } = desk;
  const order = books.newOrder(accountId, ticket, desk.now);
  const early = earlyRefusal(desk, accountId, ticket);
  if (early !== null) return refuse(desk, order, early, 'The venue does not take this order.');
  if (ticket.parentId !== undefined) return accept(desk, { ...order, status: 'waiting' });
  const held = reducible(books.account(accountId).state, ticket.symbol, ticket.side);
  const hide = desk.faults.takeEngine('hide_order', subjectOf(accountId, ticket));
  const shown: VenueOrderRecord =
    hide === null ? order : { ...order, hidden: { until: timestamp(desk.now + hide.ms), from: hide.from ?? ['lookup', 'open_orders'] } };
  if (ticket.type.kind === 'trigger' && desk.keepsTriggers && !isPositive(held)) return accept(desk, shown);
  return match(desk, shown, ticket, held);
}

function match(desk: PlacingDesk, order: VenueOrderRecord, ticket: VenueOrderTicket, held: Decimal): ReturnType<typeof placeOnVenue> {
  const { books } = desk;
  const request = requestOf(desk, order, ticket, held);
  if (request === null) return refuse(desk, order, 'no_price', 'There is no price of the symbol.');
  books.orders.put(order);
  const matched = matchOrder(books.account(order.accountId).state, request, marketFor(desk, order, ticket));
  if (!matched.ok) return refuse(desk, order, matched.error.code, matched.error.message);
  const changes = books.apply(order.accountId, matched.value, desk.now);
  return { result: { kind: 'accepted', order: books.orders.get(order.id) ?? order }, changes };
}

function earlyRefusal(desk: PlacingDesk, accountId: string, ticket: VenueOrderTicket): RefusalCode | null {
  if (desk.market.instrument(ticket.symbol) === null) return 'unknown_symbol';
  if (desk.market.isHalted(ticket.symbol)) return 'symbol_halted';
  if (ticket.type.kind === 'trigger' && !ticket.reduceOnly) return 'trigger_must_be_reduce_only';
  const held = reducible(desk.books.account(accountId).state, ticket.symbol, ticket.side);
  if (ticket.followsPosition === true && !isPositive(held) && !desk.keepsTriggers) return 'reduce_only_would_increase';
  if (ticket.clientOrderId === null || desk.clientIds === 'any') return null;
  const same = desk.books.orders.byClientId(accountId, ticket.clientOrderId);
  const taken = desk.clientIds === 'unique_for_ever' ? same : same.filter((other) => desk.books.orders.isLive(other));
  return taken.length > 0 ? 'client_id_in_use' : null;
}

function requestOf(desk: PlacingDesk, order: VenueOrderRecord, ticket: VenueOrderTicket, held: Decimal): MatchingRequest | null {
  const price = desk.market.price(ticket.symbol);
  const instrument = desk.market.instrument(ticket.symbol)?.rules.instrument;
  if (price === null || instrument === undefined) return null;
  const { priceIncrement } = instrument;
  const worst =
    ticket.side === 'buy'
      ? ceilToStep(mul(price.mark, TWO), priceIncrement)
      : max(priceIncrement, floorToStep(mul(price.mark, HALF), priceIncrement));
  return {
    clientOrderId: String(order.id),
    symbol: ticket.symbol,
    side: ticket.side,
    type: ticket.type.kind === 'market' ? { kind: 'limit', price: worst, timeInForce: 'ioc' } : ticket.type,
    quantity: ticket.followsPosition === true ? held : ticket.quantity,
    reduceOnly: ticket.reduceOnly,
    leverage: Math.min(desk.leverageOf(order.accountId, ticket.symbol).leverage, instrument.leverageMax),
    deadline: NO_DEADLINE,
  };
}

/** The market of one order: a market order is worth its mark, and a `partial_fill` leaves only part of it in the book. */
function marketFor(desk: PlacingDesk, order: VenueOrderRecord, ticket: VenueOrderTicket): MatchingMarket {
  const rules = desk.market.matching(desk.now).rules.get(ticket.symbol);
  const mark = desk.market.price(ticket.symbol)?.mark ?? ZERO;
  if (rules === undefined || ticket.type.kind === 'trigger') return desk.market.matching(desk.now);
  const { instrument } = rules;
  const partial = desk.faults.takeEngine('partial_fill', subjectOf(order.accountId, ticket));
  const isLarge = !lt(mul(mark, ticket.quantity), instrument.notionalMin);
  const priced = ticket.type.kind === 'market' && isLarge ? { ...rules, instrument: { ...instrument, notionalMin: ZERO } } : rules;
  if (partial === null) return priced === rules ? desk.market.matching(desk.now) : desk.market.matching(desk.now, priced);
  const best = desk.market.levels(ticket.side, ticket.symbol)[0]?.price ?? mark;
  const share = floorToStep(mul(ticket.quantity, decimal(String(partial.share))), instrument.sizeIncrement);
  // Half an increment more, so that division does not lose one.
  const levelNotional = mul(best, add(share, mul(instrument.sizeIncrement, HALF)));
  return desk.market.matching(desk.now, { ...priced, book: { ...rules.book, levels: gt(share, ZERO) ? 1 : 0, levelNotional } });
}

function accept(desk: PlacingDesk, order: VenueOrderRecord): ReturnType<typeof placeOnVenue> {
  desk.books.orders.put(order);
  return { result: { kind: 'accepted', order }, changes: [{ kind: 'order', accountId: order.accountId, order }] };
}

function refuse(desk: PlacingDesk, order: VenueOrderRecord, code: RefusalCode, message: string): ReturnType<typeof placeOnVenue> {
  const refused: VenueOrderRecord = { ...order, status: 'rejected', reason: code };
  desk.books.orders.put(refused);
  return {
    result: { kind: 'refused', code, message, order: refused },
    changes: [{ kind: 'order', accountId: order.accountId, order: refused }],
  };
}

export const subjectOf = (accountId: string, order: Pick<VenueOrderTicket, 'symbol' | 'clientOrderId'>) => ({
  operation: 'place' as const,
  accountId,
  symbols: [order.symbol],
  clientOrderIds: order.clientOrderId === null ? [] : [order.clientOrderId],
});
