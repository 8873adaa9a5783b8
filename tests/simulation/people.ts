import { decimal, type TraderId } from '@hyperoru/domain';
import { BTC, ETH } from '@hyperoru/testkit';
import { LEFT_ALONE_MS, RETURN_MS } from './excuses.ts';
import { cancelOne, closeOne, disarm, kill, orderByHand, remove, repeatTrigger, setStatusByHand } from './requests.ts';
import type { Trouble } from './swarm.ts';
import type { Process, World } from './world.ts';

const FOREIGN_QUANTITY = decimal('0.01');
const TRANSFER = decimal('37.5');
const BLIND_MS = { from: 2_000, to: 40_000 } as const;
const DOWN_MS = { from: 500, to: 25_000 } as const;
const HALT_MS = 10_000;
const REST_MS = { from: 1_000, to: 6_000 } as const;

type Act = (world: World, traderId: TraderId) => void;

/** What people, other programs and the world outside do while a seed runs, each only where its trouble is on. */
const ACTS: Readonly<Partial<Record<Trouble, Act>>> = {
  crash: (world) => world.crash('crash'),
  power_loss: (world) => world.crash('power_loss'),
  freeze: (world) => world.freeze(),
  pause: (world, id) => ask(world, (process) => setStatusByHand(world, process, id, world.draw.oneOf(['paused', 'active'] as const))),
  reduce_only: (world, id) =>
    ask(world, (process) => setStatusByHand(world, process, id, world.draw.oneOf(['reduce_only', 'active'] as const))),
  delete: (world, id) => {
    if (world.draw.chance(0.2)) ask(world, (process) => remove(world, process, id));
  },
  kill: (world, id) => ask(world, (process) => (world.draw.chance(0.6) ? kill(world, process, id) : disarm(world, process, id))),
  close_by_hand: (world, id) => ask(world, (process) => closeOne(world, process, id)),
  manual_order: (world, id) => ask(world, (process) => orderByHand(world, process, id)),
  cancel_order: (world, id) => ask(world, (process) => cancelOne(world, process, id)),
  duplicate_trigger: (world, id) => ask(world, (process) => repeatTrigger(world, process, id)),
  stop_canceled_by_hand: (world, id) => world.venue.inject({ kind: 'cancel_stop', accountId: world.side.accountOf(id) }),
  foreign_close: (world, id) => {
    const accountId = world.side.accountOf(id);
    const [held] = world.venue.books.account(accountId).state.positions;
    if (held !== undefined) world.venue.inject({ kind: 'foreign_close', accountId, symbol: held.symbol });
  },
  foreign_order: (world, id) => {
    const side = world.draw.oneOf(['buy', 'sell'] as const);
    const order = { clientOrderId: null, symbol: world.side.symbolAt(ETH), side, quantity: FOREIGN_QUANTITY, reduceOnly: false };
    world.venue.inject({ kind: 'foreign_order', accountId: world.side.accountOf(id), ticket: { ...order, type: { kind: 'market' } } });
  },
  transfer: (world, id) => world.venue.inject({ kind: 'transfer_out', accountId: world.side.accountOf(id), amount: TRANSFER }),
  venue_down: (world) =>
    forAWhile(world, world.draw.between(DOWN_MS.from, DOWN_MS.to), (isDown) => (world.isVenueDown = isDown), LEFT_ALONE_MS),
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
    world.scheduler.after(world.draw.between(REST_MS.from, REST_MS.to), next);
  };
  world.scheduler.after(world.draw.between(REST_MS.from, REST_MS.to), next);
}

/** A request of a person to the process that runs; without one there is nobody to ask. An error is the caller's answer. */
function ask(world: World, request: (process: Process) => Promise<void>): void {
  const { process } = world;
  if (process === null) return;
  request(process).catch((error: unknown) => world.note(`request failed ${String(error)}`));
}

function forAWhile(world: World, ms: number, set: (isOn: boolean) => void, returnMs = RETURN_MS): void {
  set(true);
  world.excuses.give(null, ms + returnMs);
  world.scheduler.after(ms, () => set(false));
}
