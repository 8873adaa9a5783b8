import type pg from 'pg';

/** Rows younger than this may still be on their way from the venue into the books, ms. */
const SETTLING_MS = 5_000;

export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

/** Each query answers the rows that break its rule. `hyperoru` is the product's schema; `paper_*` is the venue's own memory. */
const RULES: readonly { readonly rule: string; readonly sql: string }[] = [
  {
    rule: 'a decision has at most one entry at the venue',
    sql: `select decision_id::text as detail from hyperoru.orders where purpose = 'entry' and decision_id is not null group by decision_id having count(*) > 1`,
  },
  {
    rule: 'a trigger has one run',
    sql: `select trigger_id::text as detail from hyperoru.runs where duplicate_of is null group by trigger_id having count(*) > 1`,
  },
  {
    rule: 'a finished run has an outcome',
    sql: `select id::text as detail from hyperoru.runs where (state = 'finished') <> (outcome is not null)`,
  },
  {
    rule: 'every fill of the venue is booked',
    sql: `select v.trader_id || ' ' || v.trade_id as detail from hyperoru.paper_fills v left join hyperoru.fills f on f.trader_id = v.trader_id and f.trade_id = v.trade_id
          where f.id is null and v.at < now() - interval '${SETTLING_MS} milliseconds'`,
  },
  {
    rule: 'every booked fill exists at the venue',
    sql: `select f.trader_id || ' ' || f.trade_id as detail from hyperoru.fills f left join hyperoru.paper_fills v on f.trader_id = v.trader_id and f.trade_id = v.trade_id where v.trade_id is null`,
  },
  {
    rule: 'every order of the venue was an intent of ours first',
    sql: `select v.client_order_id as detail from hyperoru.paper_orders v left join hyperoru.orders o on o.client_order_id = v.client_order_id where o.id is null`,
  },
  {
    rule: 'an order is accepted only with evidence of the venue',
    sql: `select o.client_order_id || ' ' || o.state as detail from hyperoru.orders o left join hyperoru.paper_orders v on o.client_order_id = v.client_order_id
          where o.state in ('accepted', 'partially_filled', 'filled') and v.client_order_id is null`,
  },
  {
    rule: 'an order’s filled quantity is the sum of its fills',
    sql: `select o.client_order_id || ' order ' || o.filled_quantity || ' fills ' || coalesce(sum(f.quantity), 0) as detail from hyperoru.orders o left join hyperoru.fills f on f.order_id = o.id
          where o.updated_at < now() - interval '${SETTLING_MS} milliseconds' group by o.id
          having o.filled_quantity <> coalesce(sum(f.quantity), 0) and coalesce(max(f.filled_at) < now() - interval '${SETTLING_MS} milliseconds', true)`,
  },
  {
    rule: 'the open position is the signed sum of the fills',
    sql: `with held as (select trader_id, symbol, sum(case when side = 'buy' then quantity else -quantity end) as net from hyperoru.fills group by 1, 2),
          open as (select trader_id, symbol, sum(case when side = 'long' then quantity else -quantity end) as net from hyperoru.positions where closed_at is null group by 1, 2)
          select held.trader_id || ' ' || held.symbol || ' fills ' || held.net || ' position ' || coalesce(open.net, 0) as detail from held left join open using (trader_id, symbol) where held.net <> coalesce(open.net, 0)`,
  },
  {
    rule: 'a symbol has at most one open position per trader',
    sql: `select trader_id || ' ' || symbol as detail from hyperoru.positions where closed_at is null group by trader_id, symbol having count(*) > 1`,
  },
  {
    rule: 'fees in the ledger equal fees of the fills',
    sql: `with paid as (select trader_id, sum(fee) as fee from hyperoru.fills group by 1), booked as (select trader_id, -sum(amount) as fee from hyperoru.ledger_entries where kind = 'fee' group by 1)
          select paid.trader_id || ' fills ' || paid.fee || ' ledger ' || coalesce(booked.fee, 0) as detail from paid left join booked using (trader_id) where paid.fee <> coalesce(booked.fee, 0)`,
  },
];

/** Hold once nothing is killed for a while: absence needs several looks, some seconds apart, by one process. */
const RULES_AT_REST: readonly { readonly rule: string; readonly sql: string }[] = [
  {
    rule: 'at rest no entry or close is open, and no order of unknown fate',
    sql: `select client_order_id || ' ' || purpose || ' ' || state as detail from hyperoru.orders
          where (state in ('sent', 'unknown') or (purpose in ('entry', 'close') and state = 'intent')) and updated_at < now() - interval '${SETTLING_MS} milliseconds'`,
  },
  {
    rule: 'at rest the venue shows every order we hold for resting, and no other',
    sql: `with ours as (select client_order_id from hyperoru.orders where state in ('accepted', 'partially_filled')),
          theirs as (select o ->> 'clientOrderId' as client_order_id from hyperoru.paper_accounts, jsonb_array_elements(state -> 'account' -> 'orders') o)
          select coalesce(ours.client_order_id, theirs.client_order_id) || case when ours.client_order_id is null then ' only at the venue' else ' only in our records' end as detail
          from ours full join theirs using (client_order_id) where ours.client_order_id is null or theirs.client_order_id is null`,
  },
  {
    rule: 'at rest the ledger holds what the venue holds',
    sql: `with ledger as (select trader_id, sum(amount) as balance from hyperoru.ledger_entries group by 1),
          venue as (select trader_id, (state -> 'account' ->> 'balance')::numeric as balance from hyperoru.paper_accounts)
          select venue.trader_id || ' ledger ' || coalesce(ledger.balance, 0) || ' venue ' || venue.balance as detail
          from venue left join ledger using (trader_id) where abs(coalesce(ledger.balance, 0) - venue.balance) > 0.00000001`,
  },
  {
    rule: 'at rest stops at the venue cover what is held',
    sql: `with held as (select trader_id, symbol, quantity from hyperoru.positions where closed_at is null),
          stops as (select trader_id, o ->> 'symbol' as symbol, sum((o ->> 'quantity')::numeric) as quantity from hyperoru.paper_accounts, jsonb_array_elements(state -> 'account' -> 'orders') o
                    where o -> 'type' ->> 'trigger' = 'stop_loss' group by 1, 2)
          select held.trader_id || ' ' || held.symbol || ' holds ' || held.quantity || ', stops ' || coalesce(stops.quantity, 0) as detail
          from held left join stops using (trader_id, symbol) where coalesce(stops.quantity, 0) < held.quantity`,
  },
];

/** Checks every rule in one snapshot of the database; `isAtRest` when nothing was killed for half a minute. */
export async function checkRules(client: pg.Client, { isAtRest }: { readonly isAtRest: boolean }): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  await client.query('begin isolation level repeatable read read only');
  try {
    for (const { rule, sql } of isAtRest ? [...RULES, ...RULES_AT_REST] : RULES) {
      const { rows } = await client.query<{ detail: string }>(sql);
      for (const row of rows.slice(0, 5)) found.push({ rule, detail: row.detail });
    }
  } finally {
    await client.query('rollback');
  }
  return found;
}

export const RULE_NAMES: readonly string[] = [...RULES, ...RULES_AT_REST].map(({ rule }) => rule);

/** Ids of append-only records by table; what was seen once must be there for ever. */
export async function seenIds(client: pg.Client): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const seen = new Map<string, ReadonlySet<string>>();
  for (const [table, column] of [
    ['fills', 'id'],
    ['decisions', 'id'],
    ['orders', 'id'],
    ['runs', 'id'],
    ['ledger_entries', 'id'],
    ['audit_entries', 'seq'],
    ['events', 'seq'],
  ] as const) {
    const { rows } = await client.query<{ id: string }>(`select ${column}::text as id from hyperoru.${table}`);
    seen.set(table, new Set(rows.map((row) => row.id)));
  }
  return seen;
}

/** What `before` has and `after` lacks. */
export function lostIds(
  before: ReadonlyMap<string, ReadonlySet<string>>,
  after: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Violation[] {
  return [...before].flatMap(([table, ids]) =>
    [...ids]
      .filter((id) => after.get(table)?.has(id) !== true)
      .map((id) => ({ rule: 'nothing that was committed is lost', detail: `${table} ${id}` })),
  );
}

/** How much there is of everything. */
export async function countTotals(client: pg.Client): Promise<Readonly<Record<string, number>>> {
  const { rows } = await client.query<Record<string, number>>(
    `select (select count(*) from hyperoru.runs)::int as runs, (select count(*) from hyperoru.decisions)::int as decisions, (select count(*) from hyperoru.orders)::int as orders,
     (select count(*) from hyperoru.fills)::int as fills, (select count(*) from hyperoru.audit_entries)::int as audit_entries`,
  );
  return rows[0] ?? {};
}
