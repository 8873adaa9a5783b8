import { addMs, isOverdue, type Protection, type Trader, type TraderId } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import { errorFields } from '../error-fields.ts';
import { expected } from '../expected.ts';
import { inParallel } from '../lanes/in-parallel.ts';
import { VenueUnavailable } from '../ports/exchange.ts';
import type { StoreTx } from '../ports/store.ts';
import { lookAtVenue } from '../protection/venue-look.ts';
import { watchSymbol } from '../protection/watch-protection.ts';
import { listLeaving } from '../traders/finish-deletion.ts';
import { findDifferences } from './compare-with-venue.ts';
import { recoverTrader } from './recover-trader.ts';
import { isPausing, type RecoveryMemory } from './recovery-memory.ts';

/** An order that waits for an answer is looked for this often. */
export const RECONCILE_MS = 5_000;
/** Traders looked after at the same time; bounds the database connections in use. */
const PARALLEL_TRADERS_MAX = 4;

/** Looks after every trader with an order that waits for an answer or an open question; what rests waits for its events and the sweep. */
export async function reconcileDoubtful(deps: EngineDeps, memory: RecoveryMemory): Promise<void> {
  const now = deps.clock.now();
  const before = addMs(now, -RECONCILE_MS);
  const traders = await deps.store.transaction(async (tx) =>
    readTraders(tx, new Set([...(await tx.orders.listTradersWithDoubtfulOrders(before)), ...memory.restless])),
  );
  const asked = traders.filter(({ id }) => !isPausing(memory, id, now));
  await lookAfterEach(deps, asked, (trader) => recoverTrader(deps, trader, memory, { isStart: false }));
}

/** Finds what nothing in our records points at: late orders, missed funding, a position without any order. */
export async function reconcileAll(deps: EngineDeps, memory: RecoveryMemory): Promise<void> {
  await lookAfterEach(deps, await tradersToLookAfter(deps), (trader) => recoverTrader(deps, trader, memory, { isStart: false }));
}

/**
 * One cheap read per trader with something open: where the account differs from the records, an event was lost, and everything of that
 * trader is read at once instead of at the next sweep.
 */
export async function glanceAtAll(deps: EngineDeps, memory: RecoveryMemory): Promise<void> {
  const traders = await deps.store.transaction(async (tx) => {
    const held = (await tx.portfolio.listAllOpenPositions()).map(({ traderId }) => traderId);
    return readTraders(tx, new Set([...held, ...(await tx.orders.listTradersWithOpenOrders())]));
  });
  await lookAfterEach(deps, traders, async (trader) => {
    const connection = connectionOf(deps, trader);
    if (connection === null || memory.restless.has(trader.id)) return;
    const differences = await findDifferences(deps, trader.id, await connection.exchange.account(trader.id));
    if (differences.length > 0) await recoverTrader(deps, trader, memory, { isStart: false });
  });
}

/** Positions that were seen without a full stop are looked at again; an alert is raised in time also while their venue is silent. */
export async function watchBare(deps: EngineDeps): Promise<void> {
  const { bare, traders } = await deps.store.transaction(async (tx) => {
    const found = await tx.safety.listBare();
    return { bare: found, traders: await readTraders(tx, new Set(found.map(({ traderId }) => traderId))) };
  });
  await lookAfterEach(deps, traders, async (trader) => {
    const own = bare.filter(({ traderId }) => traderId === trader.id);
    const connection = connectionOf(deps, trader);
    if (connection === null) return;
    try {
      const look = await lookAtVenue(deps.clock, connection.exchange, trader.id);
      for (const { symbol } of own) await watchSymbol(deps, connection, { traderId: trader.id, symbol, look, bareFrom: null });
    } catch (error) {
      if (!(error instanceof VenueUnavailable)) throw error;
      await alertUnseen(deps, trader, own);
    }
  });
}

async function alertUnseen(deps: EngineDeps, trader: Trader, bare: readonly Protection[]): Promise<void> {
  const now = deps.clock.now();
  const overdue = bare.find((protection) => isOverdue(protection, now));
  if (overdue === undefined) return;
  const message = `The ${overdue.symbol} position had no full stop when the venue was read last, and the venue does not answer. Look at it by other means.`;
  const alert = await deps.store.transaction((tx) =>
    raiseAlert(deps, tx, { trader, severity: 'critical', code: 'position_bare', message }),
  );
  if (alert !== null) await notifyAlerts(deps, [alert]);
}

/** Every live trader, and a deleted one that has not left its venue, or whose orders still rest there. */
export async function tradersToLookAfter(deps: EngineDeps): Promise<readonly Trader[]> {
  return deps.store.transaction(async (tx) => {
    const unsettled = await readTraders(tx, new Set(await tx.orders.listTradersWithOpenOrders()));
    const all = [...(await tx.traders.listLive()), ...(await listLeaving(tx)), ...unsettled];
    return [...new Map(all.map((trader) => [trader.id, trader])).values()];
  });
}

/** One trader's failure, e.g. a venue that does not answer, stays with that trader. */
export async function lookAfterEach(deps: EngineDeps, traders: readonly Trader[], work: (trader: Trader) => Promise<void>): Promise<void> {
  await inParallel(traders, PARALLEL_TRADERS_MAX, async (trader) => {
    try {
      await work(trader);
    } catch (error) {
      if (error instanceof VenueUnavailable) deps.log.warn('trader.venue_silent', { traderId: trader.id, message: error.message });
      else deps.log.error('trader.upkeep_failed', { traderId: trader.id, ...errorFields(error) });
    }
  });
}

async function readTraders(tx: StoreTx, ids: ReadonlySet<TraderId>): Promise<readonly Trader[]> {
  const found: Trader[] = [];
  for (const id of ids) found.push(expected(await tx.traders.get(id), `trader ${id} to be stored`));
  return found;
}
