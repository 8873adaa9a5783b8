import type { Decision as DecisionAnswer, DecisionValues, Plan as PlanAnswer } from '@hyperoru/contracts';
import { type Decision, type DecisionRecord, type Plan, type ProtectiveLevel, toIso } from '@hyperoru/domain';
import type { z } from 'zod';

export const presentDecision = (record: DecisionRecord, traderName: string): DecisionAnswer => ({
  id: record.id,
  run_id: record.runId,
  trader_id: record.traderId,
  trader_name: traderName,
  binding_id: record.bindingId,
  prompt_version_id: record.promptVersionId,
  index: record.index,
  decision: record.decision === null ? null : presentValues(record.decision),
  plan: record.plan === null ? null : presentPlan(record.plan),
  verdict: { status: record.verdict.status, code: record.verdict.code, message: record.verdict.message },
  context_hash: record.contextHash,
  created_at: toIso(record.createdAt),
});

const presentValues = (decision: Decision): z.infer<typeof DecisionValues> => ({
  operation: decision.operation,
  symbol: decision.symbol,
  target_portion_of_balance: decision.portion,
  leverage: decision.leverage,
  take_profit: presentLevel(decision.takeProfit),
  stop_loss: presentLevel(decision.stopLoss),
  max_price: decision.maxPrice,
  min_price: decision.minPrice,
  time_in_force: decision.timeInForce,
  confidence: decision.confidence,
  reason: decision.reason,
});

function presentLevel(level: ProtectiveLevel | null): z.infer<typeof DecisionValues>['stop_loss'] {
  if (level === null) return null;
  return level.kind === 'price' ? { price: level.price } : { pct: level.pct };
}

const presentPlan = (plan: Plan): z.infer<typeof PlanAnswer> => ({
  kind: plan.kind,
  symbol: plan.symbol,
  side: plan.side,
  quantity: plan.quantity,
  limit_price: plan.limitPrice,
  reference_price: plan.referencePrice,
  leverage: plan.kind === 'entry' ? plan.leverage : null,
  notional: plan.kind === 'entry' ? plan.notional : null,
  margin: plan.kind === 'entry' ? plan.margin : null,
  stop_loss_price: plan.kind === 'entry' ? plan.stopLossPrice : null,
  take_profit_price: plan.kind === 'entry' ? plan.takeProfitPrice : null,
});
