import {
  EquityAnswer,
  EquityQuery,
  pageOf,
  Trader,
  TraderCard,
  TraderCreateBody,
  TraderListQuery,
  TraderOverview,
  TraderPatchBody,
} from '@hyperoru/contracts';
import { asId, type TraderId } from '@hyperoru/domain';
import { createTrader, deleteTrader, listTraderCards, patchTrader, traderCard, traderEquity, traderOverview } from '@hyperoru/engine';
import { unwrap } from '../../errors.ts';
import { callerOf, checkUserId } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, listAnswer, NO_CONTENT, pageRequest } from '../route.ts';
import { momentsOf } from '../time.ts';
import { presentCard, presentEquity, presentOverview } from './card-presenter.ts';
import { presentTrader } from './presenter.ts';
import { addTraderSettingsRoutes } from './settings-routes.ts';

const TAGS = ['traders'];

export const addTraderRoutes: AddRoutes = (api, context) => {
  addCollection(api, context);
  addMember(api, context);
  addTraderSettingsRoutes(api, context);
  addFigures(api, context);
};

const addCollection: AddRoutes = (api, context) => {
  api.post(
    '/api/traders',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Create a trader', body: TraderCreateBody, response: { 201: Trader, ...FAILURES } },
    },
    async (request, reply) => {
      const { body } = request;
      checkUserId(request, body.user_id);
      const input = { name: body.name, description: body.description, userId: body.user_id };
      return reply.code(201).send(presentTrader(unwrap(await createTrader(context.deps, callerOf(request).scope, input))));
    },
  );

  api.get(
    '/api/traders',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Traders with their live figures',
        querystring: TraderListQuery,
        response: { 200: pageOf(TraderCard), ...FAILURES },
      },
    },
    async (request) => {
      const { query } = request;
      checkUserId(request, query.user_id);
      const input = { includeDeleted: query.include_deleted === 'true', page: pageRequest(query) };
      return listAnswer(await listTraderCards(context.deps, callerOf(request).scope, input), presentCard);
    },
  );
};

const addMember: AddRoutes = (api, context) => {
  api.get(
    '/api/traders/:id',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'One trader with its live figures', params: IdParams, response: { 200: TraderCard, ...FAILURES } },
    },
    async (request) =>
      presentCard(unwrap(await traderCard(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }))),
  );

  api.patch(
    '/api/traders/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Rename or describe',
        params: IdParams,
        body: TraderPatchBody,
        response: { 200: Trader, ...FAILURES },
      },
    },
    async (request) => {
      const input = { traderId: asId<TraderId>(request.params.id), name: request.body.name, description: request.body.description };
      return presentTrader(unwrap(await patchTrader(context.deps, callerOf(request).scope, input)));
    },
  );

  api.delete(
    '/api/traders/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Soft delete: strategies stop, secrets are destroyed, history stays',
        params: IdParams,
        response: { 204: NO_CONTENT, ...FAILURES },
      },
    },
    async (request, reply) => {
      unwrap(await deleteTrader(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }));
      return reply.code(204).send(null);
    },
  );
};

const addFigures: AddRoutes = (api, context) => {
  api.get(
    '/api/traders/:id/overview',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Account and totals of a trader', params: IdParams, response: { 200: TraderOverview, ...FAILURES } },
    },
    async (request) =>
      presentOverview(unwrap(await traderOverview(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }))),
  );

  api.get(
    '/api/traders/:id/equity',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Equity over time with entries and exits',
        params: IdParams,
        querystring: EquityQuery,
        response: { 200: EquityAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const input = { traderId: asId<TraderId>(request.params.id), ...momentsOf(request.query), points: request.query.points };
      return presentEquity(unwrap(await traderEquity(context.deps, callerOf(request).scope, input)));
    },
  );
};
