import { type Alert, type Kill, type KillId, ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { requireStepUp } from '../access/step-up.ts';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps } from '../deps.ts';
import { errorFields } from '../error-fields.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';
import { within } from '../ports/within.ts';
import { type Refusal, refuse, type UseCaseResult } from '../refusal.ts';
import { lockOwnTrader } from '../traders/own-trader.ts';
import { announceKill, armKill } from './arm-kill.ts';
import { carryOutKill, changeKill, readKill } from './carry-out-kill.ts';

/** Whoever used the switch waits this long for the report; it goes on without them. */
const ANSWER_MS_MAX = 10_000;

/**
 * Stops a trader, or with `traderId` null all of the instance (its owners only): from the first commit on nothing new is entered;
 * entries are canceled and positions closed until the venue reports flat. The answer waits for the report for some seconds;
 * `finishedAt` null = it goes on. The traders stay paused. Each use is a record of its own.
 */
export async function useKillSwitch(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId | null; readonly reason: string },
): Promise<UseCaseResult<Kill>> {
  const request = { ...input, isDrill: false, actor: `user:${scope.userId}` };
  const armed = await deps.store.transaction(async (tx): Promise<UseCaseResult<Kill>> => {
    const refusal = await refusalOf(tx, scope, input.traderId);
    return refusal === null ? ok(await armKill(deps, tx, request)) : { ok: false, error: refusal };
  });
  return armed.ok ? ok(await report(deps, armed.value)) : armed;
}

/** The same in full on one paper trader, to see that it works and how long it takes; it disarms itself, the trader stays paused. */
export async function drillKillSwitch(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<Kill>> {
  const request = { ...input, isDrill: true, actor: `user:${scope.userId}`, reason: 'A drill.' };
  const armed = await deps.store.transaction(async (tx): Promise<UseCaseResult<Kill>> => {
    const own = await lockOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    if (own.value.exchange?.environment !== 'paper')
      return refuse('drill_on_paper_only', `"${own.value.name}" does not trade on paper. A drill closes everything; use a paper trader.`);
    return ok(await armKill(deps, tx, request));
  });
  return armed.ok ? ok(await report(deps, armed.value)) : armed;
}

/**
 * The instance stops itself, e.g. because more orders leave than any honest setting would send. Does nothing while a kill of the
 * instance is armed. It is carried out in the background; each owner of a stopped trader gets an alert.
 */
export async function tripKillSwitch(deps: EngineDeps, reason: string): Promise<Kill> {
  return deps.mutex('kill/trip', async () => {
    const alerts: (Alert | null)[] = [];
    const { kill, isNew } = await deps.store.transaction(async (tx) => {
      const armed = (await tx.safety.listArmedKills()).find(({ traderId }) => traderId === null);
      if (armed !== undefined) return { kill: armed, isNew: false };
      const made = await armKill(deps, tx, { traderId: null, isDrill: false, actor: 'system', reason });
      for (const trader of await onePerOwner(tx, made)) {
        const message = `The kill switch of the instance tripped: ${reason} Every trader is paused and closed.`;
        alerts.push(await raiseAlert(deps, tx, { trader, severity: 'critical', code: 'kill_tripped', message }));
      }
      return { kill: made, isNew: true };
    });
    if (!isNew) return kill;
    await notifyAlerts(
      deps,
      alerts.filter((alert) => alert !== null),
    );
    void inBackground(deps, kill);
    return kill;
  });
}

/**
 * Lets traders enter again: one kill by its id, or all that are armed for a trader or (null) for the instance. Resumes nobody;
 * what was not flat yet is not closed any more. Disarming twice changes nothing. Needs step-up (`step_up_required`).
 */
export async function disarmKillSwitch(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly killId: KillId } | { readonly traderId: TraderId | null },
): Promise<UseCaseResult<readonly Kill[]>> {
  const refused = requireStepUp(scope, deps.clock.now(), 'Disarming the kill switch');
  if (refused !== null) return refused;
  const found = await deps.store.transaction(async (tx): Promise<UseCaseResult<readonly Kill[]>> => {
    const kills = 'killId' in input ? [await tx.safety.getKill(input.killId)] : await armedFor(tx, input.traderId);
    const known = kills.filter((kill) => kill !== null);
    for (const { traderId } of 'killId' in input ? known : [input]) {
      const refusal = await refusalOf(tx, scope, traderId);
      if (refusal !== null) return { ok: false, error: refusal };
    }
    return known.length === 0 && 'killId' in input ? refuse('not_found', 'There is no such kill.') : ok(known);
  });
  if (!found.ok) return found;
  const disarmed: Kill[] = [];
  for (const { id } of found.value) disarmed.push(await disarm(deps, scope, id));
  return ok(disarmed);
}

const disarm = (deps: EngineDeps, scope: OwnerScope, id: KillId): Promise<Kill> =>
  changeKill(deps, id, async (tx, current) => {
    if (current.disarmedAt !== null) return;
    const now = deps.clock.now();
    const actor = `user:${scope.userId}`;
    const next: Kill = { ...current, finishedAt: current.finishedAt ?? now, disarmedAt: now, disarmedBy: actor };
    await tx.safety.updateKill(next);
    await announceKill(deps, tx, next, { action: 'kill.disarmed', actor });
  });

const armedFor = async (tx: StoreTx, traderId: TraderId | null): Promise<readonly Kill[]> =>
  (await tx.safety.listArmedKills()).filter((kill) => kill.traderId === traderId);

/** One's own trader, or as an owner of the instance all of them. */
async function refusalOf(tx: StoreTx, scope: OwnerScope, traderId: TraderId | null): Promise<Refusal | null> {
  if (traderId !== null) {
    const own = await lockOwnTrader(tx, scope, traderId);
    return own.ok || own.error.code === 'trader_deleted' ? null : own.error;
  }
  const user = await tx.users.get(scope.userId);
  if (user?.role === 'owner') return null;
  return { code: 'forbidden', message: 'Only an owner of this instance may stop all of it. Stop your own traders one by one.' };
}

async function onePerOwner(tx: StoreTx, kill: Kill): Promise<readonly Trader[]> {
  const owners = new Map<string, Trader>();
  for (const { traderId } of kill.traders) {
    const trader = expected(await tx.traders.get(traderId), `trader ${traderId} to be stored`);
    if (!owners.has(trader.ownerId)) owners.set(trader.ownerId, trader);
  }
  return [...owners.values()];
}

/** Nothing but its limit ends the wait early: what goes wrong in the background is not thrown. */
async function report(deps: EngineDeps, kill: Kill): Promise<Kill> {
  const done = inBackground(deps, kill);
  return within(deps.clock, ANSWER_MS_MAX, () => done).catch(() => readKill(deps, kill.id));
}

/** A kill that fails here is carried on by the engine's next round. */
async function inBackground(deps: EngineDeps, kill: Kill): Promise<Kill> {
  try {
    return await carryOutKill(deps, kill.id);
  } catch (error) {
    deps.log.error('kill.failed', { killId: kill.id, ...errorFields(error) });
    return kill;
  }
}
