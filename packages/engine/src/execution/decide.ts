import {
  checkEntry,
  checkFreshness,
  type Decimal,
  type Decision,
  type DecisionId,
  type DecisionRecord,
  type Denial,
  deny,
  isProtective,
  makePlan,
  type Order,
  ok,
  type Plan,
  type Result,
  type Symbol,
  type Timestamp,
  type Trader,
  type Verdict,
  ZERO,
} from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { expected } from '../expected.ts';
import type { VenueAccount } from '../ports/exchange.ts';
import { LeaseLost } from '../ports/jobs.ts';
import type { StoreTx } from '../ports/store.ts';
import { BLIND_MS_MAX, isBlind } from '../reconciliation/note-reconciliation.ts';
import { instanceLimits } from '../safety/instance-limits.ts';
import { readExposure } from './exposure.ts';
import { makeIntents } from './make-intents.ts';
import { insertIntent } from './store-order.ts';

export interface DecisionInput {
  readonly base: Omit<DecisionRecord, 'id' | 'index' | 'decision' | 'plan' | 'verdict' | 'createdAt'>;
  readonly index: number;
  readonly decision: Decision;
  readonly decidedAt: Timestamp;
  /** Symbols of the binding; a decision may name no other. */
  readonly symbols: readonly string[];
  /** Mark of the symbol in the prompt; null when the prompt had none. */
  readonly promptMark: Decimal | null;
}

export interface StoredDecision {
  readonly record: DecisionRecord;
  /** The order to send first (entry or close); protective legs follow from it. null when nothing is to be sent. */
  readonly order: Order | null;
}

/**
 * Plan, gate and intents of one decision in one transaction: after its commit either the denial or every leg is on disk,
 * and nothing has been sent (reliability rule 3.2-1). Throws LeaseLost when the run has ended meanwhile, and Conflict when the
 * decision is stored already: an entry has one intent.
 */
export async function decide(
  deps: EngineDeps,
  connection: VenueConnection,
  traderId: Trader['id'],
  input: DecisionInput,
): Promise<StoredDecision> {
  const id = deps.ids.derived('decision', input.base.runId, String(input.index)) as DecisionId;
  const needsAccount = input.decision.operation === 'buy' || input.decision.operation === 'sell';
  const account = needsAccount ? await connection.exchange.account(traderId) : null;
  return deps.store.transaction(async (tx) => {
    const trader = await tx.traders.lock(traderId);
    if (trader === null || trader.exchange === null) throw new Error(`Expected trader ${traderId} to have an exchange.`);
    // Who took the lane over has ended the run: nothing that is decided now may be stored, for nobody will send it.
    if ((await tx.runs.get(input.base.runId))?.state === 'finished') throw new LeaseLost(traderId);
    const now = deps.clock.now();
    const judged = input.decision.operation === 'hold' ? null : await judge(deps, connection, tx, { trader, account, input, now });
    const plan = judged?.plan ?? null;
    const record: DecisionRecord = {
      ...input.base,
      id,
      index: input.index,
      decision: input.decision,
      plan,
      verdict: verdictOf(judged),
      createdAt: now,
    };
    await tx.runs.insertDecision(record);
    const intents =
      judged !== null && judged.denial === null && plan !== null
        ? makeIntents(deps.ids, plan, { traderId, exchange: trader.exchange, cause: id, decisionId: id, now })
        : [];
    for (const intent of intents) await insertIntent(tx, intent, trader);
    await publishDecision(tx, trader, record);
    return { record, order: intents[0] ?? null };
  });
}

interface Judged {
  readonly plan: Plan | null;
  readonly denial: Denial | null;
}

interface Case {
  readonly trader: Trader;
  readonly account: VenueAccount | null;
  readonly input: DecisionInput;
  readonly now: Timestamp;
}

async function judge(deps: EngineDeps, connection: VenueConnection, tx: StoreTx, { trader, account, input, now }: Case): Promise<Judged> {
  const { decision } = input;
  const symbol = decision.symbol;
  const instrument = symbol === null ? null : connection.market.instrument(symbol);
  if (symbol === null || instrument === null)
    return { plan: null, denial: deny('symbol_unknown', `The venue does not list ${symbol ?? 'an unnamed symbol'}.`).error };
  if (!input.symbols.includes(symbol))
    return { plan: null, denial: deny('symbol_not_bound', `${symbol} is not one of the binding's symbols.`).error };
  const quote = connection.market.quote(symbol);
  if (quote === null) return { plan: null, denial: deny('quote_missing', `There is no price of ${symbol} yet.`).error };
  const position = await tx.portfolio.openPosition(trader.id, symbol);
  const { maxPriceDeviation } = trader.risk;
  const planned = makePlan({ decision, instrument, quote, available: account?.available ?? ZERO, position, maxPriceDeviation });
  if (!planned.ok) return { plan: null, denial: planned.error };
  const plan = planned.value;
  const fresh = checkFreshness({ now, decidedAt: input.decidedAt, quote, promptMark: input.promptMark });
  if (!fresh.ok) return { plan, denial: fresh.error };
  const busy = await checkBusy(tx, trader, plan);
  if (!busy.ok) return { plan, denial: busy.error };
  if (plan.kind === 'exit') return { plan, denial: null };
  if (account === null || (await isBlind(tx, trader.id, now)))
    return { plan, denial: deny('venue_blind', `The venue could not be read for more than ${BLIND_MS_MAX / 1_000} s.`).error };
  const limits = await instanceLimits(tx);
  const quoteOf = (each: Symbol) => connection.market.quote(each);
  const exposure = await readExposure(deps, tx, { trader, instrument, now, account, limits, quoteOf });
  const entry = checkEntry(plan, { trader: trader.risk, instance: limits }, exposure);
  return { plan, denial: entry.ok ? null : entry.error };
}

/**
 * One order at a time opens or closes a symbol, and none opens while the fate of any is unknown, because it may already be
 * a position (I1, I11), or while a stop-loss cannot be placed (I6).
 */
async function checkBusy(tx: StoreTx, trader: Trader, plan: Plan): Promise<Result<null, Denial>> {
  const open = await tx.orders.listOpenBySymbol(trader.id, plan.symbol);
  const blocks = (order: Order): boolean =>
    plan.kind === 'exit'
      ? order.purpose === 'close'
      : !isProtective(order.purpose) || order.state === 'unknown' || (order.purpose === 'stop_loss' && order.state === 'intent');
  const other = open.find(blocks);
  return other === undefined ? ok(null) : deny('symbol_busy', `An earlier order in ${plan.symbol} is still ${other.state}.`);
}

function verdictOf(judged: Judged | null): Verdict {
  if (judged === null) return { status: 'held', code: null, message: null };
  if (judged.denial !== null) return { status: 'denied', code: judged.denial.code, message: judged.denial.message };
  return { status: 'approved', code: null, message: null };
}

/** Records an answer that is no decision: a hold with its reason. */
export async function recordInvalid(
  deps: EngineDeps,
  input: { readonly base: DecisionInput['base']; readonly code: string; readonly message: string },
): Promise<DecisionRecord> {
  return deps.store.transaction(async (tx) => {
    const trader = expected(await tx.traders.get(input.base.traderId), `trader ${input.base.traderId} to be stored`);
    const record: DecisionRecord = {
      ...input.base,
      id: deps.ids.derived('decision', input.base.runId, '0') as DecisionId,
      index: 0,
      decision: null,
      plan: null,
      verdict: { status: 'invalid', code: input.code, message: input.message },
      createdAt: deps.clock.now(),
    };
    await tx.runs.insertDecision(record);
    await publishDecision(tx, trader, record);
    return record;
  });
}

async function publishDecision(tx: StoreTx, trader: Trader, record: DecisionRecord): Promise<void> {
  const { decision, verdict } = record;
  await tx.journal.publish({
    at: record.createdAt,
    ownerId: trader.ownerId,
    traderId: trader.id,
    topic: 'decision.made',
    payload: {
      decision_id: record.id,
      run_id: record.runId,
      operation: decision?.operation ?? null,
      symbol: decision?.symbol ?? null,
      reason: decision?.reason ?? null,
      status: verdict.status,
      code: verdict.code,
      message: verdict.message,
    },
  });
  await tx.journal.audit({
    at: record.createdAt,
    ownerId: trader.ownerId,
    actor: `run:${record.runId}`,
    action: 'decision.made',
    subject: `decision:${record.id}`,
    detail: {
      operation: decision?.operation ?? null,
      symbol: decision?.symbol ?? null,
      verdict: verdict.status,
      code: verdict.code,
      context_hash: record.contextHash,
      prompt_version_id: record.promptVersionId,
    },
  });
}
