import { type Decimal, isZero, mul, neg, type Symbol } from '@hyperoru/domain';
import type { VenueFillRecord } from '../core/records.ts';
import { QUOTE_ASSET, shown } from './account-shapes.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, symbolOfCall } from './desk.ts';
import { forcedOrder } from './wire-orders.ts';

const WEEK_MS = 604_800_000;
const TRADES_DEFAULT = 500;
const ROWS_MAX = 1000;
const INCOME_DEFAULT = 100;

/** `GET /fapi/v1/userTrades`: from a trade id on, or a window of at most 7 days, the last one by default. */
export function getUserTrades(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const { params, desk } = call;
  const limit = Math.min(params.integer('limit') ?? TRADES_DEFAULT, ROWS_MAX);
  const orderId = params.integer('orderId');
  const fromId = params.integer('fromId');
  const fills = visibleFills(call, symbol.name).filter((fill) => orderId === null || orderIdOf(call, fill) === orderId);
  const shownFill = (fill: VenueFillRecord) => tradeJson(call, fill);
  if (fromId !== null)
    return fills
      .filter((fill) => fill.id >= fromId)
      .slice(0, limit)
      .map(shownFill);
  const window = timeWindow(call, desk.venue.now());
  if (window instanceof ApiError) return window;
  const hasStart = params.has('startTime');
  const within = fills.filter((fill) => fill.at >= window.since && fill.at <= window.until);
  return (hasStart ? within.slice(0, limit) : within.slice(-limit)).map(shownFill);
}

/** The span of time asked for; -1130 when it is longer than a week. */
function timeWindow({ params }: Call, now: number): { readonly since: number; readonly until: number } | ApiError {
  const start = params.integer('startTime');
  const end = params.integer('endTime');
  const since = start ?? (end ?? now) - WEEK_MS;
  const until = end ?? (start === null ? now : start + WEEK_MS);
  return until - since > WEEK_MS ? apiError(-1130, 'startTime') : { since, until };
}

function visibleFills({ desk, accountId }: Call, symbol: Symbol): readonly VenueFillRecord[] {
  return desk.venue.fillsOf(accountId).filter((fill) => {
    const order = fill.orderId === null ? null : desk.venue.order(fill.orderId);
    return fill.symbol === symbol && (order === null || !desk.venue.isHidden(order, 'fills'));
  });
}

/** Trades of a conditional order belong to the order it became. */
export function orderIdOf({ desk }: Pick<Call, 'desk'>, fill: VenueFillRecord): number {
  const order = fill.orderId === null ? null : desk.venue.order(fill.orderId);
  return order === null ? forcedOrder(fill).orderId : (order.firedId ?? order.id);
}

function tradeJson(call: Call, fill: VenueFillRecord): object {
  const order = fill.orderId === null ? null : call.desk.venue.order(fill.orderId);
  return {
    symbol: fill.symbol,
    id: fill.id,
    orderId: orderIdOf(call, fill),
    side: fill.side === 'buy' ? 'BUY' : 'SELL',
    positionSide: order?.extra['positionSide'] ?? 'BOTH',
    price: fill.price,
    qty: fill.quantity,
    quoteQty: shown(mul(fill.price, fill.quantity)),
    realizedPnl: shown(fill.realizedPnl),
    commission: shown(fill.fee),
    commissionAsset: QUOTE_ASSET,
    marginAsset: QUOTE_ASSET,
    time: fill.at,
    buyer: fill.side === 'buy',
    maker: fill.liquidity === 'maker',
  };
}

interface IncomeRow {
  readonly symbol: Symbol;
  readonly incomeType: 'COMMISSION' | 'REALIZED_PNL' | 'FUNDING_FEE';
  readonly income: Decimal;
  readonly time: number;
  readonly tranId: number;
  readonly tradeId: string;
}

/** `GET /fapi/v1/income`: commissions, realized PnL and funding, oldest first; the last 7 days by default. */
export function getIncome(call: Call): Answer {
  const { params, desk } = call;
  const symbol = params.has('symbol') ? symbolOfCall(call) : null;
  if (symbol instanceof ApiError) return symbol;
  const type = params.text('incomeType');
  const since = params.integer('startTime') ?? desk.venue.now() - WEEK_MS;
  const until = params.integer('endTime') ?? Number.MAX_SAFE_INTEGER;
  const limit = Math.min(params.integer('limit') ?? INCOME_DEFAULT, ROWS_MAX);
  const page = Math.max(1, params.integer('page') ?? 1);
  const rows = incomeRows(call)
    .filter((row) => row.time >= since && row.time <= until)
    .filter((row) => (type === null || row.incomeType === type) && (symbol === null || row.symbol === symbol.name));
  return rows.slice((page - 1) * limit, page * limit).map((row) => ({ ...row, asset: QUOTE_ASSET, info: row.incomeType }));
}

function incomeRows({ desk, accountId }: Call): readonly IncomeRow[] {
  const ofFills = desk.venue.fillsOf(accountId).flatMap((fill): readonly IncomeRow[] => {
    const shared = { symbol: fill.symbol, time: fill.at, tranId: fill.id, tradeId: String(fill.id) };
    const fee: IncomeRow = { ...shared, incomeType: 'COMMISSION', income: shown(neg(fill.fee)) };
    return isZero(fill.realizedPnl) ? [fee] : [fee, { ...shared, incomeType: 'REALIZED_PNL', income: shown(fill.realizedPnl) }];
  });
  const ofFunding = desk.venue.fundingOf(accountId).map(
    (payment): IncomeRow => ({
      symbol: payment.symbol,
      incomeType: 'FUNDING_FEE',
      income: shown(payment.amount),
      time: payment.at,
      tranId: payment.id,
      tradeId: '',
    }),
  );
  return [...ofFills, ...ofFunding].sort((a, b) => a.time - b.time || a.tranId - b.tranId);
}
