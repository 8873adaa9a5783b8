import {
  addMs,
  type Decimal,
  eq,
  exitPlan,
  isNegative,
  neg,
  ONE,
  type Order,
  type Position,
  QUOTE_AGE_MS_MAX,
  type Quote,
  type Symbol,
  type Trader,
} from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { exitIntent } from '../execution/make-intents.ts';
import { sendOrder } from '../execution/send-order.ts';
import { settleOrder } from '../execution/settle-order.ts';
import { insertIntent } from '../execution/store-order.ts';
import { inParallel } from '../lanes/in-parallel.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import { type VenueOrder, type VenuePosition, VenueUnavailable } from '../ports/exchange.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';

/** After this time a pass gives up for now; the engine begins another one. */
const PASS_MS_MAX = 5_000;
const ROUNDS_MAX = 100;
/** Rounds that follow each other at once; after them each pause is twice the one before, up to a limit. */
const QUICK_ROUNDS = 2;
const PAUSE_MS = 50;
const PAUSE_MS_MAX = 500;
/** Requests for one account at the same time. */
const PARALLEL_REQUESTS_MAX = 4;
/** Fills are looked for from this long before the last one that was booked. */
const READ_OVERLAP_MS = 300_000;

export interface FlattenedAccount {
  readonly canceledOrders: number;
  readonly closedPositions: number;
  /** The venue itself reports no position and no order that could open one, and none of ours is on its way. */
  readonly isFlat: boolean;
  /** What is left or why it is not known; null when flat. */
  readonly problem: string | null;
}

/** What the venue reports and what of ours may still reach it. */
interface Look {
  readonly entries: readonly VenueOrder[];
  /** Entries of ours that the venue did not list: on their way, of unknown fate, or with an end that is not booked yet. */
  readonly unsettled: readonly Order[];
  readonly positions: readonly VenuePosition[];
}

/**
 * Empties a trader's account by what its venue reports, not by our records: cancels what could open a position, closes what is
 * open by reduce-only orders and reads the venue again, until it reports nothing or the time of a pass is over. Stops stay until
 * then. Safe to repeat at any moment, also after a crash: nothing here can open anything.
 */
export async function flattenAccount(
  deps: EngineDeps,
  connection: VenueConnection,
  trader: Trader,
  options: { readonly cause: string; readonly isWanted: () => Promise<boolean> },
): Promise<FlattenedAccount> {
  const canceled = new Set<string>();
  const closed = new Set<Symbol>();
  const startedMs = deps.clock.monotonicMs();
  let problem = 'The venue was not read yet.';
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (round > 0 && !(await options.isWanted())) break;
    try {
      const look = await lookAt(deps, connection, trader);
      for (const { venueOrderId } of look.entries) canceled.add(venueOrderId);
      for (const { symbol } of look.positions) closed.add(symbol);
      if (isFlat(look)) {
        await cleanUp(deps, connection, trader);
        return { canceledOrders: canceled.size, closedPositions: closed.size, isFlat: true, problem: null };
      }
      problem = leftOver(look);
      await act(deps, connection, trader, { look, cause: `${options.cause}/${deps.ids.uuid()}` });
    } catch (error) {
      if (!(error instanceof VenueUnavailable)) throw error;
      problem = `The venue does not answer: ${error.message}`;
    }
    if (deps.clock.monotonicMs() - startedMs > PASS_MS_MAX) break;
    if (round >= QUICK_ROUNDS) await deps.clock.sleep(Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** (round - QUICK_ROUNDS)));
  }
  return { canceledOrders: canceled.size, closedPositions: closed.size, isFlat: false, problem };
}

const isFlat = ({ entries, unsettled, positions }: Look): boolean => entries.length + unsettled.length + positions.length === 0;

/**
 * Our records first, then orders, then positions: an entry that is on its way, rests or has filled between two of the reads
 * shows in the later one.
 */
async function lookAt(deps: EngineDeps, { exchange }: VenueConnection, trader: Trader): Promise<Look> {
  const ours = (await deps.store.transaction((tx) => tx.orders.listOpen(trader.id))).filter(
    ({ purpose, state }) => purpose === 'entry' && state !== 'intent',
  );
  const open = await exchange.openOrders(trader.id);
  const entries = open.filter(({ reduceOnly }) => !reduceOnly);
  const listed = new Set(open.map(({ clientOrderId }) => clientOrderId));
  const { positions } = await exchange.account(trader.id);
  return { entries, unsettled: ours.filter(({ clientOrderId }) => !listed.has(clientOrderId)), positions };
}

async function act(
  deps: EngineDeps,
  connection: VenueConnection,
  trader: Trader,
  { look, cause }: { readonly look: Look; readonly cause: string },
): Promise<void> {
  const cancel = (clientOrderId: string | null): Promise<unknown> =>
    clientOrderId === null ? Promise.resolve() : connection.exchange.cancelOrder(trader.id, clientOrderId);
  await inParallel(look.entries, PARALLEL_REQUESTS_MAX, (order) => cancel(order.clientOrderId));
  await inParallel(look.unsettled, PARALLEL_REQUESTS_MAX, async (order) => {
    await cancel(order.clientOrderId);
    await settleOrder(deps, connection, order);
  });
  if (!(await isBooked(deps, trader, look.positions))) await bookMissed(deps, connection, trader);
  await inParallel(look.positions, PARALLEL_REQUESTS_MAX, (position) => close(deps, connection, trader, { position, cause }));
}

/** True when our records hold what the venue reports. */
async function isBooked(deps: EngineDeps, { id }: Trader, reported: readonly VenuePosition[]): Promise<boolean> {
  const held = await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(id));
  return reported.every(({ symbol, quantity }) => held.some((own) => own.symbol === symbol && eq(signed(own), quantity)));
}

const signed = ({ side, quantity }: Pick<Position, 'side' | 'quantity'>): Decimal => (side === 'long' ? quantity : neg(quantity));

/** What opened a position is booked before what closes it, or the books would turn it around. */
async function bookMissed(deps: EngineDeps, { exchange }: VenueConnection, trader: Trader): Promise<void> {
  const last = await deps.store.transaction((tx) => tx.portfolio.lastFillAt(trader.id));
  const fills = await exchange.fillsSince(trader.id, last === null ? trader.createdAt : addMs(last, -READ_OVERLAP_MS));
  for (const fill of fills) await bookFill(deps, trader.id, fill);
}

async function close(
  deps: EngineDeps,
  connection: VenueConnection,
  trader: Trader,
  { position, cause }: { readonly position: VenuePosition; readonly cause: string },
): Promise<void> {
  const { exchange } = trader;
  const instrument = connection.market.instrument(position.symbol);
  if (instrument === null || exchange === null) return;
  const now = deps.clock.now();
  const isShort = isNegative(position.quantity);
  const plan = exitPlan({
    instrument,
    quote: freshQuote(connection, position, now),
    position: { side: isShort ? 'short' : 'long', quantity: isShort ? neg(position.quantity) : position.quantity },
    portion: ONE,
    maxPriceDeviation: trader.risk.maxPriceDeviation,
  });
  const source = { traderId: trader.id, exchange, cause: `${cause}/${position.symbol}`, decisionId: null, now };
  const intent = exitIntent(deps.ids, plan, source);
  await deps.store.transaction((tx) => insertIntent(tx, intent, trader));
  await sendOrder(deps, connection, intent.id, { generation: null });
}

/** Our own prices while they arrive, else the mark that came with the position. */
function freshQuote(connection: VenueConnection, { symbol, markPrice }: VenuePosition, now: Quote['receivedAt']): Quote {
  const quote = connection.market.quote(symbol);
  if (quote !== null && now - quote.receivedAt <= QUOTE_AGE_MS_MAX) return quote;
  return { symbol, bid: markPrice, ask: markPrice, mark: markPrice, marketTime: now, receivedAt: now };
}

/** Stops of what was closed; what the venue does not answer here is cleaned up by the watch. */
async function cleanUp(deps: EngineDeps, connection: VenueConnection, trader: Trader): Promise<void> {
  const open = await deps.store.transaction((tx) => tx.orders.listOpen(trader.id));
  for (const symbol of new Set(open.map((order) => order.symbol))) await cleanUpFlat(deps, connection, trader.id, symbol);
}

function leftOver({ entries, unsettled, positions }: Look): string {
  const parts = [
    ...positions.map(({ symbol, quantity }) => `a position of ${quantity} ${symbol}`),
    ...entries.map(
      ({ symbol, clientOrderId }) => `an order in ${symbol}${clientOrderId === null ? ' that only the venue can cancel' : ''}`,
    ),
    ...unsettled.map(({ symbol }) => `an order in ${symbol} of which the venue has not said what became of it`),
  ];
  return `Left at the venue: ${parts.join(', ')}.`;
}
