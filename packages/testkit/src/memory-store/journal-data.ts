import type { UserId } from '@hyperoru/domain';
import type { AuditEntry, PublishedEvent, StreamEvent } from '@hyperoru/engine';

/** The live stream and the audit chain: both only grow. */
export class JournalData {
  events: StreamEvent[] = [];
  readonly audit: AuditEntry[] = [];
  readonly #aliases: { readonly alias: UserId; owner: UserId }[] = [];
  readonly #listeners = new Set<() => void>();

  /** In the order of the commits. */
  appendEvents(published: readonly PublishedEvent[]): void {
    for (const event of published) this.events.push({ ...event, seq: this.events.length + 1 });
    if (published.length > 0) for (const listener of [...this.#listeners]) listener();
  }

  onEvents(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Records of one owner become another's; the audit chain stays as written, and its reader follows the alias. */
  reassign(from: UserId, to: UserId): void {
    this.events = this.events.map((event) => (event.ownerId === from ? { ...event, ownerId: to } : event));
    for (const alias of this.#aliases) if (alias.owner === from) alias.owner = to;
    this.#aliases.push({ alias: from, owner: to });
  }

  /** Whose audit entries the owner may read. */
  writersOf(owner: UserId): ReadonlySet<UserId> {
    return new Set([owner, ...this.#aliases.filter((one) => one.owner === owner).map((one) => one.alias)]);
  }
}
