/** An error and what caused it, at most this many: a cause may lead back to itself. */
const CAUSES_MAX = 4;

/** What a log line says of an error. */
export interface ErrorFields {
  /** Name and, where there is one, code of what lies at the bottom, e.g. `error 40P01` of the database or `Conflict client_order_id_exists`. */
  readonly cause: string;
  /** The stack, and below it those of its causes. */
  readonly error: string;
}

/** Names an error for the log: whoever wraps an error hides name and code of the one that tells what happened. */
export function errorFields(error: unknown): ErrorFields {
  const chain: Error[] = [];
  for (let next = error; next instanceof Error && chain.length < CAUSES_MAX; next = next.cause) chain.push(next);
  const bottom = chain.at(-1);
  if (bottom === undefined) return { cause: typeof error, error: String(error) };
  const code = codeOf(bottom);
  return {
    cause: code === null ? bottom.name : `${bottom.name} ${code}`,
    error: chain.map((each) => each.stack ?? `${each.name}: ${each.message}`).join('\nCaused by: '),
  };
}

/** A `code`, as the drivers of databases and sockets have it, or the `rule` of a conflict. */
function codeOf(error: Error): string | null {
  const code = 'code' in error ? error.code : 'rule' in error ? error.rule : null;
  return typeof code === 'string' ? code : null;
}
