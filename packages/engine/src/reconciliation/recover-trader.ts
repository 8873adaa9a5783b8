import { addMs, isProtective, isWithinLast, type Order, type Symbol, type Timestamp, type Trader } from '@hyperoru/domain';
import { connectionOf, type EngineDeps, type VenueConnection } from '../deps.ts';
import { isKnown, takeReport } from '../execution/settle-order.ts';
import { moveOrder } from '../execution/store-order.ts';
import { bookFill, fillIdOf } from '../portfolio/book-fill.ts';
import { bookFunding } from '../portfolio/book-funding.ts';
import { type VenueFill, VenueUnavailable } from '../ports/exchange.ts';
import { lookAtVenue, type VenueLook } from '../protection/venue-look.ts';
import { watchSymbol } from '../protection/watch-protection.ts';
import { alertUnknown } from './alert-unknown.ts';
import { compareWithVenue } from './compare-with-venue.ts';
import { endOldEntries } from './end-old-entries.ts';
import { recordExternal } from './external-activity.ts';
import { noteReconciliation } from './note-reconciliation.ts';
import type { RecoveryMemory } from './recovery-memory.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import { sweepLateEvidence } from './sweep-late-evidence.ts';

/** Fills and funding are read again from this long before the last read; booking twice is impossible. */
const READ_OVERLAP_MS = 300_000;

/** Funding is read this often. */
const FUNDING_EVERY_MS = 60_000;

/** An order that is to open or close and was not sent for this long never will be: what decided it is too old, or gone. */
const INTENT_MS_MAX = 60_000;

/** One trader at its venue, with what this process remembers. */
interface Recovery {
  readonly deps: EngineDeps;
  readonly connection: VenueConnection;
  readonly trader: Trader;
  readonly memory: RecoveryMemory;
}

/**
 * Notes from when a trader's fills have to be read, before anything else can book one: a fill that an event brings would
 * hide what was missed while nobody listened.
 */
export async function rememberLastFill(deps: EngineDeps, trader: Trader, { readFrom }: RecoveryMemory): Promise<Timestamp> {
  const last = await deps.store.transaction((tx) => tx.portfolio.lastFillAt(trader.id));
  const from = last === null ? trader.createdAt : addMs(last, -READ_OVERLAP_MS);
  readFrom.set(trader.id, from);
  return from;
}

/**
 * Brings one trader's records and the venue into step: stale intents are dropped, sent orders are resolved, missed fills and
 * funding are booked, protection is completed, what others did is recorded, and what still differs is settled as an adjustment.
 * Start and the periodic check are the same path (rule 3.2-6); one at a time per trader.
 */
export async function recoverTrader(
  deps: EngineDeps,
  trader: Trader,
  memory: RecoveryMemory,
  options: { readonly isStart: boolean },
): Promise<void> {
  const connection = connectionOf(deps, trader);
  if (connection === null) return;
  await deps.mutex(`recovery/${trader.id}`, () => recover({ deps, connection, trader, memory }, options));
}

async function recover(recovery: Recovery, { isStart }: { readonly isStart: boolean }): Promise<void> {
  const { deps, trader, memory } = recovery;
  const startedAt = deps.clock.now();
  await dropStaleEntries(deps, trader, isStart ? startedAt : addMs(startedAt, -INTENT_MS_MAX));
  await alertUnknown(deps, trader);
  try {
    const { isCalm, adjustments } = await bringIntoStep(recovery);
    if (isCalm) memory.restless.delete(trader.id);
    else memory.restless.add(trader.id);
    memory.silent.delete(trader.id);
    const message =
      adjustments > 0 ? `Settled ${adjustments === 1 ? 'one difference' : `${adjustments} differences`} in the venue's favor.` : null;
    await noteReconciliation(deps, trader, { startedAt, status: adjustments > 0 ? 'adjusted' : 'ok', message });
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    memory.restless.add(trader.id);
    memory.silent.set(trader.id, { rounds: (memory.silent.get(trader.id)?.rounds ?? 0) + 1, lastAt: deps.clock.now() });
    await noteReconciliation(deps, trader, { startedAt, status: 'failed', message: `The venue could not be read: ${error.message}` });
    throw error;
  }
}

/** The look comes first: what is booked after it is newer, and a difference that only shows once is none. */
async function bringIntoStep(recovery: Recovery): Promise<{ readonly isCalm: boolean; readonly adjustments: number }> {
  const { deps, connection, trader, memory } = recovery;
  const look = await lookAtVenue(deps.clock, connection.exchange, trader.id);
  const newFills = await bookMissed(recovery, look);
  const isResolved = await settleOpen(recovery, look);
  await endOldEntries(deps, connection, trader.id);
  await recordExternal(deps, trader, { openOrders: look.openOrders, newFills });
  for (const symbol of await symbolsToWatch(recovery, look))
    await watchSymbol(deps, connection, { traderId: trader.id, symbol, look, bareFrom: null });
  const adjustments = await compareWithVenue(deps, connection, { trader, account: look.account, memory });
  return { isCalm: isResolved && !memory.differences.has(trader.id), adjustments };
}

/** An intent of a dead process, or of a run that failed, was never sent and the market has moved on: it is dropped, never replayed. */
async function dropStaleEntries(deps: EngineDeps, trader: Trader, until: Timestamp): Promise<void> {
  const reason = 'The process stopped, or its run failed, before the order was sent.';
  await deps.store.transaction(async (tx) => {
    for (const order of await tx.orders.listOpen(trader.id)) {
      if (order.state !== 'intent' || isProtective(order.purpose) || order.createdAt > until) continue;
      await moveOrder(deps, tx, { order, to: 'dropped', change: { reason }, trader });
    }
  });
}

/** Returns the fills that were not known. */
async function bookMissed(recovery: Recovery, look: VenueLook): Promise<readonly VenueFill[]> {
  const { deps, connection, trader, memory } = recovery;
  const startedAt = deps.clock.now();
  const from = memory.readFrom.get(trader.id) ?? (await rememberLastFill(deps, trader, memory));
  const fills = await connection.exchange.fillsSince(trader.id, from);
  const unbooked = await readUnbooked(deps, trader, fills);
  for (const fill of unbooked) await bookFill(deps, trader.id, fill);
  await sweepLateEvidence(deps, connection, trader.id, { openOrders: look.openOrders, fills, memory });
  await bookFundings(recovery, from, startedAt);
  memory.readFrom.set(trader.id, addMs(startedAt, -READ_OVERLAP_MS));
  return unbooked;
}

/** Funding is due once in hours and its reads are dear: they wait, unless something differs that funding may explain. */
async function bookFundings({ deps, connection, trader, memory }: Recovery, from: Timestamp, now: Timestamp): Promise<void> {
  const readAt = memory.fundingReadAt.get(trader.id);
  const isFresh = readAt !== undefined && isWithinLast(FUNDING_EVERY_MS, readAt, now);
  if (isFresh && !memory.differences.has(trader.id)) return;
  const since = readAt === undefined ? from : (Math.min(from, readAt - READ_OVERLAP_MS) as Timestamp);
  for (const funding of await connection.exchange.fundingSince(trader.id, since)) await bookFunding(deps, trader.id, funding);
  memory.fundingReadAt.set(trader.id, now);
}

/** One look instead of one booking per fill: most were booked when they happened. */
async function readUnbooked(deps: EngineDeps, trader: Trader, fills: readonly VenueFill[]): Promise<readonly VenueFill[]> {
  if (fills.length === 0) return [];
  return deps.store.transaction(async (tx) => {
    const unbooked: VenueFill[] = [];
    for (const fill of fills) if ((await tx.portfolio.getFill(fillIdOf(deps.ids, trader.id, fill))) === null) unbooked.push(fill);
    return unbooked;
  });
}

/** Every open order by the venue's word; true when none is being looked for. */
async function settleOpen({ deps, connection, trader, memory }: Recovery, look: VenueLook): Promise<boolean> {
  const open = await deps.store.transaction((tx) => tx.orders.listOpen(trader.id));
  for (const order of open) if (order.state !== 'intent') await settle({ deps, connection, trader, memory }, look, order);
  return !open.some(({ id }) => memory.evidence.has(id));
}

async function settle({ deps, connection, memory }: Recovery, look: VenueLook, order: Order): Promise<void> {
  const shown = look.openOrders.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  const found =
    shown !== undefined && isKnown(order, shown) ? shown : await connection.exchange.findOrder(order.traderId, order.clientOrderId);
  if (found === null) return resolveUnknown(deps, connection, { order, look, evidence: memory.evidence });
  memory.evidence.delete(order.id);
  await takeReport(deps, connection, order, found);
}

async function symbolsToWatch({ deps, trader }: Recovery, { openOrders }: VenueLook): Promise<ReadonlySet<Symbol>> {
  return deps.store.transaction(async (tx) => {
    const held = await tx.portfolio.listOpenPositions(trader.id);
    const open = await tx.orders.listOpen(trader.id);
    const resting = openOrders.filter(({ reduceOnly }) => reduceOnly);
    return new Set([...held, ...open, ...resting].map(({ symbol }) => symbol));
  });
}
