import type { Kill, Protection } from '@hyperoru/domain';
import type { SafetyStore } from '@hyperoru/engine';
import { and, asc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { positions } from '../schema/portfolio.ts';
import { adjustments, externalOrders, kills, protections, reconciliations } from '../schema/safety.ts';
import { encoded, placeholders, statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';

const IS_ARMED = and(isNull(kills.disarmedAt), sql`${kills.isDrill} = false`);
const IS_KILLED = statement('kills_is_killed', (db) =>
  db
    .select({ id: kills.id })
    .from(kills)
    .where(and(IS_ARMED, or(isNull(kills.traderId), eq(kills.traderId, sql.placeholder('traderId')))))
    .limit(1),
);
const SAVE_PROTECTION = statement('protections_save', (db) =>
  db
    .insert(protections)
    .values(placeholders(protections))
    .onConflictDoUpdate({ target: protections.positionId, set: placeholders(protections) }),
);
const GET_PROTECTION = statement('protections_get', (db) =>
  db
    .select()
    .from(protections)
    .where(eq(protections.positionId, sql.placeholder('positionId'))),
);
const SAVE_RECONCILIATION = statement('reconciliations_save', (db) =>
  db
    .insert(reconciliations)
    .values(placeholders(reconciliations))
    .onConflictDoUpdate({ target: reconciliations.traderId, set: placeholders(reconciliations) }),
);
const GET_RECONCILIATION = statement('reconciliations_get', (db) =>
  db
    .select()
    .from(reconciliations)
    .where(eq(reconciliations.traderId, sql.placeholder('traderId'))),
);
const LIST_EXTERNAL_ORDERS = statement('external_orders_list', (db) =>
  db
    .select()
    .from(externalOrders)
    .where(and(eq(externalOrders.traderId, sql.placeholder('traderId')), isNull(externalOrders.endedAt)))
    .orderBy(asc(externalOrders.firstSeenAt), asc(externalOrders.venueOrderId)),
);

export function safetyStore(context: TxContext): SafetyStore {
  return { ...protectionBook(context), ...killBook(context), ...reconciliationBook(context) };
}

function protectionBook(context: TxContext): Pick<SafetyStore, 'saveProtection' | 'getProtection' | 'listBare'> {
  return {
    saveProtection: async (protection) => {
      await context.run(SAVE_PROTECTION, encoded(protections, protection));
    },
    getProtection: async (positionId) => (await context.run(GET_PROTECTION, { positionId }))[0] ?? null,
    listBare: async (): Promise<readonly Protection[]> => {
      const bare = await context.db
        .select({ protection: protections })
        .from(protections)
        .innerJoin(positions, eq(positions.id, protections.positionId))
        .where(and(isNotNull(protections.bareSince), isNull(positions.closedAt)))
        .orderBy(asc(protections.bareSince), asc(protections.positionId));
      return bare.map((row) => row.protection);
    },
  };
}

type KillBook = Pick<
  SafetyStore,
  'insertKill' | 'updateKill' | 'getKill' | 'lockKill' | 'listArmedKills' | 'listUnfinishedKills' | 'isKilled'
>;

function killBook(context: TxContext): KillBook {
  const inOrder = [asc(kills.startedAt), asc(kills.id)];
  return {
    insertKill: async (kill) => {
      await context.db.insert(kills).values(rowOf(kill));
    },
    updateKill: async (kill) => {
      await context.db.update(kills).set(rowOf(kill)).where(eq(kills.id, kill.id));
    },
    getKill: async (id) => (await context.db.select().from(kills).where(eq(kills.id, id)))[0] ?? null,
    lockKill: async (id) => (await context.db.select().from(kills).where(eq(kills.id, id)).for('no key update'))[0] ?? null,
    listArmedKills: () =>
      context.db
        .select()
        .from(kills)
        .where(IS_ARMED)
        .orderBy(...inOrder),
    listUnfinishedKills: () =>
      context.db
        .select()
        .from(kills)
        .where(isNull(kills.finishedAt))
        .orderBy(...inOrder),
    isKilled: async (traderId) => (await context.run(IS_KILLED, { traderId })).length > 0,
  };
}

const rowOf = (kill: Kill) => ({ ...kill, traders: [...kill.traders] });

type ReconciliationBook = Pick<
  SafetyStore,
  'insertAdjustment' | 'saveReconciliation' | 'getReconciliation' | 'saveExternalOrder' | 'listExternalOrders'
>;

function reconciliationBook(context: TxContext): ReconciliationBook {
  return {
    insertAdjustment: async (adjustment) =>
      (await context.db.insert(adjustments).values(adjustment).onConflictDoNothing().returning({ id: adjustments.id })).length > 0,
    saveReconciliation: async (reconciliation) => {
      await context.run(SAVE_RECONCILIATION, encoded(reconciliations, reconciliation));
    },
    getReconciliation: async (traderId) => (await context.run(GET_RECONCILIATION, { traderId }))[0] ?? null,
    saveExternalOrder: async (order) => {
      const target = [externalOrders.traderId, externalOrders.venueOrderId];
      await context.db.insert(externalOrders).values(order).onConflictDoUpdate({ target, set: order });
    },
    listExternalOrders: (traderId) => context.run(LIST_EXTERNAL_ORDERS, { traderId }),
  };
}
