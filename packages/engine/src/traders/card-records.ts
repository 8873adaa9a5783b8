import type { Trader } from '@hyperoru/domain';
import { toNumber } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { CardRecords } from './card-cache.ts';

const SPARKLINE_POINTS = 60;

/** Reads them, from memory when the dependencies keep some. The trader must have been found in the caller's scope. */
export function readCardRecords(deps: EngineDeps, scope: OwnerScope, trader: Trader): Promise<CardRecords> {
  const load = () => loadCardRecords(deps, scope, trader);
  return deps.cards === undefined ? load() : deps.cards.read(trader.id, load);
}

async function loadCardRecords(deps: EngineDeps, scope: OwnerScope, trader: Trader): Promise<CardRecords> {
  const range = { from: trader.createdAt, to: deps.clock.now(), pointsMax: SPARKLINE_POINTS };
  const [stored, lastRun, lastDecision, curve, totals] = await Promise.all([
    deps.store.transaction(async (tx) => ({
      lastExecuted: await tx.runs.lastExecuted(trader.id),
      bindings: await tx.bindings.listByTrader(trader.id),
      openPositions: (await tx.portfolio.listOpenPositions(trader.id)).length,
    })),
    deps.readModel.lastRun(scope, trader.id),
    deps.readModel.lastDecision(scope, trader.id),
    deps.readModel.equityCurve(scope, trader.id, range),
    deps.readModel.accountTotals(scope, { traderId: trader.id, includeDeleted: true }),
  ]);
  return { ...stored, lastRun, lastDecision, sparkline: curve.map((point) => toNumber(point.equity)), totals };
}
