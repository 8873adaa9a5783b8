import {
  abs,
  add,
  type Decimal,
  decimal,
  gt,
  type InstanceLimits,
  mul,
  type Order,
  type Symbol,
  sub,
  sum,
  type TraderId,
  ZERO,
} from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import type { SimulatedVenue, VenueFillRecord } from '@hyperoru/testkit';
import { isMarkedOurs } from './marked.ts';
import type { Scheduler } from './scheduler.ts';
import { ENTRY_CAP } from './setting.ts';
import type { ArrivedOrder } from './sides/side.ts';

/** A cap may be passed by this share: prices move between the check and the venue. */
const CAP_TOLERANCE = decimal('1.06');

/** The window of the instance's budget of orders, shorter by what clocks of processes may differ. */
const BUDGET_WINDOW_MS = 60_000 - 5_000;

/** What the witness looks up in the records. */
export interface Records {
  /** A stored order as it would be there after a power loss at this moment; null = it is not there. */
  durableOrder(clientOrderId: string): Order | null;
  /** The number of the newest hold on the trader's lane. */
  laneEpoch(traderId: TraderId): number;
  accountOf(traderId: TraderId): string;
  /** An order of the trader in the symbol whose fate is not known. */
  unknownIn(traderId: TraderId, symbol: Symbol): Order | null;
  readonly limits: InstanceLimits;
}

/** Looks at every order on its way and remembers what a rule forbids. */
export class Witness {
  readonly problems: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #venue: SimulatedVenue;
  readonly #left = new Map<string, number>();
  /** Traders that were told that nothing new leaves, and until when an earlier order of theirs may still have been on its way. */
  readonly #stopped = new Map<TraderId, string>();
  readonly #flat = new Set<string>();
  readonly #resumedAtMs = new Map<TraderId, number>();
  readonly #records: Records;
  /** When each entry of the instance left. */
  readonly #entriesAtMs: number[] = [];

  constructor(scheduler: Scheduler, venue: SimulatedVenue, records: Records) {
    this.#scheduler = scheduler;
    this.#venue = venue;
    this.#records = records;
  }

  get entriesLeft(): number {
    return this.#entriesAtMs.length;
  }

  /** From now on nothing new may leave for this trader, unless it was resumed after the request to stop it had begun. */
  stopped(traderId: TraderId, why: string, begunAtMs: number): void {
    if ((this.#resumedAtMs.get(traderId) ?? 0) <= begunAtMs) this.#stopped.set(traderId, why);
  }

  /** Its account was told to be flat, and that nothing is on its way. */
  saidFlat(traderId: TraderId): void {
    const accountId = this.#records.accountOf(traderId);
    const left = this.#venue.books.account(accountId).state.positions.filter(({ symbol }) => !this.#hasForeign(accountId, symbol));
    for (const { symbol, quantity } of left) this.report('I8', `a kill told that ${accountId} is flat, it holds ${quantity} ${symbol}`);
    this.#flat.add(accountId);
  }

  /** Something was executed at the venue. */
  filled({ accountId, clientOrderId }: VenueFillRecord): void {
    const order = clientOrderId === null ? null : this.#records.durableOrder(clientOrderId);
    if (this.#flat.has(accountId) && order?.purpose === 'entry')
      this.report('I8', `entry ${clientOrderId} is filled after a kill told that ${accountId} is flat`);
  }

  #hasForeign(accountId: string, symbol: Symbol): boolean {
    return this.#venue.fillsOf(accountId).some((fill) => fill.symbol === symbol && fill.clientOrderId === null);
  }

  resumed(traderId: TraderId): void {
    this.#flat.delete(this.#records.accountOf(traderId));
    this.#stopped.delete(traderId);
    this.#resumedAtMs.set(traderId, this.#scheduler.nowMs);
  }

  /** The process lets it go. */
  left(traderId: TraderId, request: OrderRequest): void {
    const times = (this.#left.get(request.clientOrderId) ?? 0) + 1;
    this.#left.set(request.clientOrderId, times);
    if (times > 1) this.report('I1', `order ${request.clientOrderId} left ${times} times`);
    // What is past its deadline is refused by the venue, whatever became of its sender.
    if (request.reduceOnly || this.#venue.now() > request.deadline) return;
    this.#entriesAtMs.push(this.#scheduler.nowMs);
    this.#checkBudget();
    this.#checkLane(traderId, request.clientOrderId);
    const doubtful = this.#records.unknownIn(traderId, request.symbol);
    if (doubtful !== null) this.report('I11', `entry ${request.clientOrderId} leaves while ${doubtful.clientOrderId} is of unknown fate`);
    const why = this.#stopped.get(traderId);
    if (why !== undefined) this.report('I8', `an entry of ${traderId} left after ${why}`);
  }

  /** The venue has it in its hands, before it judges it. */
  arrived(order: ArrivedOrder): void {
    const stored = this.#records.durableOrder(order.clientOrderId);
    if (stored === null || stored.state === 'intent') {
      this.report('I2', `order ${order.clientOrderId} arrives and is ${stored === null ? 'not' : 'only as intent'} on disk`);
      return;
    }
    this.#checkWrittenAhead(order, stored);
    if (this.#venue.now() > order.deadline) return;
    if (!order.reduceOnly) this.#checkCap(this.#records.accountOf(stored.traderId), order);
  }

  report(rule: string, message: string): void {
    this.problems.push(`${rule} at ${Math.round(this.#scheduler.nowMs)} ms: ${message}`);
  }

  #checkWrittenAhead(order: ArrivedOrder, stored: Order): void {
    const { clientOrderId, deadline, nonce, quantity, side, reduceOnly } = order;
    const price = order.limitPrice ?? order.triggerPrice;
    const storedPrice = stored.type.kind === 'limit' ? stored.type.price : stored.type.triggerPrice;
    const words = `deadline ${deadline}, nonce ${nonce}, ${side} ${quantity} at ${price}, reduce-only ${reduceOnly}`;
    const storedNonce = nonce === null ? null : stored.nonce;
    const storedWords = `deadline ${stored.deadline}, nonce ${storedNonce}, ${stored.side} ${stored.quantity} at ${storedPrice}, reduce-only ${stored.reduceOnly}`;
    if (words !== storedWords) this.report('I2', `order ${clientOrderId} travels with ${words}, is stored with ${storedWords}`);
  }

  /** Whoever lets an entry go that the venue would still take holds the trader's lane. */
  #checkLane(traderId: TraderId, clientOrderId: string): void {
    const epoch = this.#records.durableOrder(clientOrderId)?.epoch ?? null;
    const current = this.#records.laneEpoch(traderId);
    if (epoch !== current) this.report('I14', `entry ${clientOrderId} leaves under epoch ${epoch}, its lane is held under ${current}`);
  }

  #checkBudget(): void {
    const { maxOrdersPerMinute } = this.#records.limits;
    const count = this.#entriesAtMs.filter((atMs) => atMs > this.#scheduler.nowMs - BUDGET_WINDOW_MS).length;
    if (count > maxOrdersPerMinute) this.report('I11', `${count} entries left within a minute, the budget is ${maxOrdersPerMinute}`);
  }

  #checkCap(accountId: string, order: ArrivedOrder): void {
    if (order.limitPrice === null) return;
    const { maxTotalNotional } = this.#records.limits;
    const notional = mul(order.quantity, order.limitPrice);
    const own = add(this.#stakesOf(accountId), notional);
    if (gt(own, mul(ENTRY_CAP, CAP_TOLERANCE))) this.report('I11', `${accountId} would have ${own} at stake, its cap is ${ENTRY_CAP}`);
    if (maxTotalNotional === null) return;
    const all = add(sum([...this.#venue.books.accounts.keys()].map((id) => this.#stakesOf(id))), notional);
    if (gt(all, mul(maxTotalNotional, CAP_TOLERANCE)))
      this.report('I11', `all accounts would have ${all} at stake, the cap of the instance is ${maxTotalNotional}`);
  }

  /** Everything held at its entry price and every entry of ours that rests, at its limit. */
  #stakesOf(accountId: string): Decimal {
    const { state } = this.#venue.books.account(accountId);
    const held = sum(state.positions.map((each) => mul(abs(each.quantity), each.averageEntryPrice)));
    const resting = this.#venue
      .openOrders(accountId)
      .filter((order) => !order.reduceOnly && isMarkedOurs(order.clientOrderId))
      .map((each) => (each.type.kind === 'limit' ? mul(sub(each.quantity, each.filledQuantity), each.type.price) : ZERO));
    return add(held, sum(resting));
  }
}
