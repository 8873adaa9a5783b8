/**
 * Orders that this process is sending right now. The venue's events about them wait until the sender has looked at the venue
 * itself: what it saw then needs no second booking, what came later is taken as usual.
 */
export class OrdersInFlight {
  readonly #waiting = new Map<string, (() => void)[]>();

  begin(clientOrderId: string): void {
    this.#waiting.set(clientOrderId, []);
  }

  /** Keeps `take` for later when the order is being sent; false when it is not, and the caller takes the event now. */
  defer(clientOrderId: string, take: () => void): boolean {
    const waiting = this.#waiting.get(clientOrderId);
    waiting?.push(take);
    return waiting !== undefined;
  }

  /** How many events wait. */
  count(clientOrderId: string): number {
    return this.#waiting.get(clientOrderId)?.length ?? 0;
  }

  /** Takes what waits, without the first `seen` events, which the sender has read from the venue already. */
  end(clientOrderId: string, seen: number): void {
    const waiting = this.#waiting.get(clientOrderId) ?? [];
    this.#waiting.delete(clientOrderId);
    for (const take of waiting.slice(seen)) take();
  }
}
