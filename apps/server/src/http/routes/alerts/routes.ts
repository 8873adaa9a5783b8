import { Alert, AlertListQuery, pageOf } from '@hyperoru/contracts';
import { type AlertId, asId, type TraderId } from '@hyperoru/domain';
import { acknowledgeAlert } from '@hyperoru/engine';
import { unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, listAnswer, pageRequest } from '../route.ts';
import { nameOf, tradersOf } from '../trader-names.ts';
import { presentAlert } from './presenter.ts';

const TAGS = ['records'];

export const addAlertRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/alerts',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Alerts, open until acknowledged',
        querystring: AlertListQuery,
        response: { 200: pageOf(Alert), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { query } = request;
      const filter = {
        ...(query.trader_id === undefined ? {} : { traderId: asId<TraderId>(query.trader_id) }),
        ...(query.status === undefined ? {} : { open: query.status === 'open' }),
      };
      const page = await context.deps.readModel.listAlerts(scope, filter, pageRequest(query));
      const traders = await tradersOf(context, scope, page.items);
      return listAnswer(page, (alert) => presentAlert(alert, alert.traderId === null ? null : nameOf(traders, alert.traderId)));
    },
  );

  api.post(
    '/api/alerts/:id/ack',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Acknowledge an alert', params: IdParams, response: { 200: Alert, ...FAILURES } },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const alert = unwrap(await acknowledgeAlert(context.deps, scope, { id: asId<AlertId>(request.params.id) }));
      const traders = await tradersOf(context, scope, [alert]);
      return presentAlert(alert, alert.traderId === null ? null : nameOf(traders, alert.traderId));
    },
  );
};
