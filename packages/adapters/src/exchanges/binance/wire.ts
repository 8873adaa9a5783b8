import { type Decimal, decimal, isDecimal } from '@hyperoru/domain';
import { z } from 'zod';

/** What the venue answers, as far as it is used. Keys that are not listed are ignored: the venue adds some now and then. */
const number = z
  .string()
  .refine(isDecimal, 'Expected a decimal.')
  .transform((text): Decimal => decimal(text));
const optionalNumber = z
  .string()
  .nullish()
  .transform((text): Decimal | null => (text !== null && text !== undefined && isDecimal(text) ? decimal(text) : null));
/** Order and trade numbers; long ones come as text. */
const id = z.union([z.number().int(), z.string()]).transform(String);
const moment = z.number().int();
const side = z.enum(['BUY', 'SELL']);

const FILTER = z.object({
  filterType: z.string(),
  tickSize: z.string().optional(),
  stepSize: z.string().optional(),
  minQty: z.string().optional(),
  notional: z.string().optional(),
});
export const EXCHANGE_INFO = z.object({
  symbols: z.array(
    z.object({
      symbol: z.string(),
      status: z.string(),
      contractType: z.string(),
      baseAsset: z.string(),
      quoteAsset: z.string(),
      requiredMarginPercent: optionalNumber,
      maintMarginPercent: optionalNumber,
      filters: z.array(FILTER),
    }),
  ),
});
export type ExchangeInfo = z.infer<typeof EXCHANGE_INFO>;

export const ORDER = z.object({
  orderId: id,
  symbol: z.string(),
  status: z.string(),
  clientOrderId: z.string(),
  price: number,
  avgPrice: optionalNumber,
  origQty: number,
  executedQty: number,
  timeInForce: z.string().optional(),
  type: z.string(),
  stopPrice: optionalNumber,
  reduceOnly: z.boolean(),
  side,
});
export type WireOrder = z.infer<typeof ORDER>;
export const ORDERS = z.array(ORDER);
export const PLACED = z.object({ orderId: id });

export const ALGO_ORDER = z.object({
  algoId: id,
  clientAlgoId: z.string(),
  orderType: z.string(),
  symbol: z.string(),
  side,
  quantity: number,
  algoStatus: z.string(),
  triggerPrice: number,
  reduceOnly: z.boolean(),
  /** Empty or 0 until it has triggered. */
  actualOrderId: z
    .union([z.number(), z.string()])
    .nullish()
    .transform((value) => (value === null || value === undefined || value === '' || String(value) === '0' ? null : String(value))),
});
export type WireAlgoOrder = z.infer<typeof ALGO_ORDER>;
export const ALGO_ORDERS = z.array(ALGO_ORDER);
export const ALGO_PLACED = z.object({ algoId: id });

export const TRADES = z.array(
  z.object({
    id,
    orderId: id,
    symbol: z.string(),
    side,
    price: number,
    qty: number,
    commission: number,
    commissionAsset: z.string(),
    maker: z.boolean(),
    time: moment,
  }),
);
export type WireTrade = z.infer<typeof TRADES>[number];

export const ACCOUNT = z.object({ totalWalletBalance: number, availableBalance: number });
export type WireAccount = z.infer<typeof ACCOUNT>;
export const POSITIONS = z.array(
  z.object({
    symbol: z.string(),
    positionAmt: number,
    entryPrice: number,
    markPrice: number,
    unRealizedProfit: number,
    liquidationPrice: number,
    positionInitialMargin: number,
  }),
);
export type WirePosition = z.infer<typeof POSITIONS>[number];
export const SYMBOL_CONFIGS = z.array(z.object({ symbol: z.string(), leverage: z.number() }));

export const INCOMES = z.array(z.object({ symbol: z.string(), income: number, time: moment, tranId: id }));
export const FUNDING_RATES = z.array(z.object({ symbol: z.string(), fundingRate: number, fundingTime: moment }));
export const LISTEN_KEY = z.object({ listenKey: z.string().min(1) });

/** Events of the user stream. */
export const EVENT = z.object({ e: z.string(), E: moment.optional() });
export const ORDER_EVENT = z.object({
  o: z.object({
    s: z.string(),
    c: z.string(),
    S: side,
    o: z.string(),
    f: z.string(),
    q: number,
    p: number,
    ap: number,
    sp: number,
    x: z.string(),
    X: z.string(),
    i: id,
    l: number,
    z: number,
    L: number,
    n: optionalNumber,
    N: z.string().nullish(),
    T: moment,
    t: id,
    m: z.boolean(),
    R: z.boolean(),
  }),
});
export type OrderEvent = z.infer<typeof ORDER_EVENT>['o'];
export const ALGO_EVENT = z.object({ o: z.object({ caid: z.string(), s: z.string(), ai: ALGO_ORDER.shape.actualOrderId }) });
export const ACCOUNT_EVENT = z.object({ a: z.object({ m: z.string() }) });

/** Prices: answers, and messages of combined streams. */
export const BOOK_TICKERS = z.array(z.object({ symbol: z.string(), bidPrice: number, askPrice: number }));
export const PREMIUMS = z.array(z.object({ symbol: z.string(), markPrice: number }));
/** Open time, open, high, low, close, volume, close time; numbers stay text: they become floats, as statistics are. */
export const KLINES = z.array(z.tuple([moment, z.string(), z.string(), z.string(), z.string(), z.string(), moment], z.unknown()));
export const STREAMED = z.object({ stream: z.string(), data: z.unknown() });
export const BOOK_TICKER = z.object({ b: number, a: number });
export const MARK_PRICE = z.object({ p: number });
