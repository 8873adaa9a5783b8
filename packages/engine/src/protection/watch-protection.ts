import {
  BARE_MS_MAX,
  coverage,
  isOverdue,
  isPositive,
  isZero,
  measureBare,
  type Position,
  type Protection,
  type Symbol,
  type Timestamp,
  type Trader,
  type TraderId,
  ZERO,
} from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { VenueUnavailable } from '../ports/exchange.ts';
import type { StoreTx } from '../ports/store.ts';
import { flatten } from './flatten.ts';
import { protectSymbol } from './protect-symbol.ts';
import { needsStop, readGuarded } from './read-guarded.ts';
import { lookAtVenue, reportedPosition, type VenueLook } from './venue-look.ts';

interface Watched {
  readonly traderId: TraderId;
  readonly symbol: Symbol;
}

/**
 * After something happened in a symbol: protection first, from our records alone, so that the stop is on its way at once; then the
 * venue is asked what it has, if anything was done or the position is not known to be covered.
 */
export async function keepProtected(deps: EngineDeps, connection: VenueConnection, watched: Watched): Promise<void> {
  const pass = await protectSymbol(deps, connection, { ...watched, look: null });
  if (!pass.hasActed && (await isKnownCovered(deps, watched))) return;
  try {
    const look = await lookAtVenue(deps.clock, connection.exchange, watched.traderId);
    await watchSymbol(deps, connection, { ...watched, look, bareFrom: pass.missingSince });
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    // The order of the caller has been dealt with; the rounds of the watch look again.
    deps.log.warn('protection.not_seen', { ...watched, message: error.message });
    await recordUnseen(deps, { ...watched, bareFrom: pass.missingSince });
  }
}

/**
 * Compares a position with the stops the venue reports, places what is missing, and measures for how long it was bare. A position
 * that stays bare for longer than BARE_MS_MAX raises an alert and, unless its trader wants the alert only, is closed.
 */
export async function watchSymbol(
  deps: EngineDeps,
  connection: VenueConnection,
  { traderId, symbol, look, bareFrom }: Watched & { readonly look: VenueLook; readonly bareFrom: Timestamp | null },
): Promise<void> {
  const watched = { traderId, symbol };
  let seen = await recordProtection(deps, { ...watched, look, bareFrom });
  const pass = await protectSymbol(deps, connection, { ...watched, look });
  if (pass.hasActed) {
    const again = await lookAtVenue(deps.clock, connection.exchange, traderId);
    seen = await recordProtection(deps, { ...watched, look: again, bareFrom: pass.missingSince });
  }
  if (seen !== null && isOverdue(seen, deps.clock.now())) await closeBare(deps, connection, seen);
}

async function isKnownCovered(deps: EngineDeps, { traderId, symbol }: Watched): Promise<boolean> {
  return deps.store.transaction(async (tx) => {
    const position = await tx.portfolio.openPosition(traderId, symbol);
    if (position === null) return true;
    const known = await tx.safety.getProtection(position.id);
    return known !== null && known.bareSince === null && (!known.isRequired || known.coveredQuantity === position.quantity);
  });
}

/** Stores what a look says about the open position, and an alert when it has been bare for too long; null without a position. */
async function recordProtection(
  deps: EngineDeps,
  { traderId, symbol, look, bareFrom }: Watched & { readonly look: VenueLook; readonly bareFrom: Timestamp | null },
): Promise<Protection | null> {
  return deps.mutex(`protection-record/${traderId}`, async () => {
    const { protection, alert } = await deps.store.transaction(async (tx) => {
      const guarded = await readGuarded(tx, traderId, symbol);
      const { position } = guarded;
      if (position === null) return { protection: null, alert: null };
      const before = await tx.safety.getProtection(position.id);
      // Looks may overtake each other.
      if (before !== null && before.checkedAt > look.at) return { protection: before, alert: null };
      const at = deps.clock.now();
      const { covered, isMissing } = seenBy(look, position);
      const next = measureBare(before, { position, isRequired: needsStop(guarded), covered, isMissing, bareFrom, at });
      await tx.safety.saveProtection(next);
      if (isNews(before, next)) await publishProtection(tx, guarded.trader, next);
      return { protection: next, alert: await alertBare(deps, tx, { trader: guarded.trader, before, next }) };
    });
    if (alert !== null) await notifyAlerts(deps, [alert]);
    return protection;
  });
}

/** Without a look a position counts as bare until one shows that it is not: so the rounds of the watch know of it. */
async function recordUnseen(
  deps: EngineDeps,
  { traderId, symbol, bareFrom }: Watched & { readonly bareFrom: Timestamp | null },
): Promise<void> {
  await deps.mutex(`protection-record/${traderId}`, () =>
    deps.store.transaction(async (tx) => {
      const guarded = await readGuarded(tx, traderId, symbol);
      const { position } = guarded;
      if (position === null) return;
      const before = await tx.safety.getProtection(position.id);
      const covered = before?.coveredQuantity ?? ZERO;
      const seen = { position, isRequired: needsStop(guarded), covered, isMissing: true, bareFrom, at: deps.clock.now() };
      await tx.safety.saveProtection(measureBare(before, seen));
    }),
  );
}

/** A position the venue does not report yet, or no longer, covers nothing and misses nothing. */
function seenBy(
  { account, openOrders }: VenueLook,
  { symbol }: Position,
): { readonly covered: Protection['coveredQuantity']; readonly isMissing: boolean } {
  const held = reportedPosition(account, symbol);
  if (held === null || isZero(held.quantity)) return { covered: ZERO, isMissing: false };
  const { covered, missing } = coverage(held, openOrders);
  return { covered, isMissing: isPositive(missing) };
}

const isNews = (before: Protection | null, next: Protection): boolean =>
  before === null || before.coveredQuantity !== next.coveredQuantity || (before.bareSince === null) !== (next.bareSince === null);

async function publishProtection(tx: StoreTx, { ownerId }: Trader, next: Protection): Promise<void> {
  const payload = {
    position_id: next.positionId,
    symbol: next.symbol,
    required: next.isRequired,
    covered_quantity: next.coveredQuantity,
    bare_since: next.bareSince,
    bare_ms: next.bareMs,
  };
  await tx.journal.publish({ at: next.checkedAt, ownerId, traderId: next.traderId, topic: 'protection.changed', payload });
}

/**
 * Raised when the limit is crossed. Somebody who wants no more than the alert can take note of it, e.g. because the stop was removed
 * on purpose, and is not told again about the same stretch; where the position is to be closed it is raised until it is.
 */
async function alertBare(
  deps: EngineDeps,
  tx: StoreTx,
  { trader, before, next }: { readonly trader: Trader; readonly before: Protection | null; readonly next: Protection },
) {
  if (!isOverdue(next, next.checkedAt)) return null;
  const flattens = trader.risk.onProtectionFailure === 'flatten';
  const wasTold = before !== null && isOverdue(before, before.checkedAt);
  if (wasTold && !flattens) return null;
  const message = `The ${next.symbol} position has had no full stop for more than ${BARE_MS_MAX / 1_000} s; ${flattens ? 'it is being closed' : 'it stays open, look at the venue'}.`;
  return raiseAlert(deps, tx, { trader, severity: 'critical', code: 'position_bare', message });
}

async function closeBare(deps: EngineDeps, connection: VenueConnection, { traderId, symbol, positionId }: Protection): Promise<void> {
  const trader = await deps.store.transaction((tx) => tx.traders.get(traderId));
  if (trader?.risk.onProtectionFailure !== 'flatten') return;
  await deps.mutex(`protection/${traderId}`, () => flatten(deps, connection, traderId, symbol, `bare/${positionId}/${deps.ids.uuid()}`));
  await protectSymbol(deps, connection, { traderId, symbol, look: null });
}
