import { setTimeout as sleep } from 'node:timers/promises';
import type { Symbol, TraderId } from '@hyperoru/domain';
import { bareAtVenue } from '../tests/simulation/bare-at-venue.ts';
import type { Figure } from './figure.ts';
import { percentile } from './figure.ts';
import { BTC, ETH, SIMULATED, type Simulated, type SimulatedSide } from './simulated-venue.ts';
import { closing, entry, openTradingFloor, type TradingFloor } from './trading-floor.ts';

const TRADERS = 8;
const ENTRIES_PER_TRADER = 26;
const BASELINE_SAMPLES = 50;
const P99_MS_MAX = 2_000;
/** Wait for the stop of one entry, ms. */
const COVERED_MS_MAX = 30_000;
const POLL_MS = 5;

/**
 * From an entry's first fill in the venue's own books to the moment at which resting reduce-only stops there cover all of it, with
 * the whole product, its database and the real adapters over loopback. Traders open and close side by side.
 */
export async function nakedTime(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const venue of SIMULATED) figures.push(...(await measure(venue)));
  return figures;
}

async function measure(venue: Simulated): Promise<readonly Figure[]> {
  const floor = await openTradingFloor(venue, TRADERS);
  try {
    const baselines = await measureBare(floor);
    const watch = watchBare(floor);
    await Promise.all(floor.traderIds.map((traderId, index) => openAndClose(floor, watch, traderId, index % 2 === 0 ? BTC : ETH)));
    const { samples } = watch;
    if (samples.length < TRADERS * ENTRIES_PER_TRADER)
      throw new Error(`Expected ${TRADERS * ENTRIES_PER_TRADER} entries, saw ${samples.length}.`);
    return [0.5, 0.99].map((share) => {
      const value = percentile(samples, share);
      const isLimit = share === 0.99;
      return {
        name: `naked-time ${venue} p${share * 100}`,
        value,
        unit: 'ms',
        baseline: `p${share * 100} of one bare signed order on the same venue`,
        baselineValue: percentile(baselines, share),
        must: isLimit ? `value < ${P99_MS_MAX}` : 'none',
        ok: !isLimit || value < P99_MS_MAX,
      };
    });
  } finally {
    await floor.close();
  }
}

interface BareWatch {
  readonly samples: number[];
  isBare(traderId: TraderId): boolean;
}

/** Looks at the venue's books after everything that happens there. */
function watchBare({ side }: TradingFloor): BareWatch {
  const { engine, accountOf } = side ?? missing();
  const samples: number[] = [];
  const bareSince = new Map<string, number>();
  engine.onChange((change) => {
    if (change.kind !== 'fill' && change.kind !== 'order') return;
    const { accountId } = change;
    const isBare = bareAtVenue(engine, accountId).size > 0;
    const since = bareSince.get(accountId);
    const order = change.kind === 'fill' && change.fill.orderId !== null ? engine.order(change.fill.orderId) : null;
    if (isBare && since === undefined && order?.reduceOnly === false) bareSince.set(accountId, performance.now());
    if (isBare || since === undefined) return;
    samples.push(performance.now() - since);
    bareSince.delete(accountId);
  });
  return { samples, isBare: (traderId) => bareSince.has(accountOf(traderId) ?? '') };
}

const missing = (): SimulatedSide => {
  throw new Error('Expected a simulated venue.');
};

async function openAndClose(floor: TradingFloor, watch: BareWatch, traderId: TraderId, symbol: Symbol): Promise<void> {
  for (let count = 0; count < ENTRIES_PER_TRADER; count++) {
    await floor.order(traderId, entry(symbol));
    const giveUpAt = performance.now() + COVERED_MS_MAX;
    while (watch.isBare(traderId)) {
      if (performance.now() > giveUpAt) throw new Error(`The entry was bare for ${COVERED_MS_MAX / 1000} s.`);
      await sleep(POLL_MS);
    }
    await floor.order(traderId, closing(symbol));
  }
}

async function measureBare(floor: TradingFloor): Promise<readonly number[]> {
  await floor.bareOrder('open');
  await floor.bareOrder('close');
  const samples: number[] = [];
  for (let count = 0; count < BASELINE_SAMPLES; count++) samples.push(await floor.bareOrder('open'), await floor.bareOrder('close'));
  return samples;
}
