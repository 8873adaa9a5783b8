import { pageOf, Run, RunDetail, RunListQuery } from '@hyperoru/contracts';
import { asId, type BindingId, type RunId } from '@hyperoru/domain';
import { found } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { presentDecision } from '../decisions/presenter.ts';
import { type AddRoutes, FAILURES, IdParams, pageRequest } from '../route.ts';
import { recordFilterOf } from '../time.ts';
import { namedListAnswer, nameOf, tradersOf } from '../trader-names.ts';
import { presentModelCall, presentRun } from './presenter.ts';

const TAGS = ['records'];

export const addRunRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/runs',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Every trigger with its one outcome',
        querystring: RunListQuery,
        response: { 200: pageOf(Run), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { query } = request;
      const filter = {
        ...recordFilterOf(query),
        ...(query.binding_id === undefined ? {} : { bindingId: asId<BindingId>(query.binding_id) }),
        ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
      };
      const page = await context.deps.readModel.listRuns(scope, filter, pageRequest(query));
      return namedListAnswer(context, scope, page, presentRun);
    },
  );

  api.get(
    '/api/runs/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'One run with the model exchanges and decisions behind it',
        params: IdParams,
        response: { 200: RunDetail, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const detail = found(await context.deps.readModel.findRun(scope, asId<RunId>(request.params.id)));
      const traders = await tradersOf(context, scope, [detail.run]);
      const name = nameOf(traders, detail.run.traderId);
      return {
        ...presentRun(detail.run, name),
        model_calls: detail.modelCalls.map(presentModelCall),
        decisions: detail.decisions.map((record) => presentDecision(record, name)),
      };
    },
  );
};
