import { randomKey } from '../../api/random-key.ts';
import type { OrderBody } from './order-fields.ts';

/**
 * The key an order is placed under. The same order keeps its key until the server has said what became of it, so that sending it
 * again after a lost answer places nothing twice; a changed order, and the same one after an answer, is a new order.
 */
export class OrderKey {
  #of: string | null = null;
  #key = '';

  /** The key of this order. */
  for(body: OrderBody): string {
    const of = JSON.stringify(body);
    if (of !== this.#of) {
      this.#of = of;
      this.#key = randomKey();
    }
    return this.#key;
  }

  /** The server has answered for good. */
  answered(): void {
    this.#of = null;
  }
}
