import type { LlmSettings, RiskLimits, Trader as TraderAnswer } from '@hyperoru/contracts';
import { type RiskLimits as DomainRiskLimits, decimal, symbol, type Trader, toIso } from '@hyperoru/domain';
import type { RiskChange, TraderView } from '@hyperoru/engine';
import type { z } from 'zod';
import { mapGiven, orNone } from '../given.ts';
import { isoOrNull } from '../time.ts';

export const presentTrader = (view: TraderView): TraderAnswer => {
  const { trader } = view;
  return {
    id: trader.id,
    user_id: trader.ownerId,
    name: trader.name,
    description: trader.description,
    status: view.status,
    active: trader.isActive,
    reduce_only: trader.isReduceOnly,
    is_demo: trader.isDemo,
    status_reason: view.statusReason,
    status_run_id: view.statusRunId,
    environment: trader.exchange?.environment ?? null,
    llm: presentLlm(trader.llm),
    exchange: trader.exchange === null ? null : { exchange: trader.exchange.venue, environment: trader.exchange.environment },
    risk: presentRisk(trader.risk),
    setup_missing: [...view.setUpMissing],
    created_at: toIso(trader.createdAt),
    deleted_at: isoOrNull(trader.deletedAt),
  };
};

const presentLlm = (llm: Trader['llm']): z.infer<typeof LlmSettings> | null =>
  llm === null
    ? null
    : {
        model: llm.model,
        base_url: llm.baseUrl,
        has_api_key: llm.hasApiKey,
        key_fingerprint: llm.keyFingerprint,
        is_scripted: llm.isScripted,
      };

export const presentRisk = (risk: DomainRiskLimits): RiskLimits => ({
  max_leverage: risk.maxLeverage,
  max_order_notional: risk.maxOrderNotional,
  max_total_notional: risk.maxTotalNotional,
  max_open_positions: risk.maxOpenPositions,
  allowed_symbols: risk.allowedSymbols === null ? null : [...risk.allowedSymbols],
  max_daily_loss: risk.maxDailyLoss,
  max_orders_per_hour: risk.maxOrdersPerHour,
  require_stop_loss: risk.requireStopLoss,
  on_protection_failure: risk.onProtectionFailure,
  max_price_deviation: risk.maxPriceDeviation,
  cooldown_minutes: risk.cooldownMinutes,
  max_drawdown: risk.maxDrawdown,
  max_same_direction_notional: risk.maxSameDirectionNotional,
  on_external_activity: risk.onExternalActivity,
  llm_daily_budget_usd: risk.llmDailyBudgetUsd,
});

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Body → change; what was left out stays undefined and thereby as it is. */
export const riskChangeOf = (body: Given<RiskLimits>): RiskChange => ({
  maxLeverage: body.max_leverage,
  maxOrderNotional: mapGiven(body.max_order_notional, decimal),
  maxTotalNotional: mapGiven(body.max_total_notional, decimal),
  maxOpenPositions: body.max_open_positions,
  allowedSymbols: mapGiven(
    body.allowed_symbols,
    orNone((symbols: readonly string[]) => symbols.map(symbol)),
  ),
  maxDailyLoss: mapGiven(body.max_daily_loss, orNone(decimal)),
  maxOrdersPerHour: body.max_orders_per_hour,
  requireStopLoss: body.require_stop_loss,
  onProtectionFailure: body.on_protection_failure,
  maxPriceDeviation: mapGiven(body.max_price_deviation, decimal),
  cooldownMinutes: body.cooldown_minutes,
  maxDrawdown: mapGiven(body.max_drawdown, orNone(decimal)),
  maxSameDirectionNotional: mapGiven(body.max_same_direction_notional, orNone(decimal)),
  onExternalActivity: body.on_external_activity,
  llmDailyBudgetUsd: mapGiven(body.llm_daily_budget_usd, orNone(decimal)),
});
