import type { Symbol } from '../market/instrument.ts';
import { add, type Decimal, eq, gt, gte, isPositive, isZero, neg, sub, sum, ZERO } from '../money/decimal.ts';
import { type AccountState, type MatchingOutcome, positionOf } from './account-state.ts';

/** An account whose books do not add up: a bug, never a state to go on from. */
export class LedgerBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LedgerBroken';
  }
}

/**
 * Checks one step against itself: the balance is explained by deposits, realized PnL, fees and funding; every position moved
 * by exactly its fills; no order rests that is filled. Throws LedgerBroken.
 */
export function assertLedger(before: AccountState, outcome: MatchingOutcome): void {
  const { state, events } = outcome;
  const explained = sum([state.deposits, state.realizedPnl, neg(state.fees), state.funding]);
  if (!eq(state.balance, explained)) throw new LedgerBroken(`Expected a balance of ${explained}, was ${state.balance}.`);
  const moved = new Map<Symbol, Decimal>();
  let money = ZERO;
  for (const event of events) {
    if (event.kind === 'funding') money = add(money, event.funding.amount);
    if (event.kind !== 'fill') continue;
    const { fill } = event;
    moved.set(fill.symbol, add(moved.get(fill.symbol) ?? ZERO, fill.side === 'buy' ? fill.quantity : neg(fill.quantity)));
    money = add(money, sub(event.realizedPnl, fill.fee));
  }
  if (!eq(sub(state.balance, before.balance), money))
    throw new LedgerBroken(`Expected the balance to move by ${money}, was ${sub(state.balance, before.balance)}.`);
  assertPositions(before, state, moved);
  assertResting(state);
}

function assertPositions(before: AccountState, after: AccountState, moved: ReadonlyMap<Symbol, Decimal>): void {
  const symbols = new Set([...before.positions, ...after.positions].map((position) => position.symbol));
  for (const symbol of symbols) {
    const from = positionOf(before, symbol)?.quantity ?? ZERO;
    const to = positionOf(after, symbol)?.quantity ?? ZERO;
    const fills = moved.get(symbol) ?? ZERO;
    if (!eq(add(from, fills), to)) throw new LedgerBroken(`Expected a ${symbol} position of ${add(from, fills)} by its fills, was ${to}.`);
  }
  if (after.positions.some((position) => isZero(position.quantity))) throw new LedgerBroken('Expected no position of quantity 0.');
}

function assertResting(state: AccountState): void {
  for (const order of state.orders) {
    const isOpen = order.state === 'open' || order.state === 'partially_filled';
    if (!isOpen || gte(order.filledQuantity, order.quantity))
      throw new LedgerBroken(`Expected order ${order.clientOrderId} to have a rest while it rests.`);
    if (order.reduceOnly && !isReducing(state, order.symbol, order.side, sub(order.quantity, order.filledQuantity))) {
      throw new LedgerBroken(`Expected reduce-only order ${order.clientOrderId} to stay within its position.`);
    }
  }
}

function isReducing(state: AccountState, symbol: Symbol, side: 'buy' | 'sell', rest: Decimal): boolean {
  const held = positionOf(state, symbol)?.quantity ?? ZERO;
  const size = side === 'sell' ? held : neg(held);
  return isPositive(size) && !gt(rest, size);
}
