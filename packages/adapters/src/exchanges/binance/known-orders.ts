/** Orders remembered of one account; the oldest are forgotten and asked for again. */
const ORDERS_MAX = 5_000;

export interface KnownOrder {
  /** The venue's name of the symbol. */
  readonly symbol: string;
  /** `algo` waits for a trigger in a list of its own. */
  readonly kind: 'plain' | 'algo';
}

/**
 * What has to be known to ask the venue about an order: it wants the symbol, it keeps trigger orders apart, and it names
 * executions by its own order number only.
 */
export class KnownOrders {
  readonly #byClientId = new Map<string, KnownOrder>();
  readonly #clientIdByOrderId = new Map<string, string>();

  remember(clientOrderId: string, order: KnownOrder): void {
    put(this.#byClientId, clientOrderId, order);
  }

  find(clientOrderId: string): KnownOrder | null {
    return this.#byClientId.get(clientOrderId) ?? null;
  }

  /** The order number belongs to this client order id: its own, or that of the trigger order it came from. */
  link(symbol: string, orderId: string, clientOrderId: string): void {
    put(this.#clientIdByOrderId, `${symbol}/${orderId}`, clientOrderId);
  }

  clientIdOf(symbol: string, orderId: string): string | null {
    return this.#clientIdByOrderId.get(`${symbol}/${orderId}`) ?? null;
  }
}

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= ORDERS_MAX) break;
    map.delete(oldest);
  }
}
