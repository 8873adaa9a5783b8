import { AnalyticsQuery, AnalyticsSummary, ByAccount, ByOperation, ByStrategy, BySymbol, ByTriggerType } from '@hyperoru/contracts';
import { asId, type TraderId } from '@hyperoru/domain';
import {
  type AnalyticsQuery as AnalyticsInput,
  analyticsByAccount,
  analyticsByOperation,
  analyticsByStrategy,
  analyticsBySymbol,
  analyticsByTriggerType,
  analyticsSummary,
} from '@hyperoru/engine';
import type { z } from 'zod';
import { unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES } from '../route.ts';
import { presentStatistics, presentSummary } from './presenter.ts';

const TAGS = ['analytics'];

const inputOf = (query: z.infer<typeof AnalyticsQuery>): AnalyticsInput => ({
  userId: query.user_id,
  traderId: query.trader_id === undefined ? undefined : asId<TraderId>(query.trader_id),
  days: query.days,
  startDate: query.start_date,
  endDate: query.end_date,
  includeDeleted: query.include_deleted === 'true',
});

const route = <T extends z.ZodType>(summary: string, answer: T) => ({
  config: { policy: 'user' as const },
  schema: { tags: TAGS, summary, querystring: AnalyticsQuery, response: { 200: answer, ...FAILURES } },
});

export const addAnalyticsRoutes: AddRoutes = (api, context) => {
  api.get('/api/analytics/summary', route('All figures of the trades that closed in the range', AnalyticsSummary), async (request) =>
    presentSummary(unwrap(await analyticsSummary(context.deps, callerOf(request).scope, inputOf(request.query)))),
  );

  api.get('/api/analytics/by-strategy', route('By prompt or program', ByStrategy), async (request) => {
    const groups = unwrap(await analyticsByStrategy(context.deps, callerOf(request).scope, inputOf(request.query)));
    return {
      items: groups.map(({ strategyKind, strategyId, strategyName, statistics }) => ({
        strategy: strategyKind,
        strategy_id: strategyId,
        strategy_name: strategyName,
        sharpe_ratio: statistics.sharpeRatio,
        ...presentStatistics(statistics),
      })),
    };
  });

  api.get('/api/analytics/by-account', route('By trader, deleted ones too', ByAccount), async (request) => {
    const groups = unwrap(await analyticsByAccount(context.deps, callerOf(request).scope, inputOf(request.query)));
    return {
      items: groups.map(({ traderId, traderName, isDeleted, isDemo, statistics }) => ({
        account_id: traderId,
        account_name: traderName,
        is_deleted: isDeleted,
        is_demo: isDemo,
        ...presentStatistics(statistics),
      })),
    };
  });

  api.get('/api/analytics/by-symbol', route('By symbol', BySymbol), async (request) => {
    const groups = unwrap(await analyticsBySymbol(context.deps, callerOf(request).scope, inputOf(request.query)));
    return { items: groups.map(({ symbol, statistics }) => ({ symbol, ...presentStatistics(statistics) })) };
  });

  api.get('/api/analytics/by-operation', route('By buy and sell', ByOperation), async (request) => {
    const groups = unwrap(await analyticsByOperation(context.deps, callerOf(request).scope, inputOf(request.query)));
    return { items: groups.map(({ operation, statistics }) => ({ operation, ...presentStatistics(statistics) })) };
  });

  api.get('/api/analytics/by-trigger-type', route('By what woke the strategy', ByTriggerType), async (request) => {
    const groups = unwrap(await analyticsByTriggerType(context.deps, callerOf(request).scope, inputOf(request.query)));
    return { items: groups.map(({ triggerCause, statistics }) => ({ trigger_type: triggerCause, ...presentStatistics(statistics) })) };
  });
};
