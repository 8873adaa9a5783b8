import { Decision, DecisionDetail, DecisionListQuery, pageOf } from '@hyperoru/contracts';
import { asId, type DecisionId, type RunId } from '@hyperoru/domain';
import { found } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { presentOrder } from '../orders/presenter.ts';
import { type AddRoutes, FAILURES, IdParams, pageRequest } from '../route.ts';
import { presentModelCall, presentRun } from '../runs/presenter.ts';
import { recordFilterOf } from '../time.ts';
import { namedListAnswer, nameOf, tradersOf } from '../trader-names.ts';
import { presentDecision } from './presenter.ts';

const TAGS = ['records'];

export const addDecisionRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/decisions',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Decisions with their verdicts',
        querystring: DecisionListQuery,
        response: { 200: pageOf(Decision), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { query } = request;
      const filter = {
        ...recordFilterOf(query),
        ...(query.run_id === undefined ? {} : { runId: asId<RunId>(query.run_id) }),
      };
      const page = await context.deps.readModel.listDecisions(scope, filter, pageRequest(query));
      return namedListAnswer(context, scope, page, presentDecision);
    },
  );

  api.get(
    '/api/decisions/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'One decision with everything behind it',
        params: IdParams,
        response: { 200: DecisionDetail, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const detail = found(await context.deps.readModel.findDecision(scope, asId<DecisionId>(request.params.id)));
      const traders = await tradersOf(context, scope, [detail.run]);
      const name = nameOf(traders, detail.run.traderId);
      return {
        ...presentDecision(detail.record, name),
        run: presentRun(detail.run, name),
        model_calls: detail.modelCalls.map(presentModelCall),
        orders: detail.orders.map((order) => presentOrder(order, name)),
      };
    },
  );
};
