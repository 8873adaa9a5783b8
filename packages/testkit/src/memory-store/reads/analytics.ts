import { type LedgerEntry, neg } from '@hyperoru/domain';
import type { AttributedPosition, ReadModel } from '@hyperoru/engine';
import { decimalOf, unitsOf } from '../core/fixed-point.ts';
import { inOrder } from '../core/in-order.ts';
import { type Reader, within } from './reader.ts';

type Analytics = Pick<ReadModel, 'equityCurve' | 'closedPositions' | 'accountTotals' | 'modelCost'>;

const POSITIONS_MAX = 100_000;
const POINTS_MAX = 100_000;

/** Sums and curves. */
export function analyticsReads(reader: Reader): Analytics {
  return {
    equityCurve: equityCurve(reader),
    closedPositions: closedPositions(reader),
    accountTotals: accountTotals(reader),
    modelCost: modelCost(reader),
  };
}

function equityCurve({ tables, read }: Reader): ReadModel['equityCurve'] {
  const { equityPoints, pointsByTrader } = tables;
  return (scope, traderId, { from, to, pointsMax }) =>
    read('equityCurve', () => {
      if (!Number.isInteger(pointsMax) || pointsMax < 2 || pointsMax > POINTS_MAX)
        throw new RangeError(`Expected 2 to ${POINTS_MAX} points, was ${pointsMax}.`);
      const isWithin = within(tables, scope, { traderId, from });
      const points = equityPoints
        .under(null, pointsByTrader, traderId)
        .filter(({ at }) => at <= to && isWithin(traderId, at))
        .sort((a, b) => a.at - b.at);
      if (points.length <= pointsMax) return points;
      // A point is kept when its share of the way enters a new one of pointsMax − 1 equal parts.
      const part = (place: number) => Math.trunc((place * (pointsMax - 1)) / (points.length - 1));
      return points.filter((_, place) => place === 0 || part(place) !== part(place - 1));
    });
}

function closedPositions({ tables, read }: Reader): ReadModel['closedPositions'] {
  const { positions, positionsClosed, traders, decisions, runs, bindings, prompts } = tables;
  return (scope, filter) =>
    read('closedPositions', () => {
      const isWithin = within(tables, scope, filter);
      const found = positions
        .indexed(null, positionsClosed)
        .filter(({ traderId, closedAt }) => closedAt !== null && isWithin(traderId, closedAt));
      const sorted = inOrder(
        found,
        (position) => position.closedAt ?? 0,
        (position) => position.id,
      );
      return sorted.slice(0, POSITIONS_MAX).map((position): AttributedPosition => {
        const trader = traders.get(null, position.traderId);
        const decision = decisions.get(null, position.openedByDecisionId ?? '');
        const prompt = prompts.get(null, bindings.get(null, decision?.bindingId ?? '')?.promptId ?? '');
        return {
          position,
          traderName: trader?.name ?? '',
          traderDeleted: trader?.deletedAt !== null,
          isDemo: trader?.isDemo === true,
          strategyKind: prompt === null ? 'manual' : 'prompt',
          strategyId: prompt?.id ?? null,
          strategyName: prompt?.name ?? 'Manual',
          operation: position.side === 'long' ? 'buy' : 'sell',
          triggerCause: runs.get(null, decision?.runId ?? '')?.run.trigger.cause ?? 'external',
        };
      });
    });
}

function accountTotals({ tables, read }: Reader): ReadModel['accountTotals'] {
  const { ledger, runs, positions, positionsClosed } = tables;
  return (scope, filter) =>
    read('accountTotals', () => {
      const isWithin = within(tables, scope, filter);
      const booked = ledger.all(null).filter(({ entry }) => isWithin(entry.traderId, entry.at));
      const sumOf = (...kinds: readonly LedgerEntry['kind'][]) =>
        decimalOf(booked.reduce((sum, { entry, units }) => (kinds.includes(entry.kind) ? sum + units : sum), 0n));
      return {
        runs: runs.all(null).filter(({ run, duplicateOf }) => duplicateOf === null && isWithin(run.traderId, run.createdAt)).length,
        trades: positions.indexed(null, positionsClosed).filter(({ traderId, openedAt }) => isWithin(traderId, openedAt)).length,
        deposits: sumOf('deposit', 'adjustment'),
        realizedPnl: sumOf('realized_pnl'),
        // Booked as a change of the balance, shown as a cost.
        fees: neg(sumOf('fee')),
        funding: sumOf('funding'),
      };
    });
}

function modelCost({ tables, read }: Reader): ReadModel['modelCost'] {
  return (scope, filter) =>
    read('modelCost', () => {
      const isWithin = within(tables, scope, filter);
      const calls = tables.modelCalls.all(null).flatMap(({ call, traderId }) => (isWithin(traderId, call.createdAt) ? [call] : []));
      return {
        knownUsd: decimalOf(calls.reduce((sum, { costUsd }) => sum + unitsOf(costUsd ?? '0'), 0n)),
        unknownCalls: calls.filter(({ costUsd, rawAnswer }) => costUsd === null && rawAnswer !== null).length,
      };
    });
}
