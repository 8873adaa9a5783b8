import type { Kill, Protection } from '@hyperoru/domain';
import type { SafetyStore } from '@hyperoru/engine';
import { and, asc, eq, isNotNull, isNull, or } from 'drizzle-orm';
import { positions } from '../schema/portfolio.ts';
import { adjustments, externalOrders, kills, protections, reconciliations } from '../schema/safety.ts';
import type { TxContext } from '../transaction.ts';

export function safetyStore(context: TxContext): SafetyStore {
  return { ...protectionBook(context), ...killBook(context), ...reconciliationBook(context) };
}

function protectionBook({ db }: TxContext): Pick<SafetyStore, 'saveProtection' | 'getProtection' | 'listBare'> {
  return {
    saveProtection: async (protection) => {
      await db.insert(protections).values(protection).onConflictDoUpdate({ target: protections.positionId, set: protection });
    },
    getProtection: async (positionId) => (await db.select().from(protections).where(eq(protections.positionId, positionId)))[0] ?? null,
    listBare: async (): Promise<readonly Protection[]> => {
      const bare = await db
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

function killBook({ db }: TxContext): KillBook {
  const inOrder = [asc(kills.startedAt), asc(kills.id)];
  const isArmed = and(isNull(kills.disarmedAt), eq(kills.isDrill, false));
  return {
    insertKill: async (kill) => {
      await db.insert(kills).values(rowOf(kill));
    },
    updateKill: async (kill) => {
      await db.update(kills).set(rowOf(kill)).where(eq(kills.id, kill.id));
    },
    getKill: async (id) => (await db.select().from(kills).where(eq(kills.id, id)))[0] ?? null,
    lockKill: async (id) => (await db.select().from(kills).where(eq(kills.id, id)).for('no key update'))[0] ?? null,
    listArmedKills: () =>
      db
        .select()
        .from(kills)
        .where(isArmed)
        .orderBy(...inOrder),
    listUnfinishedKills: () =>
      db
        .select()
        .from(kills)
        .where(isNull(kills.finishedAt))
        .orderBy(...inOrder),
    isKilled: async (traderId) => {
      const concerns = or(isNull(kills.traderId), eq(kills.traderId, traderId));
      return (await db.select({ id: kills.id }).from(kills).where(and(isArmed, concerns)).limit(1)).length > 0;
    },
  };
}

const rowOf = (kill: Kill) => ({ ...kill, traders: [...kill.traders] });

type ReconciliationBook = Pick<
  SafetyStore,
  'insertAdjustment' | 'saveReconciliation' | 'getReconciliation' | 'saveExternalOrder' | 'listExternalOrders'
>;

function reconciliationBook({ db }: TxContext): ReconciliationBook {
  return {
    insertAdjustment: async (adjustment) =>
      (await db.insert(adjustments).values(adjustment).onConflictDoNothing().returning({ id: adjustments.id })).length > 0,
    saveReconciliation: async (reconciliation) => {
      await db.insert(reconciliations).values(reconciliation).onConflictDoUpdate({ target: reconciliations.traderId, set: reconciliation });
    },
    getReconciliation: async (traderId) =>
      (await db.select().from(reconciliations).where(eq(reconciliations.traderId, traderId)))[0] ?? null,
    saveExternalOrder: async (order) => {
      const target = [externalOrders.traderId, externalOrders.venueOrderId];
      await db.insert(externalOrders).values(order).onConflictDoUpdate({ target, set: order });
    },
    listExternalOrders: (traderId) =>
      db
        .select()
        .from(externalOrders)
        .where(and(eq(externalOrders.traderId, traderId), isNull(externalOrders.endedAt)))
        .orderBy(asc(externalOrders.firstSeenAt), asc(externalOrders.venueOrderId)),
  };
}
