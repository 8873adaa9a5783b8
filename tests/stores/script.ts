import type { Store } from '@hyperoru/engine';
import type { Operation } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Pool } from './pool.ts';

/** One transaction. */
export interface Script {
  readonly operations: readonly Operation[];
  readonly end: 'commit' | 'rollback';
}

/** What happened, in order: a statement by its name, or how the transaction ended. */
export interface Entry {
  readonly by: number;
  readonly what: string;
  readonly outcome: Outcome | 'waits';
}

/** An open transaction that does one thing at a time, when it is told to. */
interface Session {
  /** Left to do. */
  readonly rest: Operation[];
  readonly end: Script['end'];
  /** A statement that waits for the other transaction. */
  waiting: { readonly what: string; readonly outcome: Promise<Outcome> } | null;
  isEnded: boolean;
  perform(operation: Operation): Promise<Outcome>;
  finish(): Promise<Outcome>;
}

function openSession(store: Store, pool: Pool, script: Script): Session {
  type Command = { readonly operation: Operation; readonly report: (outcome: Outcome) => void } | null;
  const commands: Command[] = [];
  let wake: () => void = () => undefined;
  const send = (command: Command) => {
    commands.push(command);
    wake();
  };
  const next = async (): Promise<Command> => {
    while (commands.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return commands.shift() ?? null;
  };
  const ended = outcomeOf(
    store.transaction(async (tx) => {
      for (let command = await next(); command !== null; command = await next())
        command.report(await outcomeOf(command.operation.act(tx, pool)));
      if (script.end === 'rollback') throw new Error('changed my mind');
    }),
  );
  return {
    rest: [...script.operations],
    end: script.end,
    waiting: null,
    isEnded: false,
    perform: (operation) => new Promise((report) => send({ operation, report })),
    finish: () => {
      send(null);
      return ended;
    },
  };
}

/** Runs the transaction alone. */
export async function runAlone(store: Store, pool: Pool, script: Script): Promise<readonly Entry[]> {
  const session = openSession(store, pool, script);
  const entries: Entry[] = [];
  for (const operation of script.operations) entries.push({ by: 0, what: operation.name, outcome: await session.perform(operation) });
  entries.push({ by: 0, what: script.end, outcome: await session.finish() });
  return entries;
}

/**
 * Runs two transactions side by side, one statement at a time: `turns` says whose is next. A statement that waits for the other
 * transaction is left waiting. `untilWaiting` resolves when an unanswered statement surely waits for a lock.
 */
export async function runPair(
  store: Store,
  pool: Pool,
  scripts: readonly [Script, Script],
  turns: readonly number[],
  untilWaiting: () => Promise<void>,
): Promise<readonly Entry[]> {
  const sessions = scripts.map((script) => openSession(store, pool, script));
  const entries: Entry[] = [];
  const takeTurn = async (by: number, own: Session, other: Session) => {
    const operation = own.rest.shift();
    const what = operation?.name ?? own.end;
    const outcome = operation === undefined ? own.finish() : own.perform(operation);
    own.isEnded = operation === undefined;
    // Two that wait for each other are a deadlock, which ends by itself.
    const answer = other.waiting === null ? await Promise.race([outcome, untilWaiting().then(() => null)]) : await outcome;
    entries.push({ by, what, outcome: answer ?? 'waits' });
    if (answer === null) own.waiting = { what, outcome };
    else if (own.isEnded || isAborting(what, answer)) await endWait(1 - by, other);
  };
  /** Whoever waited for a transaction that let everything go is answered. */
  const endWait = async (by: number, session: Session) => {
    if (session.waiting === null) return;
    const { what, outcome } = session.waiting;
    session.waiting = null;
    entries.push({ by, what, outcome: await outcome });
  };
  const order = [...turns];
  for (;;) {
    const able = [0, 1].filter((by) => sessions[by]?.isEnded === false && sessions[by]?.waiting === null);
    const wanted = order.shift();
    const by = wanted !== undefined && able.includes(wanted) ? wanted : able[0];
    if (by === undefined) return entries;
    const [own, other] = [sessions[by], sessions[1 - by]];
    if (own !== undefined && other !== undefined) await takeTurn(by, own, other);
  }
}

/** The statement failed in a way that undoes its transaction and frees its rows at once; the insert of a user has a savepoint. */
const isAborting = (what: string, outcome: Outcome): boolean =>
  'failure' in outcome && !outcome.failure.startsWith('conflict') && what !== 'users.insert';
