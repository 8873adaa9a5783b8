import { type Decimal, decimal, isDecimal } from '@hyperoru/domain';
import { z } from 'zod';

/** What the venue answers, as far as it is used. Keys that are not listed are ignored: the venue adds some now and then. */
const number = z
  .string()
  .refine(isDecimal, 'Expected a decimal.')
  .transform((text): Decimal => decimal(text));
const moment = z.number().int();
const cloid = z.string().nullish();
const side = z.enum(['A', 'B']);

export const META = z.object({
  universe: z.array(
    z.object({
      name: z.string(),
      szDecimals: z.number().int().min(0).max(18),
      maxLeverage: z.number().int().positive(),
      onlyIsolated: z.boolean().optional(),
      isDelisted: z.boolean().optional(),
    }),
  ),
});
export type Meta = z.infer<typeof META>;

export const META_AND_CONTEXTS = z.tuple([META, z.array(z.object({ markPx: number, impactPxs: z.tuple([number, number]).nullish() }))]);

/** Numbers of candles stay text: they become floats, as statistics are. */
export const CANDLES = z.array(
  z.object({ t: moment, T: moment, o: z.string(), h: z.string(), l: z.string(), c: z.string(), v: z.string() }),
);

export const CLEARINGHOUSE_STATE = z.object({
  marginSummary: z.object({ accountValue: number }),
  crossMarginSummary: z.object({ accountValue: number, totalMarginUsed: number }),
  assetPositions: z.array(
    z.object({
      position: z.object({
        coin: z.string(),
        szi: number,
        entryPx: number.nullable(),
        positionValue: number,
        unrealizedPnl: number,
        liquidationPx: number.nullable(),
        marginUsed: number,
        leverage: z.object({ type: z.enum(['cross', 'isolated']), value: z.number() }),
      }),
    }),
  ),
});
export type ClearinghouseState = z.infer<typeof CLEARINGHOUSE_STATE>;

export const ACTIVE_ASSET = z.object({ leverage: z.object({ type: z.enum(['cross', 'isolated']), value: z.number() }) });

export const OPEN_ORDER = z.object({
  coin: z.string(),
  side,
  limitPx: number,
  sz: number,
  origSz: number,
  oid: z.number().int(),
  timestamp: moment,
  isTrigger: z.boolean(),
  triggerPx: number,
  orderType: z.string(),
  reduceOnly: z.boolean(),
  tif: z.string().nullish(),
  cloid,
});
export type WireOrder = z.infer<typeof OPEN_ORDER>;
export const OPEN_ORDERS = z.array(OPEN_ORDER);

export const ORDER_STATUS = z.union([
  z.object({ status: z.literal('order'), order: z.object({ order: OPEN_ORDER, status: z.string(), statusTimestamp: moment }) }),
  z.object({ status: z.literal('unknownOid') }),
]);

const FILL = z.object({
  coin: z.string(),
  px: number,
  sz: number,
  side,
  time: moment,
  oid: z.number().int(),
  tid: z.number().int(),
  crossed: z.boolean(),
  fee: number,
  cloid,
  liquidation: z.object({ liquidatedUser: z.string().optional() }).nullish(),
});
export type WireFill = z.infer<typeof FILL>;
export const FILLS = z.array(FILL);

const FUNDING = z.object({ coin: z.string(), usdc: number, fundingRate: number });
export const FUNDINGS = z.array(z.object({ time: moment, delta: FUNDING }));
export type WireFundingRow = z.infer<typeof FUNDINGS>[number];
export type WireFunding = z.infer<typeof FUNDING> & { readonly time: number };

/** The body of every answer to an action; `null` and everything else is no answer. */
export const ACTION_ANSWER = z.union([
  z.object({ status: z.literal('err'), response: z.string() }),
  z.object({ status: z.literal('ok'), response: z.object({ type: z.string(), data: z.unknown().optional() }) }),
]);
export const STATUSES = z.object({ statuses: z.array(z.unknown()).min(1) });
const placed = z.object({ oid: z.number().int() });
export const REFUSED = z.object({ error: z.string() });
export const PLACED = z.union([
  z.object({ resting: placed }).transform(({ resting }) => resting.oid),
  z.object({ filled: placed }).transform(({ filled }) => filled.oid),
]);

/** Messages of the stream of one user. */
export const STREAM_MESSAGE = z.object({ channel: z.string(), data: z.unknown().optional() });
export const STREAM_SUBSCRIBED = z.object({ subscription: z.object({ type: z.string() }) });
export const STREAM_ORDERS = z.array(z.object({ order: z.object({ oid: z.number().int(), cloid }) }));
export const STREAM_FILLS = z.object({ isSnapshot: z.boolean().optional(), fills: FILLS });
export const STREAM_FUNDINGS = z.object({ isSnapshot: z.boolean().optional(), fundings: z.array(FUNDING.extend({ time: moment })) });
export const STREAM_BBO = z.object({
  coin: z.string(),
  time: moment,
  bbo: z.tuple([z.object({ px: number }).nullable(), z.object({ px: number }).nullable()]),
});
export const STREAM_CONTEXT = z.object({ coin: z.string(), ctx: z.object({ markPx: number }) });
