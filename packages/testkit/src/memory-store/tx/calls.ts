import type { TxContext } from '../context.ts';

/** The calls of a part of the store, each given its transaction first. */
export type CallsOf<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends (...given: infer Given) => infer Result
    ? (context: TxContext, ...given: Given) => Result
    : never;
};

/**
 * Makes a part for one transaction after the other. The calls are looked up when they are made: a transaction uses few of them, and
 * making all of them for each would cost more than the transaction itself.
 */
export function partOf<Part extends object>(calls: CallsOf<Part>): (context: TxContext) => Part {
  class OfOneTransaction {
    readonly context: TxContext;

    constructor(context: TxContext) {
      this.context = context;
    }
  }
  for (const name of Object.keys(calls)) {
    const call = calls[name as keyof Part] as (context: TxContext, ...given: readonly unknown[]) => unknown;
    Object.defineProperty(OfOneTransaction.prototype, name, {
      value(this: OfOneTransaction, ...given: readonly unknown[]) {
        return call(this.context, ...given);
      },
    });
  }
  return (context) => new OfOneTransaction(context) as object as Part;
}
