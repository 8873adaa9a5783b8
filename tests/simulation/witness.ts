import { abs, add, decimal, gt, mul, type Order, sub, sum, type TraderId, ZERO } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import type { SimulatedVenue } from '@hyperoru/testkit';
import type { Scheduler } from './scheduler.ts';
import { ENTRY_CAP } from './setting.ts';
import type { ArrivedOrder } from './sides/side.ts';

/** A cap may be passed by this share: prices move between the check and the venue. */
const CAP_TOLERANCE = decimal('1.06');

/** Looks at every order on its way and remembers what a rule forbids. */
export class Witness {
  readonly problems: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #venue: SimulatedVenue;
  readonly #left = new Map<string, number>();
  /** Traders that were told that nothing new leaves, and until when an earlier order of theirs may still have been on its way. */
  readonly #stopped = new Map<TraderId, string>();
  readonly #resumedAtMs = new Map<TraderId, number>();
  #durable: (clientOrderId: string) => Order | null = () => null;
  #accountOf: (traderId: TraderId) => string = (traderId) => traderId;
  entriesLeft = 0;

  constructor(scheduler: Scheduler, venue: SimulatedVenue) {
    this.#scheduler = scheduler;
    this.#venue = venue;
  }

  /** `durable`: a stored order as it would be there after a power loss at this moment; null = it is not there. */
  looksUp(durable: (clientOrderId: string) => Order | null, accountOf: (traderId: TraderId) => string): void {
    this.#durable = durable;
    this.#accountOf = accountOf;
  }

  /** From now on nothing new may leave for this trader, unless it was resumed after the request to stop it had begun. */
  stopped(traderId: TraderId, why: string, begunAtMs: number): void {
    if ((this.#resumedAtMs.get(traderId) ?? 0) <= begunAtMs) this.#stopped.set(traderId, why);
  }

  resumed(traderId: TraderId): void {
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
    this.entriesLeft += 1;
    const why = this.#stopped.get(traderId);
    if (why !== undefined) this.report('I8', `an entry of ${traderId} left after ${why}`);
  }

  /** The venue has it in its hands, before it judges it. */
  arrived(order: ArrivedOrder): void {
    const stored = this.#durable(order.clientOrderId);
    if (stored === null || stored.state === 'intent') {
      this.report('I2', `order ${order.clientOrderId} arrives and is ${stored === null ? 'not' : 'only as intent'} on disk`);
      return;
    }
    this.#checkWrittenAhead(order, stored);
    if (!order.reduceOnly) this.#checkCap(this.#accountOf(stored.traderId), order);
  }

  report(rule: string, message: string): void {
    this.problems.push(`${rule} at ${Math.round(this.#scheduler.nowMs)} ms: ${message}`);
  }

  #checkWrittenAhead({ clientOrderId, deadline, nonce, quantity }: ArrivedOrder, stored: Order): void {
    const isSame = stored.deadline === deadline && (nonce === null || stored.nonce === nonce) && stored.quantity === quantity;
    const words = `deadline ${deadline}, nonce ${nonce}, quantity ${quantity}`;
    const storedWords = `deadline ${stored.deadline}, nonce ${stored.nonce}, quantity ${stored.quantity}`;
    if (!isSame) this.report('I2', `order ${clientOrderId} travels with ${words}, is stored with ${storedWords}`);
  }

  /** Everything held at its entry price, everything resting at its limit, and this order. */
  #checkCap(accountId: string, order: ArrivedOrder): void {
    if (order.limitPrice === null || this.#venue.now() > order.deadline) return;
    const { state } = this.#venue.books.account(accountId);
    const held = sum(state.positions.map((each) => mul(abs(each.quantity), each.averageEntryPrice)));
    const resting = sum(
      this.#venue
        .openOrders(accountId)
        .filter((resting) => !resting.reduceOnly && resting.clientOrderId?.startsWith('0x4879') === true)
        .map((each) => (each.type.kind === 'limit' ? mul(sub(each.quantity, each.filledQuantity), each.type.price) : ZERO)),
    );
    const total = add(add(held, resting), mul(order.quantity, order.limitPrice));
    if (gt(total, mul(ENTRY_CAP, CAP_TOLERANCE))) this.report('I11', `${accountId} would have ${total} at stake, its cap is ${ENTRY_CAP}`);
  }
}
