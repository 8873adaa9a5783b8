import { z } from 'zod';
import { DecimalString, IsoTime, SymbolName } from './primitives.ts';

export const Health = z.object({ status: z.literal('healthy') });
export const Ready = z.object({ status: z.enum(['ready', 'starting']), checks: z.array(z.object({ name: z.string(), ok: z.boolean() })) });
export const MarketPrices = z.object({
  source: z.string(),
  market_time: IsoTime,
  items: z.array(
    z.object({
      symbol: SymbolName,
      bid: DecimalString,
      ask: DecimalString,
      mark: DecimalString,
      received_at: IsoTime,
      is_stale: z.boolean(),
    }),
  ),
});
export type MarketPrices = z.infer<typeof MarketPrices>;
export const Interval = z.enum(['1m', '5m', '15m', '1h', '4h', '1d']);
export const KlinesQuery = z.strictObject({
  symbol: SymbolName,
  interval: Interval.default('4h'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const Klines = z.object({
  symbol: SymbolName,
  interval: Interval,
  source: z.string(),
  items: z.array(
    z.object({ timestamp: IsoTime, open: z.number(), high: z.number(), low: z.number(), close: z.number(), volume: z.number() }),
  ),
});
export const SupportedSymbols = z.object({
  items: z.array(z.object({ symbol: SymbolName, quote_currency: z.string(), intervals: z.array(Interval) })),
});
