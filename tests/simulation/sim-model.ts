import { decimal, toNumber } from '@hyperoru/domain';
import type { LanguageModelPort, ModelOutcome, ModelRequest } from '@hyperoru/engine';
import type { SimulatedVenue } from '@hyperoru/testkit';
import { BTC, ETH } from '@hyperoru/testkit';
import type { Answers } from './answers.ts';
import type { Draw } from './draw.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';
import type { Side } from './sides/side.ts';
import type { Swarm } from './swarm.ts';

const GARBAGE = [
  '',
  'I would buy now.',
  '{"decisions":[{"operation":"buy"',
  '{"decisions":[{"operation":"buy","symbol":"BTC","leverage":-3,"reason":"x"}]}',
  '{"decisions":[{"operation":"buy","symbol":"BTC","target_portion_of_balance":1e9,"reason":"x"}]}',
  '{"decisions":[{"operation":"buy","operation":"sell","symbol":"BTC","reason":"x"}]}',
  '{"decisions":[{"operation":"buy","symbol":"DOGE","target_portion_of_balance":0.1,"stop_loss_pct":1,"reason":"x"}]}',
  '{"decisions":[{"operation":"buy","symbol":"BTC","target_portion_of_balance":0.1,"stop_loss_price":999999,"reason":"x"}]}',
  '[{"decisions":[]},{"decisions":[]}]',
] as const;

const CENTS = 100;

/** A model that wants something sensible most of the time, answers in its own time, and fails in the ways the seed knows. */
export class SimModel implements LanguageModelPort {
  readonly #scheduler: Scheduler;
  readonly #draw: Draw;
  readonly #venue: SimulatedVenue;
  readonly #life: Life;
  readonly #side: Side;
  readonly #swarm: () => Swarm;
  readonly #isQuiet: () => boolean;
  readonly #answers: Answers;

  constructor(world: {
    readonly scheduler: Scheduler;
    readonly draw: Draw;
    readonly venue: SimulatedVenue;
    readonly life: Life;
    readonly side: Side;
    readonly swarm: () => Swarm;
    readonly isQuiet: () => boolean;
    readonly answers: Answers;
  }) {
    this.#scheduler = world.scheduler;
    this.#draw = world.draw;
    this.#venue = world.venue;
    this.#life = world.life;
    this.#side = world.side;
    this.#swarm = world.swarm;
    this.#isQuiet = world.isQuiet;
    this.#answers = world.answers;
  }

  ask({ signal, promptText }: ModelRequest): Promise<ModelOutcome> {
    const draw = this.#draw;
    const swarm = this.#swarm();
    const isSlow = draw.chance(swarm.model_slow * 0.3);
    const takesMs = isSlow ? draw.between(20_000, 60_000) : draw.between(50, 1_500);
    const number = this.#answers.begin(promptText);
    const outcome = this.#outcome(swarm, number);
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve({ kind: 'error', code: 'model_canceled', message: 'Canceled.', exchanges: [] }), {
        once: true,
      });
      this.#scheduler.afterIn(this.#life, takesMs, () => {
        this.#answers.given(number, this.#scheduler.nowMs);
        resolve(outcome);
      });
    });
  }

  #outcome(swarm: Swarm, number: number): ModelOutcome {
    if (this.#draw.chance(swarm.model_error * 0.3))
      return { kind: 'error', code: 'model_upstream_error', message: 'It failed.', exchanges: [] };
    const isGarbage = this.#draw.chance(swarm.model_garbage * 0.3);
    const text = isGarbage
      ? this.#draw.oneOf(GARBAGE)
      : JSON.stringify({ decisions: this.#decisions().map((each) => ({ ...each, reason: `${each['reason']} #${number}` })) });
    return { kind: 'answer', text, accepted: !isGarbage, exchanges: [] };
  }

  #decisions(): readonly Record<string, unknown>[] {
    if (this.#isQuiet() || this.#draw.chance(0.1)) return [];
    return this.#draw.chance(0.3) ? [this.#decision(BTC), this.#decision(ETH)] : [this.#decision(this.#draw.oneOf([BTC, BTC, ETH]))];
  }

  #decision(symbol: typeof BTC): Record<string, unknown> {
    const draw = this.#draw;
    const mark = toNumber(this.#venue.market.price(this.#side.symbolAt(symbol))?.mark ?? decimal('1'));
    const kind = draw.whole(0, 9);
    if (kind === 0) return { operation: 'hold', symbol, reason: 'Flat.' };
    if (kind <= 3) return { operation: 'close', symbol, target_portion_of_balance: draw.oneOf([1, 1, 0.5, 0.3]), reason: 'Out.' };
    const isBuy = draw.chance(0.6);
    const at = (share: number): number => Math.round(mark * (isBuy ? 1 + share : 1 - share) * CENTS) / CENTS;
    const rests = draw.chance(0.3) ? { time_in_force: 'gtc', [isBuy ? 'max_price' : 'min_price']: at(-draw.between(0.0005, 0.004)) } : {};
    return {
      operation: isBuy ? 'buy' : 'sell',
      symbol,
      target_portion_of_balance: draw.oneOf([0.02, 0.05, 0.1, 0.25]),
      leverage: draw.oneOf([1, 2, 3]),
      stop_loss_price: at(-draw.between(0.003, 0.02)),
      take_profit_price: draw.chance(0.7) ? at(draw.between(0.003, 0.03)) : null,
      reason: 'In.',
      ...rests,
    };
  }
}
