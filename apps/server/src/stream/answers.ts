import { asId, isUuid, type TraderId, timestamp } from '@hyperoru/domain';
import { listTraderCards, traderEquity, traderOverview } from '@hyperoru/engine';
import type { Caller, HttpContext } from '../http/context.ts';
import { found, notFound, unwrap } from '../http/errors.ts';
import { presentOrder } from '../http/routes/orders/presenter.ts';
import { presentPosition } from '../http/routes/positions/presenter.ts';
import { surroundingsOf } from '../http/routes/positions/surroundings.ts';
import { presentCard, presentEquity, presentOverview } from '../http/routes/traders/card-presenter.ts';

const ITEMS_MAX = 200;
const CURVE_POINTS = 500;
const HOUR_MS = 3_600_000;
const SPAN_MS = { '1h': HOUR_MS, '1d': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS } as const;
type Timeframe = keyof typeof SPAN_MS | 'all';

/** What the stream answers besides events; the same shapes as the API. Missing and foreign traders throw the same 404. */
export interface StreamAnswers {
  bootstrap(caller: Caller): Promise<Record<string, unknown>>;
  mustOwn(caller: Caller, accountId: string): Promise<void>;
  snapshot(caller: Caller, accountId: string): Promise<Record<string, unknown>>;
  assetCurve(caller: Caller, accountId: string, timeframe: Timeframe): Promise<Record<string, unknown>>;
}

export function streamAnswers(context: HttpContext): StreamAnswers {
  const { deps } = context;
  const page = { limit: ITEMS_MAX, cursor: null };
  return {
    async bootstrap({ scope }) {
      const cards = await listTraderCards(deps, scope, { includeDeleted: false, page });
      return { traders: cards.items.map(presentCard) };
    },
    async mustOwn({ scope }, accountId) {
      found(await deps.readModel.findTrader(scope, traderId(accountId)));
    },
    async snapshot({ scope }, accountId) {
      const id = traderId(accountId);
      const overview = unwrap(await traderOverview(deps, scope, { traderId: id }));
      const positions = await deps.readModel.listPositions(scope, { traderId: id, status: 'open' }, page);
      const around = await surroundingsOf(context, scope, positions.items);
      const orders = await deps.readModel.listOrders(
        scope,
        { traderId: id, states: ['sent', 'accepted', 'partially_filled', 'unknown'] },
        page,
      );
      return {
        account_id: id,
        overview: presentOverview(overview),
        positions: positions.items.map((position) => presentPosition(position, around(position))),
        open_orders: orders.items.map((order) => presentOrder(order, overview.card.trader.name)),
      };
    },
    async assetCurve({ scope }, accountId, timeframe) {
      const from = timeframe === 'all' ? undefined : timestamp(deps.clock.now() - SPAN_MS[timeframe]);
      const equity = unwrap(await traderEquity(deps, scope, { traderId: traderId(accountId), from, points: CURVE_POINTS }));
      return { account_id: accountId, timeframe, ...presentEquity(equity) };
    },
  };
}

function traderId(text: string): TraderId {
  if (!isUuid(text)) throw notFound();
  return asId<TraderId>(text);
}
