import type { Decimal, OrderSide, Symbol } from '@hyperoru/domain';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import { type ApiError, apiError } from './api-error.ts';
import type { DepthChains } from './depth-chains.ts';
import type { KeyRing } from './keys.ts';
import type { ListenKeys } from './listen-keys.ts';
import type { Params } from './params.ts';
import type { PositionModes } from './position-modes.ts';
import type { RateLimits } from './rate-limits.ts';
import type { KnownSymbol, SymbolBook } from './symbols.ts';

/** Everything a route may look at or change. */
export interface Desk {
  readonly venue: SimulatedVenue;
  readonly symbols: SymbolBook;
  readonly keys: KeyRing;
  readonly limits: RateLimits;
  readonly modes: PositionModes;
  readonly listenKeys: ListenKeys;
  readonly depth: DepthChains;
}

/** One request that passed the gate. */
export interface Call {
  readonly desk: Desk;
  readonly params: Params;
  readonly apiKey: string;
  /** Empty for market data. */
  readonly accountId: string;
  readonly ip: string;
}

/** What a route answers: a JSON value, or a refusal. */
export type Answer = ApiError | object;

/** The symbol of the request; -1121 when there is no such. */
export function symbolOfCall({ desk, params }: Call): KnownSymbol | ApiError {
  return desk.symbols.get(params.text('symbol')) ?? apiError(-1121);
}

/** The symbols a request is about: the one it names, or all. */
export function symbolsOfCall(call: Call): readonly KnownSymbol[] | ApiError {
  if (!call.params.has('symbol')) return call.desk.symbols.all();
  const symbol = symbolOfCall(call);
  return 'code' in symbol ? symbol : [symbol];
}

/** The mark and the best price that an order of the side would meet; null before the first price. */
export function pricesOf(desk: Desk, symbol: Symbol, side: OrderSide): { readonly mark: Decimal; readonly best: Decimal } | null {
  const mark = desk.venue.market.price(symbol)?.mark;
  const best = desk.venue.market.bestPrices(symbol);
  return mark === undefined || best === null ? null : { mark, best: side === 'buy' ? best.ask : best.bid };
}
