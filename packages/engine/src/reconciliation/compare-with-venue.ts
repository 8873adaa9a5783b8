import {
  type Alert,
  addMs,
  adjustPosition,
  compareBooks,
  type Difference,
  DOUBT_MS_MAX,
  decimal,
  eq,
  isSettled,
  keepSeen,
  type LedgerEntry,
  type Position,
  type PositionId,
  type SeenDifference,
  type Symbol,
  signedQuantity,
  sub,
  type Trader,
  type TraderId,
  ZERO,
} from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { expected } from '../expected.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import { bookFunding } from '../portfolio/book-funding.ts';
import type { VenueAccount } from '../ports/exchange.ts';
import type { StoreTx } from '../ports/store.ts';
import { reportedPosition } from '../protection/venue-look.ts';
import { bookAdjustment } from './book-adjustment.ts';
import type { RecoveryMemory } from './recovery-memory.ts';

/** Before a difference is settled, fills and funding of this long are read once more for one that explains it. */
const EXPLAIN_MS = 86_400_000;

/** Differences between our records and what a venue reports of an account now. */
export async function findDifferences(deps: EngineDeps, traderId: TraderId, account: VenueAccount): Promise<readonly Difference[]> {
  return deps.store.transaction(async (tx) => {
    const positions = await tx.portfolio.listOpenPositions(traderId);
    return compareBooks({ positions, balance: decimal(await tx.portfolio.balance(traderId)) }, account);
  });
}

/**
 * Compares records and venue and settles, in the venue's favor, what stays different: seen the same twice with time in between,
 * explained by no fill or funding of a day, and with no order of unknown fate that might still explain it. Each is an adjustment with
 * an alert, never silent (I5). Returns how many were settled.
 */
export async function compareWithVenue(
  deps: EngineDeps,
  connection: VenueConnection,
  { trader, account, memory }: { readonly trader: Trader; readonly account: VenueAccount; readonly memory: RecoveryMemory },
): Promise<number> {
  const now = deps.clock.now();
  const seen = keepSeen(memory.differences.get(trader.id) ?? [], await findDifferences(deps, trader.id, account), now);
  remember(memory, trader.id, seen);
  const due = await withoutDoubt(
    deps,
    trader.id,
    seen.filter((difference) => isSettled(difference, now)),
  );
  if (due.length === 0) return 0;
  if (await explain(deps, connection, trader)) {
    remember(memory, trader.id, []);
    return 0;
  }
  const alerts: Alert[] = [];
  let settled = 0;
  for (const difference of due) {
    const outcome = await settle(deps, trader, difference, account);
    if (outcome === null) continue;
    settled += 1;
    if (outcome.alert !== null) alerts.push(outcome.alert);
  }
  remember(memory, trader.id, []);
  await notifyAlerts(deps, alerts);
  return settled;
}

function remember(memory: RecoveryMemory, traderId: TraderId, seen: readonly SeenDifference[]): void {
  if (seen.length === 0) memory.differences.delete(traderId);
  else memory.differences.set(traderId, seen);
}

/** Those that no order on its way or of unknown fate may explain; after DOUBT_MS_MAX an order is no reason to wait any more. */
async function withoutDoubt(deps: EngineDeps, traderId: TraderId, due: readonly SeenDifference[]): Promise<readonly SeenDifference[]> {
  if (due.length === 0) return due;
  const recent = addMs(deps.clock.now(), -DOUBT_MS_MAX);
  const open = await deps.store.transaction((tx) => tx.orders.listOpen(traderId));
  const doubtful = open.filter(({ state, sentAt }) => (state === 'sent' || state === 'unknown') && sentAt !== null && sentAt > recent);
  return due.filter(({ symbol }) => !doubtful.some((order) => symbol === null || order.symbol === symbol));
}

/** True when a fill or a payment was found that was not booked. */
async function explain(deps: EngineDeps, { exchange }: VenueConnection, trader: Trader): Promise<boolean> {
  const since = addMs(deps.clock.now(), -EXPLAIN_MS);
  let isNew = false;
  for (const fill of await exchange.fillsSince(trader.id, since)) if (await bookFill(deps, trader.id, fill)) isNew = true;
  for (const funding of await exchange.fundingSince(trader.id, since)) if (await bookFunding(deps, trader.id, funding)) isNew = true;
  return isNew;
}

interface Settled {
  readonly alert: Alert | null;
}

/** null when the records moved meanwhile: the next comparison sees what is left. Bookings of a trader wait for its row. */
async function settle(deps: EngineDeps, before: Trader, difference: Difference, account: VenueAccount): Promise<Settled | null> {
  return deps.mutex(`booking/${before.id}`, () =>
    deps.store.transaction(async (tx): Promise<Settled | null> => {
      const trader = expected(await tx.traders.lock(before.id), `trader ${before.id} to be stored`);
      return difference.symbol === null
        ? settleBalance(deps, tx, trader, difference)
        : settlePosition(deps, tx, trader, { difference, symbol: difference.symbol, account });
    }),
  );
}

async function settleBalance(deps: EngineDeps, tx: StoreTx, trader: Trader, { recorded, reported }: Difference): Promise<Settled | null> {
  if (!eq(decimal(await tx.portfolio.balance(trader.id)), recorded)) return null;
  const reason = 'A deposit, a withdrawal or a charge of the venue that no fill and no funding explains.';
  const at = deps.clock.now();
  const id = await bookAdjustment(deps, tx, trader, {
    kind: 'balance',
    symbol: null,
    positionId: null,
    orderId: null,
    recorded,
    reported,
    reason,
  });
  const amount = sub(reported, recorded);
  const entry: LedgerEntry = {
    id: deps.ids.derived('ledger', id),
    traderId: trader.id,
    kind: 'adjustment',
    amount,
    symbol: null,
    fillId: null,
    positionId: null,
    at,
  };
  await tx.portfolio.insertLedgerEntry(entry);
  const message = `The venue's balance differed from the records by ${amount}: ${recorded} here, ${reported} there. It is booked as an adjustment; if you moved no money, look at the venue.`;
  return { alert: await raiseAlert(deps, tx, { trader, severity: 'warning', code: 'balance_adjusted', message }) };
}

async function settlePosition(
  deps: EngineDeps,
  tx: StoreTx,
  trader: Trader,
  { difference, symbol, account }: { readonly difference: Difference; readonly symbol: Symbol; readonly account: VenueAccount },
): Promise<Settled | null> {
  const { recorded, reported } = difference;
  const position = await tx.portfolio.openPosition(trader.id, symbol);
  if (!eq(position === null ? ZERO : signedQuantity(position), recorded)) return null;
  const there = reportedPosition(account, symbol) ?? { symbol, quantity: ZERO, averageEntryPrice: ZERO, leverage: 1 };
  const at = deps.clock.now();
  const newPositionId = deps.ids.derived('position', trader.id, symbol, 'adjustment', String(at)) as PositionId;
  const { closed, open } = adjustPosition(position, there, { newPositionId, traderId: trader.id, at });
  for (const changed of [closed, open]) if (changed !== null) await savePosition(tx, trader, changed, at);
  const reason = `The venue reports ${reported} ${symbol}, our fills make ${recorded}; no fill of the last day explains it.`;
  const { id: positionId } = expected(open ?? closed, `a position in ${symbol} to change`);
  await bookAdjustment(deps, tx, trader, { kind: 'position', symbol, positionId, orderId: null, recorded, reported, reason });
  const message = `${reason} The records follow the venue; look at its trade history.`;
  return { alert: await raiseAlert(deps, tx, { trader, severity: 'critical', code: 'position_adjusted', message }) };
}

async function savePosition(tx: StoreTx, { id, ownerId }: Trader, position: Position, at: Position['openedAt']): Promise<void> {
  await tx.portfolio.savePosition(position);
  const { id: positionId, symbol, side, quantity, realizedPnl, closedBy } = position;
  const payload = { position_id: positionId, symbol, side, quantity, realized_pnl: realizedPnl, closed_by: closedBy };
  await tx.journal.publish({ at, ownerId, traderId: id, topic: 'position.changed', payload });
}
