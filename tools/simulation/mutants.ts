/** One seeded bug: this text of this file is replaced. The text has to be there exactly once. */
export interface Mutant {
  /** What is wrong, as one would say it. */
  readonly name: string;
  /** Path from the root of the project. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const MUTANTS: readonly Mutant[] = [];
