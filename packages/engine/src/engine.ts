import type { TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from './deps.ts';
import { errorFields } from './error-fields.ts';
import { sampleEquity, thinEquity } from './portfolio/sample-equity.ts';
import type { JobRunner, LaneLease } from './ports/jobs.ts';
import { followVenue } from './reconciliation/follow-venue.ts';
import { recoverTrader, rememberLastFill } from './reconciliation/recover-trader.ts';
import { newRecoveryMemory } from './reconciliation/recovery-memory.ts';
import {
  glanceAtAll,
  lookAfterEach,
  RECONCILE_MS,
  reconcileAll,
  reconcileDoubtful,
  tradersToLookAfter,
  watchBare,
} from './reconciliation/rounds.ts';
import { workLane } from './runs/work-lane.ts';
import { carryOnKills } from './safety/carry-out-kill.ts';
import { resumeDeletions } from './traders/finish-deletion.ts';
import { scheduleAllSlots, workSlot } from './triggers/work-slot.ts';

const EQUITY_SAMPLE_MS = 15_000;
const EQUITY_THIN_MS = 3_600_000;
/** Positions without a full stop are looked at this often. */
const BARE_WATCH_MS = 2_000;
/** What a venue holds is compared with the records this often, by one cheap read for each trader with something open. */
const GLANCE_MS = 15_000;
/** A kill that could not be verified is carried on this often. */
const KILLS_MS = 5_000;
/** Every live trader is looked at this often, also one of whom we think that nothing is open. */
const SWEEP_MS = 60_000;

export interface Engine {
  /** Brings records and venues into step; must have finished before `start`. */
  recover(): Promise<void>;
  /** Begins to work off lanes and schedules. */
  start(): Promise<void>;
  /** Ends new work at once and running work after at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Composes the engine; `connections` are all venues that `deps.venue` can answer with. */
export function createEngine(
  deps: EngineDeps,
  parts: { readonly jobs: JobRunner; readonly connections: readonly VenueConnection[] },
): Engine {
  const memory = newRecoveryMemory();
  const unrecovered = new Set<TraderId>();
  const stops: (() => void)[] = [];
  let isStopping = false;
  const repeat = (name: string, everyMs: number, work: () => Promise<void>): void =>
    void stops.push(repeatRound(deps, { name, everyMs, work }));

  /** A stream was cut: what it did not tell is read now, not at the next round. */
  const readAgain = (traderId: TraderId): void => {
    // A stream that is cut again and again asks once; what this read misses the next round finds.
    if (isStopping || memory.restless.has(traderId)) return;
    memory.restless.add(traderId);
    const work = async (): Promise<void> => {
      const trader = await deps.store.transaction((tx) => tx.traders.get(traderId));
      if (trader !== null) await recoverTrader(deps, trader, memory, { isStart: false });
    };
    work().catch((error: unknown) => deps.log.error('venue.gap_not_read', { traderId, ...errorFields(error) }));
  };

  /** A trader enters only after its own recovery has passed; until then its lane fails and is tried again. */
  const onLane = async (lease: LaneLease): Promise<void> => {
    if (unrecovered.has(lease.traderId)) {
      const trader = await deps.store.transaction((tx) => tx.traders.get(lease.traderId));
      if (trader !== null) await recoverTrader(deps, trader, memory, { isStart: true });
      unrecovered.delete(lease.traderId);
    }
    await workLane(deps, lease);
  };

  return {
    async recover() {
      const all = await tradersToLookAfter(deps);
      for (const trader of all) await rememberLastFill(deps, trader, memory);
      for (const connection of parts.connections) stops.push(followVenue(deps, connection, readAgain));
      // Nothing goes before a kill that the last process did not finish.
      await carryOnKills(deps);
      await lookAfterEach(deps, all, async (trader) => {
        unrecovered.add(trader.id);
        await recoverTrader(deps, trader, memory, { isStart: true });
        unrecovered.delete(trader.id);
      });
      await resumeDeletions(deps);
    },
    async start() {
      await parts.jobs.start({ onLane, onSlot: (slot) => workSlot(deps, slot) });
      await wakeOpenLanes(deps);
      await scheduleAllSlots(deps);
      repeat('kills', KILLS_MS, () => carryOnKills(deps));
      repeat('reconciliation', RECONCILE_MS, () => reconcileDoubtful(deps, memory));
      repeat('bare_watch', BARE_WATCH_MS, () => watchBare(deps));
      repeat('glance', GLANCE_MS, () => glanceAtAll(deps, memory));
      repeat('sweep', SWEEP_MS, () => reconcileAll(deps, memory));
      repeat('deletions', SWEEP_MS, async () => void (await resumeDeletions(deps)));
      repeat('equity_sample', EQUITY_SAMPLE_MS, () => sampleEquity(deps));
      repeat('equity_thinning', EQUITY_THIN_MS, () => thinEquity(deps));
    },
    async stop(graceMs) {
      isStopping = true;
      for (const stop of stops.splice(0)) stop();
      await parts.jobs.stop(graceMs);
    },
  };
}

/** Repeats work until the returned function is called; a round that is still busy is not started twice, one that fails is logged. */
function repeatRound(
  deps: Pick<EngineDeps, 'clock' | 'log'>,
  { name, everyMs, work }: { readonly name: string; readonly everyMs: number; readonly work: () => Promise<void> },
): () => void {
  let isBusy = false;
  return deps.clock.every(everyMs, () => {
    if (isBusy) return;
    isBusy = true;
    work()
      .catch((error: unknown) => deps.log.error(`${name}.failed`, { ...errorFields(error) }))
      .finally(() => {
        isBusy = false;
      });
  });
}

/** Runs that were queued when the last process ended. */
async function wakeOpenLanes(deps: EngineDeps): Promise<void> {
  await deps.store.transaction(async (tx) => {
    for (const trader of await tx.traders.listLive()) if ((await tx.runs.listOpen(trader.id)).length > 0) await tx.jobs.wake(trader.id);
  });
}
