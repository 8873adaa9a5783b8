import { Position, PositionCloseAnswer, PositionListQuery, pageOf } from '@hyperoru/contracts';
import { asId, type PositionId } from '@hyperoru/domain';
import { closePosition } from '@hyperoru/engine';
import { found, unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, listAnswer, pageRequest } from '../route.ts';
import { recordFilterOf } from '../time.ts';
import { presentPosition } from './presenter.ts';
import { surroundingsOf } from './surroundings.ts';

const TAGS = ['records'];

export const addPositionRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/positions',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Open and closed positions',
        querystring: PositionListQuery,
        response: { 200: pageOf(Position), ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { query } = request;
      const filter = {
        ...recordFilterOf(query),
        ...(query.status === undefined ? {} : { status: query.status }),
      };
      const page = await context.deps.readModel.listPositions(scope, filter, pageRequest(query));
      const around = await surroundingsOf(context, scope, page.items);
      return listAnswer(page, (position) => presentPosition(position, around(position)));
    },
  );

  api.post(
    '/api/positions/:id/close',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Close at the market, reduce-only; also while paused',
        params: IdParams,
        response: { 200: PositionCloseAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const positionId = asId<PositionId>(request.params.id);
      const { isFlat } = unwrap(await closePosition(context.deps, scope, { positionId }));
      const position = found(await context.deps.readModel.findPosition(scope, positionId));
      const around = await surroundingsOf(context, scope, [position]);
      return { is_flat: isFlat, position: presentPosition(position, around(position)) };
    },
  );
};
