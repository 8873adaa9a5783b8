import { abs, type Decimal, type DecisionRecord, decimal, gt, mul, type Symbol, sub, type Timestamp } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import type { Answers } from './answers.ts';
import type { Scheduler } from './scheduler.ts';
import type { Witness } from './witness.ts';

const DECISION_MS_MAX = 30_000;
const PRICE_MS_MAX = 10_000;
const MOVE_MAX = decimal('0.01');
/** A process judges by its own clock, which trouble sets forward and back. */
const CLOCK_MS = 2_500;

/** The process that lets an order go, and what it knows of prices. */
export interface Sender {
  readonly now: Timestamp;
  /** How long ago the newest price of the symbol arrived; null = none did. */
  priceAgeMs(symbol: Symbol): number | null;
}

/**
 * Judges how old the decision and the prices behind an entry are when it leaves (I12): by when the model really answered, by the last
 * price that really arrived, and by the mark that the prompt really showed. What a person decided has no answer of a model behind it.
 */
export class Freshness {
  readonly #scheduler: Scheduler;
  readonly #witness: Witness;
  readonly #answers: Answers;

  constructor({ scheduler, witness, answers }: { readonly scheduler: Scheduler; readonly witness: Witness; readonly answers: Answers }) {
    this.#scheduler = scheduler;
    this.#witness = witness;
    this.#answers = answers;
  }

  /** An order leaves; `decision` is what is stored as its reason. */
  left({ reduceOnly, symbol, clientOrderId }: OrderRequest, decision: DecisionRecord | null, sender: Sender): void {
    if (reduceOnly || decision === null) return;
    const report = (what: string): void => this.#witness.report('I12', `entry ${clientOrderId} leaves ${what}`);
    const answer = this.#answers.behind(decision.decision?.reason ?? '');
    const ageMs = this.#scheduler.nowMs - (answer?.givenAtMs ?? this.#scheduler.nowMs);
    if (ageMs > DECISION_MS_MAX + CLOCK_MS) report(`${Math.round(ageMs)} ms after its answer`);
    // Prices are judged with the decision; what time it takes to leave then is bounded by the age of the decision.
    const sinceVerdictMs = Math.max(0, sender.now - decision.createdAt);
    const priceMs = sender.priceAgeMs(symbol);
    if (priceMs === null || priceMs - sinceVerdictMs > PRICE_MS_MAX + CLOCK_MS) report(`on a price ${Math.round(priceMs ?? -1)} ms old`);
    const shown = answer?.marks.get(symbol);
    const judged = decision.plan?.referencePrice;
    if (shown !== undefined && judged !== undefined && hasMoved(shown, judged)) report(`at ${judged}, its prompt showed ${shown}`);
  }
}

const hasMoved = (shown: Decimal, judged: Decimal): boolean => gt(abs(sub(judged, shown)), mul(shown, MOVE_MAX));
