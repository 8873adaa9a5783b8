import { abs, add, type Decimal, decimal, gt, mul, sub, sum, type TraderId, ZERO } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import type { SimulatedVenue } from '@hyperoru/testkit';
import type { OrderWatch } from './plain-exchange.ts';
import type { Scheduler } from './scheduler.ts';

/** A stored order as the durable part of the store has it at this very moment; null = it is not there. */
export interface DurableOrder {
  readonly state: string;
  readonly deadline: number | null;
  readonly nonce: number | null;
  readonly quantity: Decimal;
}

/** A cap may be passed by this share: prices move between the check and the venue. */
const CAP_TOLERANCE = decimal('1.06');

/** Looks at every order on its way and remembers what a rule forbids. */
export class Witness implements OrderWatch {
  readonly problems: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #venue: SimulatedVenue;
  readonly #left = new Map<string, number>();
  /** Traders that were told that nothing new leaves, and until when an earlier order of theirs may still have been on its way. */
  readonly #stopped = new Map<TraderId, string>();
  #durable: (clientOrderId: string) => DurableOrder | null = () => null;
  #capOf: (traderId: TraderId) => Decimal | null = () => null;
  entriesLeft = 0;

  constructor(scheduler: Scheduler, venue: SimulatedVenue) {
    this.#scheduler = scheduler;
    this.#venue = venue;
  }

  looksUp(durable: (clientOrderId: string) => DurableOrder | null, capOf: (traderId: TraderId) => Decimal | null): void {
    this.#durable = durable;
    this.#capOf = capOf;
  }

  /** From now on nothing new may leave for this trader. */
  stopped(traderId: TraderId, why: string): void {
    this.#stopped.set(traderId, why);
  }

  resumed(traderId: TraderId): void {
    this.#stopped.delete(traderId);
  }

  left(traderId: TraderId, request: OrderRequest): void {
    const times = (this.#left.get(request.clientOrderId) ?? 0) + 1;
    this.#left.set(request.clientOrderId, times);
    if (times > 1) this.report('I1', `order ${request.clientOrderId} left ${times} times`);
    if (request.reduceOnly) return;
    this.entriesLeft += 1;
    const why = this.#stopped.get(traderId);
    if (why !== undefined) this.report('I8', `an entry of ${traderId} left after ${why}`);
  }

  arrived(traderId: TraderId, request: OrderRequest): void {
    this.#checkWrittenAhead(request);
    if (!request.reduceOnly) this.#checkCap(traderId, request);
  }

  report(rule: string, message: string): void {
    this.problems.push(`${rule} at ${Math.round(this.#scheduler.nowMs)} ms: ${message}`);
  }

  #checkWrittenAhead(request: OrderRequest): void {
    const { clientOrderId, deadline, nonce, quantity } = request;
    const stored = this.#durable(clientOrderId);
    if (stored === null || stored.state === 'intent') {
      this.report('I2', `order ${clientOrderId} arrives and is ${stored === null ? 'not' : 'only as intent'} on disk`);
      return;
    }
    const isSame = stored.deadline === deadline && stored.nonce === nonce && stored.quantity === quantity;
    if (!isSame) this.report('I2', `order ${clientOrderId} travels with other words than it is stored with`);
  }

  /** Everything held at its entry price, everything resting at its limit, and this order. */
  #checkCap(traderId: TraderId, request: OrderRequest): void {
    const cap = this.#capOf(traderId);
    if (cap === null || request.type.kind !== 'limit' || this.#venue.now() > request.deadline) return;
    const { state } = this.#venue.books.account(traderId);
    const held = sum(state.positions.map((each) => mul(abs(each.quantity), each.averageEntryPrice)));
    const resting = sum(
      this.#venue
        .openOrders(traderId)
        .filter((order) => !order.reduceOnly && order.clientOrderId?.startsWith('0x4879') === true)
        .map((order) => (order.type.kind === 'limit' ? mul(sub(order.quantity, order.filledQuantity), order.type.price) : ZERO)),
    );
    const total = add(add(held, resting), mul(request.quantity, request.type.price));
    if (gt(total, mul(cap, CAP_TOLERANCE))) this.report('I11', `${traderId} would have ${total} at stake, its cap is ${cap}`);
  }
}
