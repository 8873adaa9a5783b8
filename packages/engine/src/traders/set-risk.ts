import { gt, ok, type RiskLimits, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { type Refusal, refuse, type UseCaseResult } from '../refusal.ts';
import { lockOwnTrader } from './own-trader.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

export type RiskChange = { readonly [K in keyof RiskLimits]?: RiskLimits[K] | undefined };

/** Changes the limits that are given, the others stay. Limits that contradict each other are refused as `limit_invalid`. */
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
    const next: Trader = { ...trader, risk };
    await storeTrader(tx, deps, scope, next, { action: 'trader.risk_set', detail: { before: asJson(trader.risk), after: asJson(risk) } });
    return ok(await viewTrader(tx, deps, next));
  });
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
  const connection = trader.exchange === null ? null : deps.venue(trader.exchange.venue, trader.exchange.environment);
  const unknown = connection === null ? [] : symbols.filter((symbol) => connection.market.instrument(symbol) === null);
  if (unknown.length > 0) {
    problems.push({
      field: 'allowed_symbols',
      message: `The exchange does not list ${unknown.join(', ')}. Use symbols from GET /api/market/prices.`,
    });
  }
  return problems;
}

function asJson(risk: RiskLimits) {
  return {
    max_leverage: risk.maxLeverage,
    max_order_notional: risk.maxOrderNotional,
    max_total_notional: risk.maxTotalNotional,
    max_open_positions: risk.maxOpenPositions,
    allowed_symbols: risk.allowedSymbols,
    max_daily_loss: risk.maxDailyLoss,
    max_orders_per_hour: risk.maxOrdersPerHour,
    require_stop_loss: risk.requireStopLoss,
    on_protection_failure: risk.onProtectionFailure,
    llm_daily_budget_usd: risk.llmDailyBudgetUsd,
  };
}
