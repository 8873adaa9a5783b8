import {
  type AccountState,
  add,
  type MatchedFill,
  type MatchedOrder,
  type MatchingOutcome,
  mul,
  neg,
  newMatchingAccount,
  positionOf,
  type Symbol,
  type Timestamp,
  ZERO,
} from '@hyperoru/domain';
import { OrderRegistry } from './order-registry.ts';
import type {
  VenueAccountRecord,
  VenueChange,
  VenueFillRecord,
  VenueFundingRecord,
  VenueOrderRecord,
  VenueOrderTicket,
} from './records.ts';
import type { VenueMarket } from './venue-market.ts';

/** Everything the venue remembers, and how an outcome of the matching engine is written into it. */
export class VenueBooks {
  readonly accounts = new Map<string, VenueAccountRecord>();
  readonly orders = new OrderRegistry();
  readonly fills: VenueFillRecord[] = [];
  readonly funding: VenueFundingRecord[] = [];
  readonly #fillsOf = new Map<string, VenueFillRecord[]>();
  readonly #market: VenueMarket;
  readonly #keepsTriggers: boolean;
  lastId: number;

  constructor(market: VenueMarket, options: { readonly firstId: number; readonly keepsTriggers: boolean }) {
    this.#market = market;
    this.#keepsTriggers = options.keepsTriggers;
    this.lastId = options.firstId - 1;
  }

  account(id: string): VenueAccountRecord {
    const account = this.accounts.get(id);
    if (account === undefined) throw new RangeError(`Expected an account of the venue, was ${id}.`);
    return account;
  }

  /** Forgets everything, to be filled from a dump. */
  clear(lastId: number): void {
    this.accounts.clear();
    this.orders.clear();
    this.fills.length = 0;
    this.funding.length = 0;
    this.#fillsOf.clear();
    this.lastId = lastId;
  }

  openAccount(id: string): VenueAccountRecord {
    const known = this.accounts.get(id);
    if (known !== undefined) return known;
    const account: VenueAccountRecord = {
      id,
      state: newMatchingAccount(ZERO),
      leverages: {},
      cancelAt: {},
      isRevoked: false,
      volume: ZERO,
    };
    this.accounts.set(id, account);
    return account;
  }

  setState(accountId: string, state: AccountState): void {
    this.accounts.set(accountId, { ...this.account(accountId), state });
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  fillsOf(accountId: string): readonly VenueFillRecord[] {
    return this.#fillsOf.get(accountId) ?? [];
  }

  addFill(fill: VenueFillRecord): void {
    this.fills.push(fill);
    const known = this.#fillsOf.get(fill.accountId);
    if (known === undefined) this.#fillsOf.set(fill.accountId, [fill]);
    else known.push(fill);
  }

  newOrder(accountId: string, ticket: VenueOrderTicket, at: Timestamp): VenueOrderRecord {
    return {
      id: this.nextId(),
      accountId,
      clientOrderId: ticket.clientOrderId,
      symbol: ticket.symbol,
      side: ticket.side,
      type: ticket.type,
      originalQuantity: ticket.quantity,
      quantity: ticket.quantity,
      filledQuantity: ZERO,
      averagePrice: null,
      reduceOnly: ticket.reduceOnly,
      followsPosition: ticket.followsPosition ?? false,
      parentId: ticket.parentId ?? null,
      status: 'open',
      reason: null,
      createdAt: at,
      updatedAt: at,
      firedId: null,
      extra: ticket.extra ?? {},
      hidden: null,
    };
  }

  /** Writes an outcome down: state, orders, fills, funding. Returns what happened, in order. */
  apply(accountId: string, outcome: MatchingOutcome, at: Timestamp, cause: 'order' | 'adl' = 'order'): readonly VenueChange[] {
    const changes: VenueChange[] = [];
    const before = this.account(accountId).state;
    const moved = new Map<Symbol, VenueFillRecord>();
    this.setState(accountId, outcome.state);
    for (const event of outcome.events) {
      if (event.kind === 'order') {
        const order = this.#orderAfter(event.order, at);
        if (order !== null) changes.push({ kind: 'order', accountId, order });
      } else if (event.kind === 'fill') {
        const previous = moved.get(event.fill.symbol);
        const startPosition = previous === undefined ? (positionOf(before, event.fill.symbol)?.quantity ?? ZERO) : endPosition(previous);
        const fill = this.#newFill(accountId, event.fill, { startPosition, realizedPnl: event.realizedPnl, at, cause });
        moved.set(fill.symbol, fill);
        changes.push({ kind: 'fill', accountId, fill });
      } else if (event.kind === 'liquidation') {
        changes.push({ kind: 'liquidation', accountId, symbol: event.symbol, quantity: event.quantity, price: event.price });
      } else if (event.funding.rate !== ZERO) {
        const { symbol, amount, rate, marketTime } = event.funding;
        const quantity = positionOf(before, symbol)?.quantity ?? ZERO;
        const funding = { id: this.nextId(), accountId, symbol, amount, rate, quantity, at: marketTime };
        this.funding.push(funding);
        changes.push({ kind: 'funding', accountId, funding });
      }
    }
    return changes;
  }

  #newFill(
    accountId: string,
    fill: MatchedFill,
    context: Pick<VenueFillRecord, 'startPosition' | 'realizedPnl' | 'at'> & { readonly cause: 'order' | 'adl' },
  ): VenueFillRecord {
    const order = fill.clientOrderId === null ? null : this.orders.get(Number(fill.clientOrderId));
    const account = this.account(accountId);
    this.accounts.set(accountId, { ...account, volume: add(account.volume, mul(fill.price, fill.quantity)) });
    const record: VenueFillRecord = {
      id: this.nextId(),
      accountId,
      orderId: order?.id ?? null,
      clientOrderId: order?.clientOrderId ?? null,
      symbol: fill.symbol,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      fee: fill.fee,
      realizedPnl: context.realizedPnl,
      startPosition: context.startPosition,
      liquidity: fill.liquidity,
      cause: fill.isLiquidation ? 'liquidation' : context.cause,
      markPrice: this.#market.price(fill.symbol)?.mark ?? fill.price,
      at: context.at,
    };
    this.addFill(record);
    return record;
  }

  /** The order as the outcome left it; null when nothing changed for the venue's own record. */
  #orderAfter(matched: MatchedOrder, at: Timestamp): VenueOrderRecord | null {
    const known = this.orders.get(Number(matched.clientOrderId));
    if (known === null) throw new Error(`Expected order ${matched.clientOrderId} in the registry.`);
    const isKept = known.type.kind === 'trigger' && this.#keepsTriggers;
    const wasFilled = matched.filledQuantity !== ZERO;
    // Such a trigger stays at the venue whatever happens to the position.
    if (isKept && (matched.reason === 'position_closed' || (matched.reason === 'reduced_with_position' && matched.state === 'open')))
      return null;
    const order: VenueOrderRecord = {
      ...known,
      quantity: isKept && matched.state !== 'filled' ? known.quantity : matched.quantity,
      filledQuantity: matched.filledQuantity,
      averagePrice: matched.averagePrice,
      status: matched.state,
      reason: this.#reasonOf(known, matched.reason),
      firedId: known.type.kind === 'trigger' && wasFilled ? (known.firedId ?? this.nextId()) : known.firedId,
      updatedAt: at,
    };
    this.orders.put(order);
    return order;
  }

  #reasonOf(order: VenueOrderRecord, reason: string | null): string | null {
    if (reason !== 'position_closed' || order.parentId === null) return reason;
    const hasFilledSibling = this.orders.childrenOf(order.parentId).some((other) => other.id !== order.id && other.status === 'filled');
    return hasFilledSibling ? 'sibling_filled' : reason;
  }
}

const endPosition = (fill: VenueFillRecord) => add(fill.startPosition, fill.side === 'buy' ? fill.quantity : neg(fill.quantity));
