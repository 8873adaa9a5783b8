import {
  abs,
  type Decimal,
  execute,
  isPositive,
  liquidateStepped,
  min,
  neg,
  positionOf,
  type Symbol,
  trimReduceOnly,
} from '@hyperoru/domain';
import type { ImmediateFault } from './faults.ts';
import type { VenueParts } from './venue-parts.ts';

/** Makes a fault happen. Throws RangeError when what it is about does not exist. */
export function injectNow(venue: VenueParts, fault: Exclude<ImmediateFault, { kind: 'venue_restart' }>): void {
  switch (fault.kind) {
    case 'clock_jump':
      venue.clockOffsetMs += fault.ms;
      return;
    case 'cancel_stop':
      cancelStops(venue, fault.accountId, fault.symbol);
      return;
    case 'revoke_key':
      venue.books.accounts.set(fault.accountId, { ...venue.books.account(fault.accountId), isRevoked: true });
      return;
    case 'halt_symbol':
      venue.changeInstrument(fault.symbol, { isHalted: true });
      return;
    case 'filter_change':
      venue.changeInstrument(fault.symbol, fault.change);
      return;
    case 'liquidate':
      liquidate(venue, fault.accountId, fault.symbol);
      return;
    case 'adl':
      deleverage(venue, fault.accountId, fault.symbol, fault.quantity);
      return;
    case 'foreign_order':
      venue.place(fault.accountId, fault.ticket);
      return;
    case 'foreign_close':
      closeByHand(venue, fault.accountId, fault.symbol);
      return;
    case 'leverage_changed': {
      const { isCross } = venue.leverageOf(fault.accountId, fault.symbol);
      venue.setLeverage(fault.accountId, fault.symbol, { leverage: fault.leverage, isCross });
      return;
    }
    case 'transfer_out':
      venue.deposit(fault.accountId, neg(fault.amount));
      return;
  }
}

function cancelStops(venue: VenueParts, accountId: string, symbol: Symbol | undefined): void {
  for (const order of venue.openOrders(accountId)) {
    const isStop = order.type.kind === 'trigger' && order.type.trigger === 'stop_loss';
    if (isStop && (symbol === undefined || order.symbol === symbol)) venue.finish(order, 'canceled', 'canceled_by_venue');
  }
}

function heldOf(venue: VenueParts, accountId: string, symbol: Symbol) {
  const { state } = venue.books.account(accountId);
  const position = positionOf(state, symbol);
  const price = venue.market.price(symbol);
  if (position === null || price === null) throw new RangeError(`Expected a ${symbol} position of ${accountId}.`);
  return { state, position, mark: price.mark, side: isPositive(position.quantity) ? ('sell' as const) : ('buy' as const) };
}

function liquidate(venue: VenueParts, accountId: string, symbol: Symbol): void {
  const { state, mark } = heldOf(venue, accountId, symbol);
  const step = { symbol, open: mark, low: mark, high: mark, mark };
  venue.apply(accountId, liquidateStepped(state, step, mark, venue.market.matching(venue.now())));
}

function deleverage(venue: VenueParts, accountId: string, symbol: Symbol, quantity: Decimal | undefined): void {
  const { state, position, mark, side } = heldOf(venue, accountId, symbol);
  const size = abs(position.quantity);
  const execution = {
    symbol,
    side,
    price: mark,
    quantity: quantity === undefined ? size : min(quantity, size),
    liquidity: 'taker',
    isLiquidation: false,
    clientOrderId: null,
    leverage: null,
  } as const;
  const executed = execute(state, execution, venue.market.matching(venue.now()));
  const trimmed = trimReduceOnly(executed.state, symbol);
  venue.apply(accountId, { state: trimmed.state, events: [...executed.events, ...trimmed.events] }, 'adl');
}

function closeByHand(venue: VenueParts, accountId: string, symbol: Symbol): void {
  const { position, side } = heldOf(venue, accountId, symbol);
  const quantity = abs(position.quantity);
  venue.place(accountId, { clientOrderId: null, symbol, side, type: { kind: 'market' }, quantity, reduceOnly: true });
}
