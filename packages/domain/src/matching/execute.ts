import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, div, isPositive, isZero, lt, min, mul, neg, sub, ZERO } from '../money/decimal.ts';
import type { OrderSide } from '../orders/order.ts';
import type { Timestamp } from '../time/timestamp.ts';
import {
  type AccountState,
  type MatchedFill,
  type MatchingEvent,
  type MatchingOutcome,
  type MatchingPosition,
  positionOf,
  sequenceId,
} from './account-state.ts';
import { executionFee } from './fees.ts';
import { lastBoundary } from './funding.ts';
import { type MatchingMarket, rulesOf } from './rules.ts';

/** One trade about to be booked. */
export interface Execution {
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly liquidity: 'maker' | 'taker';
  readonly isLiquidation: boolean;
  /** null when the venue acts on its own: liquidation. */
  readonly clientOrderId: string | null;
  /** The leverage the position has afterwards; null keeps it. */
  readonly leverage: number | null;
}

/** Books one trade: position, realized PnL, fee, balance, and the fill that tells of it. */
export function execute(state: AccountState, execution: Execution, market: MatchingMarket): MatchingOutcome {
  const before = positionOf(state, execution.symbol);
  const signed = execution.side === 'buy' ? execution.quantity : neg(execution.quantity);
  const realizedPnl = before === null ? ZERO : realizedBy(before, signed, execution.price);
  const fee = executionFee(rulesOf(market, execution.symbol).instrument, execution);
  const sequence = state.sequence + 1;
  const after: AccountState = {
    ...state,
    realizedPnl: add(state.realizedPnl, realizedPnl),
    fees: add(state.fees, fee),
    balance: sub(add(state.balance, realizedPnl), fee),
    positions: withPosition(state.positions, execution.symbol, positionAfter(before, signed, execution)),
    fundedUntil: fundedFrom(state, market.marketTime),
    sequence,
  };
  const fill: MatchedFill = {
    clientOrderId: execution.clientOrderId,
    tradeId: sequenceId('t', sequence),
    symbol: execution.symbol,
    side: execution.side,
    price: execution.price,
    quantity: execution.quantity,
    fee,
    liquidity: execution.liquidity,
    isLiquidation: execution.isLiquidation,
    filledAt: market.now,
    marketTime: market.marketTime,
  };
  const event: MatchingEvent = { kind: 'fill', fill, realizedPnl };
  return { state: after, events: [event] };
}

/** An account without positions owes no funding for the hours before its first trade. */
function fundedFrom(state: AccountState, marketTime: Timestamp): Timestamp {
  return state.positions.length === 0 ? lastBoundary(marketTime) : state.fundedUntil;
}

function realizedBy(position: MatchingPosition, signed: Decimal, price: Decimal): Decimal {
  if (isPositive(position.quantity) === isPositive(signed)) return ZERO;
  const closed = min(abs(position.quantity), abs(signed));
  const gain = isPositive(position.quantity) ? sub(price, position.averageEntryPrice) : sub(position.averageEntryPrice, price);
  return mul(closed, gain);
}

function positionAfter(before: MatchingPosition | null, signed: Decimal, execution: Execution): MatchingPosition | null {
  const { symbol, price } = execution;
  if (before === null) return { symbol, quantity: signed, averageEntryPrice: price, leverage: execution.leverage ?? 1 };
  const quantity = add(before.quantity, signed);
  if (isZero(quantity)) return null;
  const leverage = execution.leverage ?? before.leverage;
  if (isPositive(before.quantity) === isPositive(signed)) {
    const cost = add(mul(before.quantity, before.averageEntryPrice), mul(signed, price));
    return { symbol, quantity, averageEntryPrice: div(cost, quantity), leverage };
  }
  const flipped = lt(abs(before.quantity), abs(signed));
  return { symbol, quantity, averageEntryPrice: flipped ? price : before.averageEntryPrice, leverage };
}

function withPosition(positions: readonly MatchingPosition[], symbol: Symbol, next: MatchingPosition | null): readonly MatchingPosition[] {
  const others = positions.filter((position) => position.symbol !== symbol);
  return next === null ? others : [...others, next];
}
