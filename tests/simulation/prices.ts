import { decimal, floorToStep, mul, type Symbol } from '@hyperoru/domain';
import { BTC, ETH } from '@hyperoru/testkit';
import type { World } from './world.ts';

const STEP_MS = { from: 1_500, to: 4_000 } as const;
/** Once nothing more is entered, prices only have to stay alive. */
const QUIET_STEP_MS = 8_000;
const DRIFT = 0.0024;
const GAP = { from: 0.005, to: 0.03 } as const;
const TICK = decimal('0.1');

/** Prices wander for the whole seed; now and then, where the seed knows it, they jump. */
export function livePrices(world: World): void {
  const walk = (symbol: Symbol): void => {
    const mark = world.venue.market.price(symbol)?.mark;
    if (mark !== undefined) {
      const isGap = world.strikes('price_gap', 0.03);
      const size = isGap ? world.draw.between(GAP.from, GAP.to) : DRIFT;
      const share = (world.draw.between(0, 1) * 2 - 1) * size;
      const next = world.isStill ? mark : floorToStep(mul(mark, decimal((1 + share).toFixed(6))), TICK);
      world.venue.movePrice(symbol, isGap ? { mark: next, open: next } : { mark: next });
    }
    const restMs = world.isQuiet ? QUIET_STEP_MS : world.draw.between(STEP_MS.from, STEP_MS.to);
    world.scheduler.after(restMs, () => walk(symbol));
  };
  walk(world.side.symbolAt(BTC));
  walk(world.side.symbolAt(ETH));
}
