import { addMs, isOpen, isProtective, type Order, type Timestamp, type Trader, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { settleOrder } from '../execution/settle-order.ts';
import { moveOrder } from '../execution/store-order.ts';
import { bookFill, fillIdOf } from '../portfolio/book-fill.ts';
import { bookFunding } from '../portfolio/book-funding.ts';
import type { VenueFill } from '../ports/exchange.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { protectEntry } from '../protection/protect-entry.ts';
import { alertUnknown } from './alert-unknown.ts';
import { resolveUnknown, type UnknownEvidence } from './resolve-unknown.ts';
import { sweepLateEvidence } from './sweep-late-evidence.ts';

/** Fills and funding are read again from this long before the last read; booking twice is impossible. */
const READ_OVERLAP_MS = 300_000;

/** What this process remembers between two looks at a venue; a restart begins with what the records say. */
export interface RecoveryMemory {
  readonly evidence: UnknownEvidence;
  /** From when fills and funding of a trader have to be read. */
  readonly readFrom: Map<TraderId, Timestamp>;
}

export const newRecoveryMemory = (): RecoveryMemory => ({ evidence: new Map(), readFrom: new Map() });

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
 * funding are booked, protection is completed. Start and the periodic check are the same path (rule 3.2-6).
 */
export async function recoverTrader(
  deps: EngineDeps,
  trader: Trader,
  memory: RecoveryMemory,
  options: { readonly isStart: boolean },
): Promise<void> {
  const connection = trader.exchange === null ? null : deps.venue(trader.exchange.venue, trader.exchange.environment);
  if (connection === null) return;
  if (options.isStart) await dropStaleEntries(deps, trader);
  await alertUnknown(deps, trader);
  await bookMissed(deps, connection, trader, memory);
  const open = await deps.store.transaction((tx) => tx.orders.listOpen(trader.id));
  for (const order of open) await settle(deps, connection, order, memory.evidence);
  await completeProtection(deps, connection, trader, open);
}

/** An intent of a dead process was never sent and the market has moved on: it is dropped, never replayed. */
async function dropStaleEntries(deps: EngineDeps, trader: Trader): Promise<void> {
  await deps.store.transaction(async (tx) => {
    for (const order of await tx.orders.listOpen(trader.id)) {
      if (order.state !== 'intent' || isProtective(order.purpose)) continue;
      await moveOrder(deps, tx, { order, to: 'dropped', change: { reason: 'The process stopped before the order was sent.' }, trader });
    }
  });
}

async function bookMissed(deps: EngineDeps, connection: VenueConnection, trader: Trader, memory: RecoveryMemory): Promise<void> {
  const startedAt = deps.clock.now();
  const from = memory.readFrom.get(trader.id) ?? (await rememberLastFill(deps, trader, memory));
  const fills = await connection.exchange.fillsSince(trader.id, from);
  for (const fill of await readUnbooked(deps, trader, fills)) await bookFill(deps, trader.id, fill);
  await sweepLateEvidence(deps, connection, trader.id, fills);
  for (const funding of await connection.exchange.fundingSince(trader.id, from)) await bookFunding(deps, trader.id, funding);
  memory.readFrom.set(trader.id, addMs(startedAt, -READ_OVERLAP_MS));
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

async function settle(deps: EngineDeps, connection: VenueConnection, order: Order, evidence: UnknownEvidence): Promise<void> {
  if (order.state === 'intent') return;
  const settled = await settleOrder(deps, connection, order);
  if (settled.state === 'sent' || settled.state === 'unknown') await resolveUnknown(deps, connection, settled, evidence);
  else evidence.delete(order.id);
}

/** Every entry with an open position or waiting protective legs is looked at once more. */
async function completeProtection(deps: EngineDeps, connection: VenueConnection, trader: Trader, open: readonly Order[]): Promise<void> {
  const entries = await deps.store.transaction(async (tx) => {
    const decisions = new Set(open.flatMap((order) => (order.decisionId === null ? [] : [order.decisionId])));
    for (const position of await tx.portfolio.listOpenPositions(trader.id))
      if (position.openedByDecisionId !== null) decisions.add(position.openedByDecisionId);
    const legs: Order[] = [];
    for (const id of decisions) legs.push(...(await tx.orders.listByDecision(id)));
    return legs.filter((order) => order.purpose === 'entry');
  });
  for (const entry of entries) await protectEntry(deps, connection, entry.id);
  const symbols = new Set(open.filter((order) => isProtective(order.purpose) && isOpen(order.state)).map((order) => order.symbol));
  for (const symbol of symbols) await cleanUpFlat(deps, connection, trader.id, symbol);
}
