import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, isPositive, max, mul, neg, sub, ZERO } from '../money/decimal.ts';
import type { Order } from '../orders/order.ts';
import type { Position } from '../positions/position.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** A position as the venue reports it. `quantity` is signed: positive long, negative short. */
export interface Holding {
  readonly symbol: Symbol;
  readonly quantity: Decimal;
  readonly leverage: number;
}

/** What is at stake in all symbols together, quote currency. */
export interface Stakes {
  readonly totalNotional: Decimal;
  readonly longNotional: Decimal;
  readonly shortNotional: Decimal;
  /** Symbols with a position, ours or the venue's, or an open entry order. */
  readonly symbols: readonly Symbol[];
  /** Those without a price: the sums leave their positions out and must not be relied on. */
  readonly unpriced: readonly Symbol[];
}

/** What all traders of the instance have at stake and did; sums that no limit asks for may be 0. */
export interface InstanceExposure {
  readonly totalNotional: Decimal;
  /** Realized PnL, fees and funding of all traders since 00:00 UTC plus unrealized PnL. */
  readonly pnlToday: Decimal;
  /** Entries of all traders that left in the last 60 s. */
  readonly entriesLastMinute: number;
  /** Symbols without a price, in which something is open. */
  readonly unpriced: readonly Symbol[];
}

/** What the trader has at stake right now. Every order that is not final counts as fully filled. */
export interface Exposure {
  readonly now: Timestamp;
  /** True while a kill of the trader or of the instance is armed. */
  readonly isKilled: boolean;
  readonly isReduceOnly: boolean;
  /** Before the planned entry. */
  readonly stakes: Stakes;
  /** Open position in the plan's symbol as we have booked it. */
  readonly position: Position | null;
  /** The same as the venue reports it. */
  readonly holding: Holding | null;
  /** The venue's rate for the plan's symbol, a share of notional. */
  readonly maintenanceMarginRate: Decimal;
  /** Realized PnL, fees and funding since 00:00 UTC plus unrealized PnL; negative = loss. */
  readonly pnlToday: Decimal;
  /** The balance curve as the ledger tells it, see PortfolioStore.drawdown. */
  readonly peakBalance: Decimal;
  readonly balance: Decimal;
  /** When a position was last closed with a net loss. */
  readonly lastLossAt: Timestamp | null;
  readonly entriesLastHour: number;
  readonly instance: InstanceExposure;
}

/** Whether our records or the venue show more in a symbol, the greater of the two counts; open entries come on top (I11). */
export function weighStakes(inputs: {
  readonly positions: readonly Position[];
  readonly holdings: readonly Holding[];
  /** Entry orders that are not final. */
  readonly entries: readonly Order[];
  readonly markOf: (symbol: Symbol) => Decimal | null;
}): Stakes {
  const { positions, holdings, entries, markOf } = inputs;
  const symbols = [...new Set([...positions, ...holdings, ...entries].map((each) => each.symbol))];
  let [totalNotional, longNotional, shortNotional] = [ZERO, ZERO, ZERO];
  for (const symbol of symbols) {
    const mark = markOf(symbol) ?? ZERO;
    const ours = signedQuantity(positions.find((position) => position.symbol === symbol) ?? null);
    const theirs = holdings.find((holding) => holding.symbol === symbol)?.quantity ?? ZERO;
    totalNotional = add(totalNotional, mul(max(abs(ours), abs(theirs)), mark));
    longNotional = add(longNotional, mul(max(ZERO, max(ours, theirs)), mark));
    shortNotional = add(shortNotional, mul(max(ZERO, max(neg(ours), neg(theirs))), mark));
  }
  for (const order of entries) {
    const notional = remainingNotional(order, markOf(order.symbol));
    totalNotional = add(totalNotional, notional);
    if (order.side === 'buy') longNotional = add(longNotional, notional);
    else shortNotional = add(shortNotional, notional);
  }
  return { totalNotional, longNotional, shortNotional, symbols, unpriced: symbols.filter((symbol) => markOf(symbol) === null) };
}

/** True when the venue holds the other side of what would be bought or sold: the order would not open but reduce or turn it. */
export function opposes(holding: Holding, side: Order['side']): boolean {
  return isPositive(side === 'buy' ? neg(holding.quantity) : holding.quantity);
}

function signedQuantity(position: Position | null): Decimal {
  if (position === null) return ZERO;
  return position.side === 'long' ? position.quantity : neg(position.quantity);
}

/** As if the rest were filled, at the order's price or at the mark, whichever is more. */
function remainingNotional({ type, quantity, filledQuantity }: Order, mark: Decimal | null): Decimal {
  const price = type.kind === 'limit' ? type.price : type.triggerPrice;
  return mul(sub(quantity, filledQuantity), max(price, mark ?? price));
}
