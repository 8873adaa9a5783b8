import { setTimeout as sleep } from 'node:timers/promises';
import type { Kill } from '@hyperoru/domain';
import { disarmKillSwitch, useKillSwitch } from '@hyperoru/engine';
import type { Figure } from './figure.ts';
import { percentile } from './figure.ts';
import { BTC, ETH, SIMULATED, type Simulated } from './simulated-venue.ts';
import { entry, openTradingFloor, type TradingFloor } from './trading-floor.ts';

/** Two positions each. */
const TRADERS = 10;
const SYMBOLS = [BTC, ETH];
const KILLS = 21;
const BASELINE_SAMPLES = 50;
const P99_MS_MAX = 3_000;
const FLAT_MS_MAX = 60_000;
const POLL_MS = 20;

/**
 * From the use of the instance's kill switch to its report that every venue account was read flat, with 20 open positions that have
 * their stops; on paper and through the real adapters on the simulated venues.
 */
export async function killFlat(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const venue of ['paper', ...SIMULATED] as const) figures.push(await measure(venue));
  return figures;
}

async function measure(venue: Simulated | 'paper'): Promise<Figure> {
  const floor = await openTradingFloor(venue, TRADERS);
  try {
    const baselines: number[] = [];
    for (let count = 0; count < BASELINE_SAMPLES; count++) {
      await floor.bareOrder('open');
      baselines.push(await floor.bareOrder('close'));
    }
    const samples: number[] = [];
    for (let count = 0; count < KILLS; count++) samples.push(await killOnce(floor));
    const value = percentile(samples, 0.99);
    return {
      name: `kill-flat ${venue} p99`,
      value,
      unit: 'ms',
      baseline: 'p99 of one position closed by one reduce-only order',
      baselineValue: percentile(baselines, 0.99),
      must: `value < ${P99_MS_MAX}`,
      ok: value < P99_MS_MAX,
    };
  } finally {
    await floor.close();
  }
}

async function killOnce(floor: TradingFloor): Promise<number> {
  const { deps } = floor.product;
  await Promise.all(
    floor.traderIds.map(async (traderId) => {
      for (const symbol of SYMBOLS) await floor.order(traderId, entry(symbol));
    }),
  );
  const startedAt = performance.now();
  const used = await useKillSwitch(deps, floor.scope(), { traderId: null, reason: 'Bench.' });
  if (!used.ok) throw new Error(used.error.message);
  const { traders } = await finished(floor, used.value);
  const took = performance.now() - startedAt;
  const closed = traders.reduce((sum, { closedPositions }) => sum + closedPositions, 0);
  if (closed !== TRADERS * SYMBOLS.length) throw new Error(`Expected ${TRADERS * SYMBOLS.length} positions closed, was ${closed}.`);
  const disarmed = await disarmKillSwitch(deps, floor.scope(), { traderId: null });
  if (!disarmed.ok) throw new Error(disarmed.error.message);
  return took;
}

/** The answer itself, or the report once a later pass has seen every account flat. */
async function finished({ product }: TradingFloor, answer: Kill): Promise<Kill> {
  const giveUpAt = performance.now() + FLAT_MS_MAX;
  let kill: Kill | null = answer;
  while (kill?.finishedAt === null && performance.now() < giveUpAt) {
    await sleep(POLL_MS);
    kill = await product.deps.store.transaction((tx) => tx.safety.getKill(answer.id));
  }
  if (kill === null || kill.finishedAt === null)
    throw new Error(`Not flat after ${FLAT_MS_MAX / 1000} s: ${JSON.stringify(kill?.traders)}`);
  return kill;
}
