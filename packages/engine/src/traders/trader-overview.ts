import { add, type Decimal, ok, type Timestamp, type TraderId, timestamp, ZERO } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { readAccount } from './read-account.ts';
import { buildCard, type TraderCard } from './trader-card.ts';

const DAY_MS = 86_400_000;

/** A trader's card with its account and its totals; quote currency. */
export interface TraderOverview {
  readonly card: TraderCard;
  readonly balance: Decimal | null;
  readonly available: Decimal | null;
  readonly unrealizedPnl: Decimal | null;
  readonly realizedPnl: Decimal;
  readonly fees: Decimal;
  readonly funding: Decimal;
  /** Sum of known costs since midnight UTC. */
  readonly llmCostTodayUsd: Decimal;
  readonly totalRuns: number;
  /** Closed positions. */
  readonly totalTrades: number;
  readonly marketSource: string | null;
  readonly marketTime: Timestamp | null;
  readonly modelLimits: readonly string[];
}

export async function traderOverview(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<TraderOverview>> {
  const trader = await deps.readModel.findTrader(scope, input.traderId);
  if (trader === null) return notFound('trader');
  const now = deps.clock.now();
  const midnight = timestamp(Math.floor(now / DAY_MS) * DAY_MS);
  const account = await readAccount(deps, trader);
  const [card, totals, cost] = await Promise.all([
    buildCard(deps, scope, trader, account),
    deps.readModel.accountTotals(scope, { traderId: trader.id, includeDeleted: true }),
    deps.readModel.modelCost(scope, { traderId: trader.id, from: midnight, to: timestamp(now + 1), includeDeleted: true }),
  ]);
  const connection = connectionOf(deps, trader);
  return ok({
    card,
    balance: account?.balance ?? null,
    available: account?.available ?? null,
    unrealizedPnl: account?.positions.reduce((total, position) => add(total, position.unrealizedPnl), ZERO) ?? null,
    realizedPnl: totals.realizedPnl,
    fees: totals.fees,
    funding: totals.funding,
    llmCostTodayUsd: cost.knownUsd,
    totalRuns: totals.runs,
    totalTrades: totals.trades,
    marketSource: connection?.market.sourceLabel ?? null,
    marketTime: connection?.market.marketTime() ?? null,
    modelLimits: connection?.modelLimits ?? [],
  });
}
