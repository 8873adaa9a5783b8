import {
  ExchangeAnswer,
  ExchangeBody,
  ExchangeTestAnswer,
  LlmBody,
  LlmTestAnswer,
  RiskBody,
  RiskLimits,
  StatusBody,
  Trader,
} from '@hyperoru/contracts';
import { asId, type TraderId, type Trader as TraderRecord } from '@hyperoru/domain';
import { removeExchange, setExchange, setLlm, setRisk, setStatus, testExchange, testLlm } from '@hyperoru/engine';
import type { HttpContext } from '../../context.ts';
import { found, notFound, unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, NO_CONTENT } from '../route.ts';
import { presentRisk, presentTrader, riskChangeOf } from './presenter.ts';

const TAGS = ['traders'];

/** Model, status, exchange and limits of a trader. */
export const addTraderSettingsRoutes: AddRoutes = (api, context) => {
  addModel(api, context);
  addStatus(api, context);
  addExchange(api, context);
  addExchangeTest(api, context);
  addRisk(api, context);
};

const addModel: AddRoutes = (api, context) => {
  api.put(
    '/api/traders/:id/llm',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Configure the model; any OpenAI-compatible base URL',
        params: IdParams,
        body: LlmBody,
        response: { 200: Trader, ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request;
      const input = { traderId: asId<TraderId>(request.params.id), model: body.model, baseUrl: body.base_url, apiKey: body.api_key };
      return presentTrader(unwrap(await setLlm(context.deps, callerOf(request).scope, input)));
    },
  );

  api.post(
    '/api/traders/:id/llm/test',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Ask the model for one tiny answer', params: IdParams, response: { 200: LlmTestAnswer, ...FAILURES } },
    },
    async (request) => {
      const test = unwrap(await testLlm(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }));
      return { success: test.success, latency_ms: Math.round(test.latencyMs), model: test.model, message: test.message, code: test.code };
    },
  );
};

const addStatus: AddRoutes = (api, context) => {
  api.put(
    '/api/traders/:id/status',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Resume, pause, or let exits happen without entries',
        params: IdParams,
        body: StatusBody,
        response: { 200: Trader, ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request;
      const status = 'status' in body ? body.status : body.active ? ('active' as const) : ('paused' as const);
      const input = { traderId: asId<TraderId>(request.params.id), status };
      return presentTrader(unwrap(await setStatus(context.deps, callerOf(request).scope, input)));
    },
  );
};

const addExchange: AddRoutes = (api, context) => {
  api.put(
    '/api/traders/:id/exchange',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Choose the exchange account',
        params: IdParams,
        body: ExchangeBody,
        response: { 200: ExchangeAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request;
      const input = {
        traderId: asId<TraderId>(request.params.id),
        venue: body.exchange,
        environment: body.environment,
        credentials: body.credentials,
      };
      return exchangeAnswer(context, unwrap(await setExchange(context.deps, callerOf(request).scope, input)).trader);
    },
  );

  api.get(
    '/api/traders/:id/exchange',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'The exchange account, never its credentials',
        params: IdParams,
        response: { 200: ExchangeAnswer, ...FAILURES },
      },
    },
    async (request) =>
      exchangeAnswer(context, found(await context.deps.readModel.findTrader(callerOf(request).scope, asId<TraderId>(request.params.id)))),
  );

  api.delete(
    '/api/traders/:id/exchange',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Take the trader off its exchange; it must be paused and flat',
        params: IdParams,
        response: { 204: NO_CONTENT, ...FAILURES },
      },
    },
    async (request, reply) => {
      unwrap(await removeExchange(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }));
      return reply.code(204).send(null);
    },
  );
};

const addExchangeTest: AddRoutes = (api, context) => {
  api.post(
    '/api/traders/:id/exchange/test',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Read the account at the venue',
        params: IdParams,
        response: { 200: ExchangeTestAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const test = unwrap(await testExchange(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }));
      return { success: test.success, message: test.message, balance: test.balance, currency: test.currency };
    },
  );
};

const addRisk: AddRoutes = (api, context) => {
  api.put(
    '/api/traders/:id/risk',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Change limits; those left out stay',
        params: IdParams,
        body: RiskBody,
        response: { 200: RiskLimits, ...FAILURES },
      },
    },
    async (request) => {
      const input = { traderId: asId<TraderId>(request.params.id), risk: riskChangeOf(request.body) };
      return presentRisk(unwrap(await setRisk(context.deps, callerOf(request).scope, input)).trader.risk);
    },
  );

  api.get(
    '/api/traders/:id/risk',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Limits in force', params: IdParams, response: { 200: RiskLimits, ...FAILURES } },
    },
    async (request) => {
      const trader = found(await context.deps.readModel.findTrader(callerOf(request).scope, asId<TraderId>(request.params.id)));
      return presentRisk(trader.risk);
    },
  );
};

/** A trader without an exchange has no such resource. */
function exchangeAnswer(context: HttpContext, trader: TraderRecord) {
  if (trader.exchange === null) throw notFound();
  const { venue, environment } = trader.exchange;
  const connection = context.deps.venue(venue, environment);
  return {
    exchange: venue,
    environment,
    label: connection?.market.sourceLabel ?? 'not available',
    model_limits: [...(connection?.modelLimits ?? [])],
  };
}
