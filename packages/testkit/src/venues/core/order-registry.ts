import { isOpenStatus, type VenueOrderRecord } from './records.ts';

/** Every order the venue ever took, found by its id, by client id and by account. */
export class OrderRegistry {
  readonly #byId = new Map<number, VenueOrderRecord>();
  readonly #byClientId = new Map<string, number[]>();
  readonly #open = new Map<string, Set<number>>();
  readonly #children = new Map<number, number[]>();

  /** Takes the order in or replaces what is known of it. */
  put(order: VenueOrderRecord): void {
    const isNew = !this.#byId.has(order.id);
    this.#byId.set(order.id, order);
    if (isNew && order.clientOrderId !== null) push(this.#byClientId, clientKey(order.accountId, order.clientOrderId), order.id);
    if (isNew && order.parentId !== null) push(this.#children, order.parentId, order.id);
    const open = this.#open.get(order.accountId) ?? new Set();
    if (this.isLive(order)) open.add(order.id);
    else open.delete(order.id);
    this.#open.set(order.accountId, open);
  }

  clear(): void {
    for (const map of [this.#byId, this.#byClientId, this.#open, this.#children]) map.clear();
  }

  /** Open, or waiting for its parent. */
  isLive(order: VenueOrderRecord): boolean {
    return isOpenStatus(order.status) || order.status === 'waiting';
  }

  get(id: number): VenueOrderRecord | null {
    return this.#byId.get(id) ?? null;
  }

  /** All orders of the account with this client id, oldest first; more than one only where the venue lets ids repeat. */
  byClientId(accountId: string, clientOrderId: string): readonly VenueOrderRecord[] {
    return this.#orders(this.#byClientId.get(clientKey(accountId, clientOrderId)) ?? []);
  }

  /** Orders that are open or wait for their parent, oldest first. */
  live(accountId: string): readonly VenueOrderRecord[] {
    return this.#orders([...(this.#open.get(accountId) ?? [])]);
  }

  childrenOf(id: number): readonly VenueOrderRecord[] {
    return this.#orders(this.#children.get(id) ?? []);
  }

  /** Every order, oldest first. */
  all(): readonly VenueOrderRecord[] {
    return [...this.#byId.values()];
  }

  #orders(ids: readonly number[]): readonly VenueOrderRecord[] {
    return ids.flatMap((id) => this.#byId.get(id) ?? []);
  }
}

const clientKey = (accountId: string, clientOrderId: string): string => `${accountId}|${clientOrderId}`;

function push<K>(map: Map<K, number[]>, key: K, id: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [id]);
  else known.push(id);
}
