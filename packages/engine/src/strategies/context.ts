import {
  type Json,
  QUOTE_AGE_MS_MAX,
  type Quote,
  type Symbol,
  type Timestamp,
  type Trader,
  type Trigger,
  toIso,
  unrealizedPnl,
} from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

/** Closed candles per symbol in a prompt. */
const CANDLES_IN_PROMPT = 24;
/** Closed positions per trader in a prompt. */
const TRADES_IN_PROMPT = 10;
const MINUTE_MS = 60_000;
const NOT_AVAILABLE = 'not available';

/** What a strategy sees: frozen, hashed and stored with the decision. Values are ready text or plain JSON. */
export interface StrategyContext {
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Json;
}

export interface ContextRequest {
  /** null in the preview of a prompt that no trader uses yet. */
  readonly trader: Trader | null;
  readonly symbols: readonly Symbol[];
  readonly trigger: Trigger | null;
  readonly now: Timestamp;
}

/** Takes the snapshot of everything the nine documented variables need, at one moment. What is missing reads "not available", never 0. */
export async function buildVariables(deps: EngineDeps, request: ContextRequest): Promise<StrategyContext> {
  const exchange = request.trader?.exchange ?? { venue: 'paper' as const, environment: 'paper' as const };
  const connection = deps.venue(exchange.venue, exchange.environment);
  const held = request.trader === null ? null : await readPortfolio(deps, request.trader);
  const context: Record<string, Json> = {
    now: toIso(request.now),
    market_time: connection === null ? null : toIso(connection.market.marketTime()),
    market_source: connection?.market.sourceLabel ?? null,
    market_prices: connection === null ? null : prices(connection, request),
    sampling_data: connection === null ? null : sampling(connection, request.symbols),
    trigger_context: triggerContext(request.trigger),
    open_positions: held === null ? [] : openPositions(held, connection, request.now),
    recent_trades: held === null ? [] : recentTrades(held),
    market_regime: null,
    news_context: null,
    kline_data: connection === null ? null : klines(connection, request.symbols),
    technical_indicators: null,
  };
  const variables = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, textOf(context[name] ?? null)]));
  return { variables: Object.freeze(variables), context: Object.freeze(context) };
}

/** Names of the documented variables, in the order of the documentation. */
export const VARIABLE_NAMES = [
  'market_prices',
  'sampling_data',
  'trigger_context',
  'open_positions',
  'recent_trades',
  'market_regime',
  'news_context',
  'kline_data',
  'technical_indicators',
] as const;

function textOf(value: Json): string {
  return value === null ? NOT_AVAILABLE : JSON.stringify(value);
}

type Portfolio = Awaited<ReturnType<typeof readPortfolio>>;

async function readPortfolio(deps: EngineDeps, trader: Trader) {
  return deps.store.transaction(async (tx: StoreTx) => ({
    open: await tx.portfolio.listOpenPositions(trader.id),
    closed: await tx.portfolio.listRecentClosed(trader.id, TRADES_IN_PROMPT),
  }));
}

function prices(connection: VenueConnection, request: ContextRequest): Json {
  return request.symbols.flatMap((symbol) => {
    const quote = connection.market.quote(symbol);
    return quote === null || isStale(quote, request.now) ? [] : [{ symbol, bid: quote.bid, ask: quote.ask, mark: quote.mark }];
  });
}

const isStale = (quote: Quote, now: Timestamp): boolean => now - quote.receivedAt > QUOTE_AGE_MS_MAX;

/** Closes of the finest interval, oldest first: the rolling window of snapshots. */
function sampling(connection: VenueConnection, symbols: readonly Symbol[]): Json {
  const interval = connection.market.intervals()[0];
  if (interval === undefined) return null;
  return Object.fromEntries(
    symbols.map((symbol) => [
      symbol,
      { interval, closes: connection.market.candles(symbol, interval, CANDLES_IN_PROMPT).map((candle) => candle.close) },
    ]),
  );
}

function klines(connection: VenueConnection, symbols: readonly Symbol[]): Json {
  const interval = connection.market.intervals()[0];
  if (interval === undefined) return null;
  return Object.fromEntries(
    symbols.map((symbol) => {
      const candles = connection.market.candles(symbol, interval, CANDLES_IN_PROMPT);
      return [symbol, { interval, candles: candles.map((c) => [toIso(c.openTime), c.open, c.high, c.low, c.close, c.volume]) }];
    }),
  );
}

function triggerContext(trigger: Trigger | null): Json {
  return trigger === null ? { cause: 'preview' } : { cause: trigger.cause, event_id: trigger.eventId, at: toIso(trigger.at) };
}

function openPositions(held: Portfolio, connection: VenueConnection | null, now: Timestamp): Json {
  return held.open.map((position) => {
    const mark = connection?.market.quote(position.symbol)?.mark ?? null;
    return {
      symbol: position.symbol,
      side: position.side,
      quantity: position.quantity,
      entry_price: position.averageEntryPrice,
      leverage: position.leverage,
      mark_price: mark,
      unrealized_pnl: mark === null ? null : unrealizedPnl(position, mark),
      age_minutes: Math.floor((now - position.openedAt) / MINUTE_MS),
    };
  });
}

function recentTrades(held: Portfolio): Json {
  return held.closed.map((p) => ({
    symbol: p.symbol,
    side: p.side,
    quantity: p.enteredQuantity,
    entry_price: p.averageEntryPrice,
    exit_price: p.averageExitPrice,
    realized_pnl: p.realizedPnl,
    fees: p.fees,
    closed_by: p.closedBy,
    closed_at: p.closedAt === null ? null : toIso(p.closedAt),
  }));
}
