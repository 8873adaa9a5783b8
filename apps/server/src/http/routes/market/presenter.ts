import type { Klines, MarketPrices } from '@hyperoru/contracts';
import { type Candle, type Quote, type Timestamp, toIso } from '@hyperoru/domain';
import type { z } from 'zod';

/** Prices older than this decide nothing. */
export const QUOTE_AGE_MS_MAX = 10_000;

export const presentQuote = (quote: Quote, now: Timestamp): MarketPrices['items'][number] => ({
  symbol: quote.symbol,
  bid: quote.bid,
  ask: quote.ask,
  mark: quote.mark,
  received_at: toIso(quote.receivedAt),
  is_stale: now - quote.receivedAt > QUOTE_AGE_MS_MAX,
});

export const presentCandle = (candle: Candle): z.infer<typeof Klines>['items'][number] => ({
  timestamp: toIso(candle.openTime),
  open: candle.open,
  high: candle.high,
  low: candle.low,
  close: candle.close,
  volume: candle.volume,
});
