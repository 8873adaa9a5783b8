import {
  Fill,
  FillListQuery,
  IdempotencyHeaders,
  Order,
  OrderCreateAnswer,
  OrderCreateBody,
  OrderDetail,
  OrderListQuery,
  pageOf,
} from '@hyperoru/contracts';
import { asId, ORDER_STATES, type OrderId, type OrderState, symbol, type TraderId, toIso } from '@hyperoru/domain';
import { cancelOrder, placeManualOrder } from '@hyperoru/engine';
import { found, unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, pageRequest } from '../route.ts';
import { recordFilterOf } from '../time.ts';
import { namedListAnswer, nameOf, tradersOf } from '../trader-names.ts';
import { decisionOf } from './decision-of.ts';
import { presentFill, presentOrder } from './presenter.ts';

const TAGS = ['records'];
const OPEN_STATES: readonly OrderState[] = ['intent', 'sent', 'accepted', 'partially_filled', 'unknown'];
const FINAL_STATES = ORDER_STATES.filter((state) => !OPEN_STATES.includes(state));

export const addOrderRoutes: AddRoutes = (api, context) => {
  addOrders(api, context);
  addOrdersByHand(api, context);
  addFills(api, context);
};

const addOrders: AddRoutes = (api, context) => {
  api.get(
    '/api/orders',
    {
      config: { policy: 'user', shared: true },
      schema: { tags: TAGS, summary: 'Orders', querystring: OrderListQuery, response: { 200: pageOf(Order), ...FAILURES } },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { query } = request;
      const filter = {
        ...recordFilterOf(query),
        ...(query.symbol === undefined ? {} : { symbol: symbol(query.symbol) }),
        ...(query.status === undefined ? {} : { states: query.status === 'open' ? OPEN_STATES : FINAL_STATES }),
      };
      const page = await context.deps.readModel.listOrders(scope, filter, pageRequest(query));
      return namedListAnswer(context, scope, page, presentOrder);
    },
  );

  api.get(
    '/api/orders/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'One order with its history and fills',
        params: IdParams,
        response: { 200: OrderDetail, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const detail = found(await context.deps.readModel.findOrder(scope, asId<OrderId>(request.params.id)));
      const name = nameOf(await tradersOf(context, scope, [detail.order]), detail.order.traderId);
      return {
        ...presentOrder(detail.order, name),
        history: detail.history.map((step) => ({ at: toIso(step.at), state: step.state, reason: step.reason })),
        fills: detail.fills.map((fill) => presentFill(fill, name)),
      };
    },
  );
};

const addOrdersByHand: AddRoutes = (api, context) => {
  api.post(
    '/api/orders',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Place an order by hand, through the same gate as every decision; also while paused, only to close while killed',
        headers: IdempotencyHeaders,
        body: OrderCreateBody,
        response: { 201: OrderCreateAnswer, 202: OrderCreateAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const input = {
        traderId: asId<TraderId>(request.body.trader_id),
        key: request.headers['idempotency-key'],
        decision: decisionOf(request.body),
      };
      const { run, record, order } = unwrap(await placeManualOrder(context.deps, scope, input));
      const names = order === null ? null : await tradersOf(context, scope, [order]);
      return reply.code(run.state === 'finished' ? 201 : 202).send({
        run_id: run.id,
        verdict: record?.verdict ?? null,
        order: order === null || names === null ? null : presentOrder(order, nameOf(names, order.traderId)),
      });
    },
  );

  api.delete(
    '/api/orders/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Cancel an open order; what protects an open position stays',
        params: IdParams,
        response: { 200: Order, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const order = unwrap(await cancelOrder(context.deps, scope, { orderId: asId<OrderId>(request.params.id) }));
      return presentOrder(order, nameOf(await tradersOf(context, scope, [order]), order.traderId));
    },
  );
};

const addFills: AddRoutes = (api, context) => {
  api.get(
    '/api/fills',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Executions as the venue reported them',
        querystring: FillListQuery,
        response: { 200: pageOf(Fill), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { query } = request;
      const filter = {
        ...recordFilterOf(query),
        ...(query.symbol === undefined ? {} : { symbol: symbol(query.symbol) }),
      };
      const page = await context.deps.readModel.listFills(scope, filter, pageRequest(query));
      return namedListAnswer(context, scope, page, presentFill);
    },
  );
};
