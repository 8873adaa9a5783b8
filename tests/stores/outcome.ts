import { Conflict } from '@hyperoru/engine';

/** What a statement or a whole transaction came to; failures by their kind, because their words differ. */
export type Outcome = { readonly value: unknown } | { readonly failure: string };

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/Expected the transaction to commit|current transaction is aborted/, 'aborted'],
  [/changed my mind/, 'rolled back'],
  [/duplicate key value/, 'unique rule'],
  [/foreign key/, 'foreign key'],
  [/not-null/, 'not null'],
  [/deadlock detected/, 'deadlock'],
];

export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    const value = await work;
    return { value: value === undefined ? null : JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    return { failure: kindOf(error) };
  }
}

function kindOf(error: unknown): string {
  if (error instanceof Conflict) return `conflict ${error.rule}`;
  const messages: string[] = [];
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++)
    messages.push(cause.message);
  const known = KINDS.find(([pattern]) => messages.some((message) => pattern.test(message)));
  return known?.[1] ?? messages.join(' <- ');
}
