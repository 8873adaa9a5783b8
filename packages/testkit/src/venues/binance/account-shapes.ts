import {
  abs,
  add,
  type Decimal,
  decimal,
  initialMarginOf,
  isPositive,
  isZero,
  type MatchingPosition,
  max,
  mul,
  positionOf,
  round,
  type Symbol,
  sub,
  unrealizedPnlOf,
  ZERO,
} from '@hyperoru/domain';
import type { Desk } from './desk.ts';
import { isolatedLiquidationPrice } from './isolated-margin.ts';
import { bracketOf, type KnownSymbol, notionalCapAt } from './symbols.ts';

const PLACES = 8;
export const QUOTE_ASSET = 'USDT';

/** Sums of an account as the venue shows them. */
export interface WalletSums {
  readonly wallet: Decimal;
  readonly unrealized: Decimal;
  readonly margin: Decimal;
  readonly positionMargin: Decimal;
  readonly orderMargin: Decimal;
  readonly maintenance: Decimal;
  readonly available: Decimal;
}

export function walletSums({ venue }: Desk, accountId: string): WalletSums {
  const sums = venue.margin(accountId);
  return {
    wallet: shown(venue.books.account(accountId).state.balance),
    unrealized: shown(sums.unrealizedPnl),
    margin: shown(sums.equity),
    positionMargin: shown(sums.initial),
    orderMargin: shown(sums.reserved),
    maintenance: shown(sums.maintenance),
    available: shown(max(ZERO, sums.free)),
  };
}

/** One position, also an empty one, with everything any answer shows of it. */
export interface ShownPosition {
  readonly symbol: Symbol;
  readonly positionSide: string;
  readonly positionAmt: Decimal;
  readonly entryPrice: Decimal;
  readonly breakEvenPrice: Decimal;
  readonly markPrice: Decimal;
  readonly unRealizedProfit: Decimal;
  readonly liquidationPrice: Decimal;
  readonly notional: Decimal;
  readonly isolatedWallet: Decimal;
  readonly isolatedMargin: Decimal;
  readonly initialMargin: Decimal;
  readonly maintMargin: Decimal;
  readonly openOrderInitialMargin: Decimal;
  readonly leverage: number;
  readonly isIsolated: boolean;
  readonly maxNotionalValue: Decimal;
  readonly updateTime: number;
}

export function shownPosition(desk: Desk, accountId: string, symbol: KnownSymbol): ShownPosition {
  const { venue } = desk;
  const held = positionOf(venue.books.account(accountId).state, symbol.name);
  const { leverage, isCross } = venue.leverageOf(accountId, symbol.name);
  const mark = venue.market.price(symbol.name)?.mark ?? ZERO;
  const quantity = held?.quantity ?? ZERO;
  const notional = mul(quantity, mark);
  const { maintMarginRatio, cum } = bracketOf(symbol.extras.brackets, abs(notional));
  const wallet = held === null || isCross ? ZERO : isolatedWalletOf(held);
  const unrealized = held === null ? ZERO : unrealizedPnlOf(held, mark);
  const isHeld = !isZero(quantity);
  return {
    symbol: symbol.name,
    positionSide: desk.modes.isHedge(accountId) ? hedgeSideOf(quantity) : 'BOTH',
    positionAmt: quantity,
    entryPrice: shown(held?.averageEntryPrice ?? ZERO),
    breakEvenPrice: shown(held === null ? ZERO : breakEvenOf(held, symbol.instrument.takerFeeRate)),
    markPrice: mark,
    unRealizedProfit: shown(unrealized),
    liquidationPrice: shown(held === null ? ZERO : liquidationOf(desk, accountId, symbol, held, wallet)),
    notional: shown(notional),
    isolatedWallet: shown(wallet),
    isolatedMargin: shown(isHeld && !isCross ? add(wallet, unrealized) : ZERO),
    initialMargin: shown(held === null ? ZERO : initialMarginOf(held, mark)),
    maintMargin: shown(isHeld ? max(ZERO, sub(mul(abs(notional), maintMarginRatio), cum)) : ZERO),
    openOrderInitialMargin: ZERO,
    leverage,
    isIsolated: !isCross,
    maxNotionalValue: notionalCapAt(symbol.extras.brackets, leverage),
    updateTime: venue.fillsOf(accountId).findLast((fill) => fill.symbol === symbol.name)?.at ?? 0,
  };
}

/** What was set aside when the position was opened: |q| × entry ÷ leverage. */
const isolatedWalletOf = (held: MatchingPosition): Decimal => initialMarginOf(held, held.averageEntryPrice);

const hedgeSideOf = (quantity: Decimal): string => (quantity.startsWith('-') ? 'SHORT' : 'LONG');

/** The mark at which closing with the taker fee gains and loses nothing. */
function breakEvenOf({ quantity, averageEntryPrice }: MatchingPosition, feeRate: Decimal): Decimal {
  const fees = mul(averageEntryPrice, mul(feeRate, decimal('2')));
  return isPositive(quantity) ? add(averageEntryPrice, fees) : sub(averageEntryPrice, fees);
}

/** 0 when no price liquidates the position. Cross positions are judged by the core, isolated ones by their own wallet. */
function liquidationOf(desk: Desk, accountId: string, symbol: KnownSymbol, held: MatchingPosition, wallet: Decimal): Decimal {
  if (isZero(wallet)) return desk.venue.liquidationPrice(accountId, symbol.name) ?? ZERO;
  const { quantity, averageEntryPrice: entryPrice } = held;
  const bracket = bracketOf(symbol.extras.brackets, abs(mul(quantity, entryPrice)));
  return isolatedLiquidationPrice({ quantity, entryPrice, wallet }, bracket) ?? ZERO;
}

/** Positions that are held, and symbols with an open order. */
export function activePositions(desk: Desk, accountId: string): readonly ShownPosition[] {
  const withOrders = new Set(desk.venue.openOrders(accountId).map((order) => order.symbol));
  return desk.symbols
    .all()
    .map((symbol) => shownPosition(desk, accountId, symbol))
    .filter((position) => !isZero(position.positionAmt) || withOrders.has(position.symbol));
}

/** A computed number as it goes on the wire. */
export const shown = (value: Decimal): Decimal => round(value, PLACES);
