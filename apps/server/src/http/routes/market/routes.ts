import { Klines, KlinesQuery, MarketPrices, SupportedSymbols } from '@hyperoru/contracts';
import { symbol, toIso } from '@hyperoru/domain';
import type { MarketDataPort } from '@hyperoru/engine';
import type { HttpContext } from '../../context.ts';
import { apiError } from '../../errors.ts';
import { type AddRoutes, FAILURES } from '../route.ts';
import { presentCandle, presentQuote } from './presenter.ts';

const TAGS = ['market'];

export const addMarketRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/market/prices',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Newest price of every symbol, with its source', response: { 200: MarketPrices, ...FAILURES } },
    },
    async () => {
      const market = marketOf(context);
      const now = context.deps.clock.now();
      const quotes = market.instruments().map((instrument) => market.quote(instrument.symbol));
      return {
        source: market.sourceLabel,
        market_time: toIso(market.marketTime()),
        items: quotes.filter((quote) => quote !== null).map((quote) => presentQuote(quote, now)),
      };
    },
  );

  api.get(
    '/api/klines/data',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Closed candles, oldest first', querystring: KlinesQuery, response: { 200: Klines, ...FAILURES } },
    },
    async (request) => {
      const { query } = request;
      const market = marketOf(context);
      const wanted = symbol(query.symbol);
      if (market.instrument(wanted) === null) {
        throw apiError('UNKNOWN_SYMBOL', `${query.symbol} is not traded here.`, {
          details: [{ field: 'symbol', message: 'Unknown here.' }],
        });
      }
      const candles = market.candles(wanted, query.interval, query.limit);
      return { symbol: query.symbol, interval: query.interval, source: market.sourceLabel, items: candles.map(presentCandle) };
    },
  );

  api.get(
    '/api/klines/supported-symbols',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Symbols and intervals with candles', response: { 200: SupportedSymbols, ...FAILURES } },
    },
    async () => {
      const market = marketOf(context);
      return {
        items: market.instruments().map((instrument) => ({
          symbol: instrument.symbol,
          quote_currency: instrument.quoteCurrency,
          intervals: [...market.intervals()],
        })),
      };
    },
  );
};

function marketOf(context: HttpContext): MarketDataPort {
  const connection = context.deps.venue('paper', 'paper');
  if (connection === null) throw apiError('VENUE_UNAVAILABLE', 'The paper market is not available.');
  return connection.market;
}
