import { decimal, type TraderId } from '@hyperoru/domain';
import { closePosition, deleteTrader, fireTrigger, setStatus } from '@hyperoru/engine';
import { BTC, ETH } from '@hyperoru/testkit';
import type { Trouble } from './swarm.ts';
import type { Process, World } from './world.ts';

const FOREIGN_QUANTITY = decimal('0.01');
const TRANSFER = decimal('37.5');
const BLIND_MS = { from: 2_000, to: 40_000 } as const;
const DOWN_MS = { from: 500, to: 25_000 } as const;
const HALT_MS = 10_000;

type Act = (world: World, traderId: TraderId) => void;

/** What people, other programs and the world outside do while a seed runs, each only where its trouble is on. */
const ACTS: Readonly<Partial<Record<Trouble, Act>>> = {
  crash: (world) => world.crash('crash'),
  power_loss: (world) => world.crash('power_loss'),
  pause: (world, id) => byHand(world, (process) => pauseOrResume(world, process, id)),
  delete: (world, id) => {
    if (world.draw.chance(0.2)) byHand(world, (process) => remove(world, process, id));
  },
  close_by_hand: (world, id) => byHand(world, (process) => closeOne(world, process, id)),
  duplicate_trigger: (world, id) => byHand(world, (process) => repeatTrigger(world, process, id)),
  stop_canceled_by_hand: (world, id) => world.venue.inject({ kind: 'cancel_stop', accountId: world.side.accountOf(id) }),
  foreign_close: (world, id) => {
    const [held] = world.venue.books.account(world.side.accountOf(id)).state.positions;
    if (held !== undefined) world.venue.inject({ kind: 'foreign_close', accountId: world.side.accountOf(id), symbol: held.symbol });
  },
  foreign_order: (world, id) => {
    const side = world.draw.oneOf(['buy', 'sell'] as const);
    const ticket = {
      clientOrderId: null,
      symbol: world.side.symbolAt(ETH),
      side,
      type: { kind: 'market' },
      quantity: FOREIGN_QUANTITY,
      reduceOnly: false,
    } as const;
    world.venue.inject({ kind: 'foreign_order', accountId: world.side.accountOf(id), ticket });
  },
  transfer: (world, id) => world.venue.inject({ kind: 'transfer_out', accountId: world.side.accountOf(id), amount: TRANSFER }),
  venue_down: (world) => forAWhile(world, world.draw.between(DOWN_MS.from, DOWN_MS.to), (isDown) => (world.isVenueDown = isDown)),
  quotes_blind: (world) => forAWhile(world, world.draw.between(BLIND_MS.from, BLIND_MS.to), (isBlind) => (world.isBlind = isBlind)),
  halt: (world) => forAWhile(world, HALT_MS, (isHalted) => world.venue.changeInstrument(world.side.symbolAt(BTC), { isHalted })),
  clock_jump: (world) => {
    if (world.process !== null) world.process.clock.offsetMs += world.draw.whole(-900, 900);
  },
};

/** Something happens every few seconds for as long as trouble lasts. */
export function livePeople(world: World, traderIds: readonly [TraderId, ...TraderId[]], untilMs: number): void {
  const active = (Object.keys(ACTS) as Trouble[]).filter((trouble) => world.swarm[trouble] > 0);
  const next = (): void => {
    if (world.scheduler.nowMs >= untilMs) return;
    const [first, ...others] = active;
    if (first !== undefined) {
      const trouble = world.draw.oneOf([first, ...others]);
      if (world.strikes(trouble, 0.7)) {
        world.note(`act ${trouble}`);
        world.sometimes(`act ${trouble}`);
        ACTS[trouble]?.(world, world.draw.oneOf(traderIds));
      }
    }
    world.scheduler.after(world.draw.between(1_000, 8_000), next);
  };
  world.scheduler.after(world.draw.between(1_000, 8_000), next);
}

/** A request of a person to the process that runs; without one there is nobody to ask. An error is the caller's answer. */
function byHand(world: World, work: (process: Process) => Promise<void>): void {
  const { process } = world;
  if (process === null) return;
  work(process).catch((error: unknown) => world.note(`request failed ${String(error)}`));
}

async function pauseOrResume(world: World, process: Process, traderId: TraderId): Promise<void> {
  const active = world.draw.chance(0.5);
  if (active) world.witness.resumed(traderId);
  const result = await setStatus(process.deps, world.scope, { traderId, status: active ? 'active' : 'paused' });
  if (result.ok && !active) world.witness.stopped(traderId, 'a pause');
}

async function remove(world: World, process: Process, traderId: TraderId): Promise<void> {
  const result = await deleteTrader(process.deps, world.scope, { traderId });
  if (result.ok) world.witness.stopped(traderId, 'a deletion');
}

async function closeOne(world: World, process: Process, traderId: TraderId): Promise<void> {
  const open = await process.deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId));
  const [position] = open;
  if (position !== undefined) await closePosition(process.deps, world.scope, { positionId: position.id });
}

/** The same event arrives again and again. */
async function repeatTrigger(world: World, process: Process, traderId: TraderId): Promise<void> {
  await process.deps.store.transaction(async (tx) => {
    const trader = await tx.traders.get(traderId);
    const [binding] = await tx.bindings.listByTrader(traderId);
    if (trader === null || binding === undefined) return;
    const eventId = `event-${world.draw.whole(1, 3)}`;
    await fireTrigger(process.deps, tx, { trader, binding, cause: 'signal', eventId, at: process.deps.clock.now() });
  });
}

function forAWhile(world: World, ms: number, set: (isOn: boolean) => void): void {
  set(true);
  world.scheduler.after(ms, () => set(false));
}
