import type { Alert, Kill, KilledTrader, KillId, Trader } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps } from '../deps.ts';
import { errorFields } from '../error-fields.ts';
import { expected } from '../expected.ts';
import { inParallel } from '../lanes/in-parallel.ts';
import type { StoreTx } from '../ports/store.ts';
import { isDeletionPending } from '../traders/finish-deletion.ts';
import { announceKill, payloadOf } from './arm-kill.ts';
import { flattenAccount } from './flatten-account.ts';

/** Kills carried on at the same time; one whose venue is silent does not hold up another. */
const PARALLEL_KILLS_MAX = 4;
/** Accounts emptied at the same time by one kill. */
const PARALLEL_TRADERS_MAX = 8;

/**
 * One pass over what a stored kill has not seen flat yet; the report grows with each trader, so that a crash loses nothing of it.
 * It ends the kill when every venue reports flat, and raises an alert per trader where one does not. Safe to repeat.
 */
export async function carryOutKill(deps: EngineDeps, id: KillId): Promise<Kill> {
  return deps.mutex(`kill/${id}`, async () => {
    const kill = await readKill(deps, id);
    if (kill.finishedAt !== null) return kill;
    const left = kill.traders.filter(({ isFlat }) => !isFlat);
    await inParallel(left, PARALLEL_TRADERS_MAX, (trader) => killTrader(deps, kill, trader));
    return finishKill(deps, id);
  });
}

/** Carries on every kill that is not finished, oldest first: after a start, and again while a venue does not answer. */
export async function carryOnKills(deps: EngineDeps): Promise<void> {
  const unfinished = await deps.store.transaction((tx) => tx.safety.listUnfinishedKills());
  await inParallel(unfinished, PARALLEL_KILLS_MAX, ({ id }) => carryOutKill(deps, id));
}

export async function readKill(deps: EngineDeps, id: KillId): Promise<Kill> {
  return expected(await deps.store.transaction((tx) => tx.safety.getKill(id)), `kill ${id} to be stored`);
}

async function killTrader(deps: EngineDeps, kill: Kill, { traderId }: KilledTrader): Promise<void> {
  const trader = expected(await deps.store.transaction((tx) => tx.traders.get(traderId)), `trader ${traderId} to be stored`);
  const pass = await emptyAccount(deps, kill, trader);
  const flatAfterMs = pass.isFlat ? Math.max(0, deps.clock.now() - kill.startedAt) : null;
  const reported = await changeKill(deps, kill.id, async (tx, current) => {
    const traders = current.traders.map((each) => (each.traderId === traderId ? reportOf(each, { ...pass, flatAfterMs }) : each));
    const next: Kill = { ...current, traders };
    await tx.safety.updateKill(next);
    const payload = payloadOf(next, 'kill.progressed');
    await tx.journal.publish({ at: deps.clock.now(), ownerId: trader.ownerId, traderId, topic: 'kill.changed', payload });
  });
  // Disarmed, or seen flat by another process: nothing goes on that a person would have to look at.
  const problem = reported.finishedAt === null ? (reported.traders.find((each) => each.traderId === traderId)?.problem ?? null) : null;
  const alert = problem === null ? null : await alertNotFlat(deps, trader, problem);
  if (alert !== null) await notifyAlerts(deps, [alert]);
}

/** What was reported of a trader and what one more pass did. Another process may have seen it flat meanwhile: that stays. */
function reportOf(before: KilledTrader, pass: Omit<KilledTrader, 'traderId'>): KilledTrader {
  if (before.isFlat) return before;
  const canceledOrders = before.canceledOrders + pass.canceledOrders;
  return { ...before, ...pass, canceledOrders, closedPositions: before.closedPositions + pass.closedPositions };
}

/** An error of ours at one trader stays with that trader, and in the report. */
async function emptyAccount(deps: EngineDeps, kill: Kill, trader: Trader): ReturnType<typeof flattenAccount> {
  const nothing = { canceledOrders: 0, closedPositions: 0 };
  if (trader.exchange === null || (await hasLeft(deps, trader))) return { ...nothing, isFlat: true, problem: null };
  const connection = deps.venue(trader.exchange.venue, trader.exchange.environment);
  if (connection === null) return { ...nothing, isFlat: false, problem: 'This configuration does not offer the venue of the trader.' };
  try {
    const isWanted = async (): Promise<boolean> => (await readKill(deps, kill.id)).finishedAt === null;
    return await flattenAccount(deps, connection, trader, { cause: `kill/${kill.id}`, isWanted });
  } catch (error) {
    const fields = errorFields(error);
    deps.log.error('kill.failed', { killId: kill.id, traderId: trader.id, ...fields });
    const problem = `An error of ours (${fields.cause}); see the log for kill ${kill.id}. It is tried again.`;
    return { ...nothing, isFlat: false, problem };
  }
}

/** A deletion that has ended emptied and closed the account; nothing is left that could be read. */
async function hasLeft(deps: EngineDeps, trader: Trader): Promise<boolean> {
  if (trader.deletedAt === null) return false;
  return !(await deps.store.transaction((tx) => isDeletionPending(tx, trader.id)));
}

async function alertNotFlat(deps: EngineDeps, trader: Trader, problem: string): Promise<Alert | null> {
  return deps.store.transaction((tx) =>
    raiseAlert(deps, tx, {
      trader,
      severity: 'critical',
      code: 'kill_not_flat',
      message: `The kill switch could not verify that "${trader.name}" is flat. ${problem} It keeps trying; look at the venue.`,
    }),
  );
}

async function finishKill(deps: EngineDeps, id: KillId): Promise<Kill> {
  return changeKill(deps, id, async (tx, current) => {
    if (current.finishedAt !== null || current.traders.some(({ isFlat }) => !isFlat)) return;
    const now = deps.clock.now();
    const next: Kill = { ...current, finishedAt: now, ...(current.isDrill ? { disarmedAt: now, disarmedBy: 'system' } : {}) };
    await tx.safety.updateKill(next);
    await announceKill(deps, tx, next, { action: 'kill.finished', actor: 'system' });
  });
}

type Change = (tx: StoreTx, current: Kill) => Promise<void>;

/** Reads, changes and reads again under the lock of its row: traders of one kill, and processes, report side by side. */
export async function changeKill(deps: Pick<EngineDeps, 'store'>, id: KillId, change: Change): Promise<Kill> {
  return deps.store.transaction(async (tx) => {
    await change(tx, expected(await tx.safety.lockKill(id), `kill ${id} to be stored`));
    return expected(await tx.safety.getKill(id), `kill ${id} to be stored`);
  });
}
