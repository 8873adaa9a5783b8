import { Fill, FillListQuery, Order, OrderDetail, OrderListQuery, pageOf } from '@hyperoru/contracts';
import { asId, ORDER_STATES, type OrderId, type OrderState, symbol, toIso } from '@hyperoru/domain';
import { found } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, pageRequest } from '../route.ts';
import { recordFilterOf } from '../time.ts';
import { namedListAnswer, nameOf, tradersOf } from '../trader-names.ts';
import { presentFill, presentOrder } from './presenter.ts';

const TAGS = ['records'];
const OPEN_STATES: readonly OrderState[] = ['intent', 'sent', 'accepted', 'partially_filled', 'unknown'];
const FINAL_STATES = ORDER_STATES.filter((state) => !OPEN_STATES.includes(state));

export const addOrderRoutes: AddRoutes = (api, context) => {
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
