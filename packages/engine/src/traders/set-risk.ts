import { gt, limitsAboveInstance, ok, type RiskLimits, raisedLimits, type Timestamp, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { requireStepUp } from '../access/step-up.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { type Refusal, refuse, type UseCaseResult } from '../refusal.ts';
import { instanceLimits } from '../safety/instance-limits.ts';
import { lockOwnTrader } from './own-trader.ts';
import { fieldsAsJson, snakeCase } from './risk-names.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

export type RiskChange = { readonly [K in keyof RiskLimits]?: RiskLimits[K] | undefined };

/**
 * Changes the limits that are given, the others stay. Lowering is free; whatever allows more than before needs step-up
 * (`step_up_required`) and may not exceed the limits of the instance (`above_instance_limit`). Limits that contradict each
 * other are refused as `limit_invalid`.
 */
export async function setRisk(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId; readonly risk: RiskChange },
): Promise<UseCaseResult<TraderView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
    const own = await lockOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    const trader = own.value;
    const risk = mergeLimits(trader.risk, input.risk);
    const problems = contradictions(deps, trader, risk);
    if (problems.length > 0) return refuse('limit_invalid', problems.map((problem) => problem.message).join(' '), problems);
    const refused = await refuseRaise(tx, scope, { before: trader.risk, after: risk, now: deps.clock.now() });
    if (refused !== null) return refused;
    const next: Trader = { ...trader, risk };
    await storeTrader(tx, deps, scope, next, {
      action: 'trader.risk_set',
      detail: { before: fieldsAsJson(trader.risk), after: fieldsAsJson(risk) },
    });
    return ok(await viewTrader(tx, deps, next));
  });
}

async function refuseRaise(
  tx: StoreTx,
  scope: OwnerScope,
  { before, after, now }: { readonly before: RiskLimits; readonly after: RiskLimits; readonly now: Timestamp },
): Promise<{ readonly ok: false; readonly error: Refusal } | null> {
  const instance = await instanceLimits(tx);
  const above = instance === null ? [] : limitsAboveInstance(before, after, instance).map(snakeCase);
  if (above.length > 0) {
    const message = `${above.join(', ')} would exceed the limits of the instance. Stay within those of GET /api/safety/limits.`;
    const details = above.map((field) => ({ field, message: 'Expected a value within the limits of the instance.' }));
    return refuse('above_instance_limit', message, details);
  }
  const raised = raisedLimits(before, after).map(snakeCase);
  return raised.length === 0 ? null : requireStepUp(scope, now, `Raising ${raised.join(', ')}`);
}

function mergeLimits(before: RiskLimits, change: RiskChange): RiskLimits {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...before, ...given };
}

type Problems = NonNullable<Refusal['details']>;

function contradictions(deps: EngineDeps, trader: Trader, risk: RiskLimits): Problems {
  const problems: { field: string; message: string }[] = [];
  if (gt(risk.maxOrderNotional, risk.maxTotalNotional)) {
    const message = `max_order_notional (${risk.maxOrderNotional}) exceeds max_total_notional (${risk.maxTotalNotional}). Lower the first or raise the second.`;
    problems.push({ field: 'max_order_notional', message });
  }
  const symbols = risk.allowedSymbols ?? [];
  if (new Set(symbols).size < symbols.length) {
    problems.push({ field: 'allowed_symbols', message: 'allowed_symbols names a symbol twice. Name each once.' });
  }
  const connection = connectionOf(deps, trader);
  const unknown = connection === null ? [] : symbols.filter((symbol) => connection.market.instrument(symbol) === null);
  if (unknown.length > 0) {
    problems.push({
      field: 'allowed_symbols',
      message: `The exchange does not list ${unknown.join(', ')}. Use symbols from GET /api/market/prices.`,
    });
  }
  return problems;
}
