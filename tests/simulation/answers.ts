import { type Decimal, decimal, type Symbol } from '@hyperoru/domain';

/** One answer of a model. */
export interface GivenAnswer {
  /** When it was given; null = not yet. */
  givenAtMs: number | null;
  /** The marks that its prompt showed. */
  readonly marks: ReadonlyMap<Symbol, Decimal>;
}

/** Every answer that models gave; its number is part of the reason of its decisions, so that an order leads back to it. */
export class Answers {
  readonly #answers: GivenAnswer[] = [];

  /** Returns the number of an answer to a prompt that is the JSON of the market prices, or no JSON where there are none. */
  begin(promptText: string): number {
    const shown: readonly { readonly symbol: Symbol; readonly mark: string }[] = promptText.startsWith('[') ? JSON.parse(promptText) : [];
    this.#answers.push({ givenAtMs: null, marks: new Map(shown.map(({ symbol, mark }) => [symbol, decimal(mark)])) });
    return this.#answers.length - 1;
  }

  given(number: number, atMs: number): void {
    const answer = this.#answers[number];
    if (answer !== undefined) answer.givenAtMs = atMs;
  }

  /** The answer that a decision's reason names; null for what no model decided. */
  behind(reason: string): GivenAnswer | null {
    const number = / #(\d+)$/.exec(reason)?.[1];
    return number === undefined ? null : (this.#answers[Number(number)] ?? null);
  }
}
