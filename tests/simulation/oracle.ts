import {
  abs,
  type Decimal,
  decimal,
  type Fill,
  gt,
  isOpen,
  type Order,
  type Position,
  type Symbol,
  sub,
  type Timestamp,
  type Trader,
} from '@hyperoru/domain';
import type { MemoryDatabase, VenueFillRecord, VenueOrderRecord } from '@hyperoru/testkit';
import { BARE_ALERTS, bareAtVenue } from './bare-at-venue.ts';
import { isMarkedOurs } from './marked.ts';
import type { Side } from './sides/side.ts';

/** 1e-8 by the rule, and as much again for venues that tell their balances with eight digits. */
const MONEY_TOLERANCE = decimal('0.00000002');
const BELIEVED: ReadonlySet<Order['state']> = new Set(['accepted', 'partially_filled', 'filled']);

/** What the records say of one trader once everything is calm. */
export interface Books {
  readonly trader: Trader;
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly positions: readonly Position[];
  readonly balance: Decimal;
  /** When each run that has no outcome was created. */
  readonly openRuns: readonly Timestamp[];
  readonly openAlerts: readonly string[];
  /** Symbols whose open position needs a stop. */
  readonly needsStop: ReadonlySet<Symbol>;
}

/** Margin after the deadline, and the time between the first and the last of three looks. */
const PROOF_MS = 2_000 + 10_000;
/** Clocks of processes differ, and are set forward and back. */
const CLOCK_MS = 3_500;

/** The venue as the judge sees it. */
export interface Judged {
  readonly side: Side;
  /** Notes a situation that was met. */
  sometimes(situation: string): void;
}

/** A rule of `docs/invariants.md` that does not hold, and how. */
export type Finding = readonly [rule: string, message: string];

/** Judges the records against the venue's own ledger, one rule after the other. */
export function* judge(world: Judged, books: Books): Iterable<Finding> {
  const venueOrders = world.side.venue.books.orders.all().filter((order) => order.accountId === world.side.accountOf(books.trader.id));
  const atVenue = new Map(venueOrders.flatMap((order) => (isOurs(order) ? [[order.clientOrderId ?? '', order] as const] : [])));
  yield* checkIdentities(books, venueOrders);
  for (const order of books.orders) {
    world.sometimes(`order ended ${order.state}`);
    yield* checkOrder(order, atVenue.get(order.clientOrderId) ?? null);
  }
  yield* checkFills(world, books);
  yield* checkPositions(world, books);
  yield* checkProtection(world, books);
  if (books.openRuns.length > 0) yield ['I18', `${books.openRuns.length} runs have no outcome`];
}

/** Of ours, and taken by the venue: one that was refused leaves no trace. */
const isOurs = ({ clientOrderId, status, reason }: VenueOrderRecord): boolean =>
  isMarkedOurs(clientOrderId) && (status !== 'rejected' || reason?.endsWith('_at_trigger') === true);

/** One order per leg, one record per order. */
function* checkIdentities({ orders }: Books, venueOrders: readonly VenueOrderRecord[]): Iterable<Finding> {
  const known = new Set(orders.map((order) => order.clientOrderId));
  const seen = new Set<string>();
  for (const { clientOrderId: id } of venueOrders.filter(isOurs)) {
    if (id === null) continue;
    if (seen.has(id)) yield ['I1', `the venue has order ${id} twice`];
    seen.add(id);
    if (!known.has(id)) yield ['I3', `order ${id} at the venue is in no record`];
  }
  const legs = new Set<string>();
  for (const { purpose, decisionId } of orders) {
    if (purpose !== 'entry' || decisionId === null) continue;
    if (legs.has(decisionId)) yield ['I1', `decision ${decisionId} has two entries`];
    legs.add(decisionId);
  }
}

function* checkOrder(order: Order, there: VenueOrderRecord | null): Iterable<Finding> {
  const name = `${order.purpose} ${order.clientOrderId} (${order.state})`;
  if (order.state === 'sent' || order.state === 'unknown') yield ['I18', `${name} is of unknown fate`];
  else if (order.state === 'intent') {
    if (order.purpose === 'entry') yield ['I18', `${name} was never sent or dropped`];
  } else if (there === null) {
    if (BELIEVED.has(order.state)) yield ['I4', `${name} does not exist at the venue`];
  } else {
    if (order.filledQuantity !== there.filledQuantity)
      yield ['I7', `${name} filled ${order.filledQuantity}, there ${there.filledQuantity}`];
    if (isOpen(order.state) !== isLive(there)) yield ['I5', `${name} is ${there.status} at the venue`];
  }
}

const isLive = ({ status }: VenueOrderRecord): boolean => status === 'open' || status === 'partially_filled' || status === 'waiting';

function* checkFills(world: Judged, { trader, fills }: Books): Iterable<Finding> {
  const booked = new Map<string, number>();
  const named = new Map(fills.map(({ tradeId, clientOrderId }) => [tradeId, clientOrderId]));
  for (const { tradeId } of fills) booked.set(tradeId, (booked.get(tradeId) ?? 0) + 1);
  for (const fill of world.side.venue.fillsOf(world.side.accountOf(trader.id))) {
    const tradeId = world.side.tradeIdOf(fill);
    const times = booked.get(tradeId) ?? 0;
    booked.delete(tradeId);
    if (times === 0 && isOwnersBusiness(trader, fill)) continue;
    if (times !== 1) yield [times === 0 ? 'I3' : 'I7', `fill ${tradeId} of ${trader.id} is booked ${times} times`];
    else if (isMarkedOurs(fill.clientOrderId) && named.get(tradeId) !== fill.clientOrderId)
      yield ['I3', `fill ${tradeId} is booked for ${named.get(tradeId)}`];
  }
  for (const tradeId of booked.keys()) yield ['I4', `fill ${tradeId} does not exist at the venue`];
}

/** What its owner does by hand with the account of a deleted trader is followed no more. */
const isOwnersBusiness = ({ deletedAt }: Trader, { clientOrderId }: VenueFillRecord): boolean =>
  deletedAt !== null && !isMarkedOurs(clientOrderId);

function* checkPositions(world: Judged, { trader, positions, balance }: Books): Iterable<Finding> {
  // Nothing of ours is left there; what is, came by hand.
  if (trader.deletedAt !== null && positions.length === 0) return;
  const { state } = world.side.venue.books.account(world.side.accountOf(trader.id));
  const held = positions.map((each) => `${world.side.symbolAt(each.symbol)} ${each.side === 'long' ? '' : '-'}${each.quantity}`).sort();
  const there = state.positions.map((each) => `${each.symbol} ${each.quantity}`).sort();
  if (held.join() !== there.join()) yield ['I5', `positions [${held}], at the venue [${there}]`];
  const off = sub(balance, state.balance);
  if (trader.deletedAt === null && gt(abs(off), MONEY_TOLERANCE)) yield ['I5', `the balance is off by ${off}`];
}

function* checkProtection(world: Judged, { trader, needsStop, openAlerts }: Books): Iterable<Finding> {
  if (openAlerts.some((code) => BARE_ALERTS.has(code))) return;
  const needed = new Set([...needsStop].map((symbol) => world.side.symbolAt(symbol)));
  for (const [symbol, missing] of bareAtVenue(world.side.venue, world.side.accountOf(trader.id)))
    if (needed.has(symbol)) yield ['I6', `${missing} ${symbol} of ${trader.id} is bare and nobody was told`];
}

/** Whatever was taken as absent was looked for until its deadline had passed by the margin and three looks were made (I7). */
export function* judgeAbsent({ orders, orderHistory }: MemoryDatabase['tables']): Iterable<Finding> {
  for (const { orderId, state, at } of orderHistory.all(null)) {
    const order = state === 'absent' ? orders.get(null, orderId) : null;
    if (order?.deadline != null && at - order.deadline < PROOF_MS - CLOCK_MS)
      yield ['I7', `order ${order.clientOrderId} was taken as absent ${at - order.deadline} ms after its deadline`];
  }
}

/** An event starts one run for all time (I1). */
export function* judgeRuns({ runs }: MemoryDatabase['tables']): Iterable<Finding> {
  const seen = new Set<string>();
  for (const { run } of runs.all(null)) {
    const { bindingId, traderId, cause, eventId } = run.trigger;
    const event = `${bindingId ?? traderId} ${cause} ${eventId}`;
    if (run.outcome === 'duplicate') continue;
    if (seen.has(event)) yield ['I1', `event ${event} started two runs`];
    seen.add(event);
  }
}

/** A kill that is armed was carried out in the end, whatever died on the way (I8). */
export function* judgeKills({ kills }: MemoryDatabase['tables']): Iterable<Finding> {
  for (const { id, finishedAt, disarmedAt } of kills.all(null))
    if (finishedAt === null && disarmedAt === null) yield ['I8', `kill ${id} was not carried out`];
}
