import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const POLL_MS = 1;

/** Entries and closes, not the protective orders that rest for hours. */
const OPENING = `purpose in ('entry', 'close')`;
const NOT_FINAL = `('intent', 'sent', 'accepted', 'partially_filled', 'unknown')`;

/** Resolves when an entry or close is on its way, or after `waitMs`. */
export async function untilInFlight(client: pg.Client, waitMs: number): Promise<void> {
  const giveUpAt = performance.now() + waitMs;
  // Orders in doubt since an earlier kill are no news.
  const sql = `select count(*)::int as n from hyperoru.orders where ${OPENING} and state in ('intent', 'sent') and created_at > $1`;
  const since = new Date();
  while (performance.now() < giveUpAt) {
    const { rows } = await client.query<{ n: number }>(sql, [since]);
    if ((rows[0]?.n ?? 0) > 0) return;
    await sleep(POLL_MS);
  }
}

/** States at the moment of the kill, by the history that every move of an order leaves; the moment is one of this machine's clock. */
export interface AtKill {
  /** Entries and closes between intent and their end. */
  readonly inFlight: readonly string[];
  /** Of them, those of this round: not in doubt since an earlier kill. */
  readonly fresh: readonly string[];
  /** Any order that was not final, resting protective ones included. */
  readonly anyOpen: number;
}

export async function statesAt(client: pg.Client, killedAt: Date, roundBegan: Date): Promise<AtKill> {
  const { rows } = await client.query<{ is_opening: boolean; is_fresh: boolean; state: string }>(
    `select o.${OPENING} as is_opening, o.created_at >= $2 as is_fresh, h.state from hyperoru.orders o
     join lateral (select state from hyperoru.order_history where order_id = o.id and at <= $1 order by id desc limit 1) h on true
     where h.state in ${NOT_FINAL} and o.created_at > $1 - interval '10 minutes'`,
    [killedAt, roundBegan],
  );
  const opening = rows.filter((row) => row.is_opening);
  return {
    inFlight: opening.map(({ state }) => state),
    fresh: opening.filter((row) => row.is_fresh).map(({ state }) => state),
    anyOpen: rows.length,
  };
}

/** Traders none of whose entries or closes is in doubt; the others are not asked again until they are certain. */
export async function certainTraders(client: pg.Client, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ trader_id: string }>(
    `select distinct trader_id from hyperoru.orders where ${OPENING} and state in ${NOT_FINAL}`,
  );
  const doubtful = new Set(rows.map((row) => row.trader_id));
  return ids.filter((id) => !doubtful.has(id));
}
