import type { SafetyStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { inOrder } from '../core/in-order.ts';

export function safetyStore(context: TxContext): SafetyStore {
  return { ...protectionBook(context), ...killBook(context), ...reconciliationBook(context) };
}

function protectionBook({ tx, tables }: TxContext): Pick<SafetyStore, 'saveProtection' | 'getProtection' | 'listBare'> {
  const { protections, protectionsBare, positions } = tables;
  return {
    saveProtection: (protection) => tx.call('safety.saveProtection', () => protections.put(tx, protection)),
    getProtection: (positionId) => tx.call('safety.getProtection', () => protections.get(tx, positionId)),
    listBare: () =>
      tx.call('safety.listBare', () => {
        const bare = protections.indexed(tx, protectionsBare);
        return inOrder(
          bare.filter(({ positionId }) => positions.get(tx, positionId)?.closedAt === null),
          (protection) => protection.bareSince ?? 0,
          (protection) => protection.positionId,
        );
      }),
  };
}

type KillBook = Pick<
  SafetyStore,
  'insertKill' | 'updateKill' | 'getKill' | 'lockKill' | 'listArmedKills' | 'listUnfinishedKills' | 'isKilled'
>;

function killBook({ tx, tables }: TxContext): KillBook {
  const { kills, killsArmed, killsUnfinished } = tables;
  const sorted = (index: typeof killsArmed) =>
    inOrder(
      kills.indexed(tx, index),
      (kill) => kill.startedAt,
      (kill) => kill.id,
    );
  return {
    insertKill: (kill) => tx.call('safety.insertKill', () => kills.insertNew(tx, kill)),
    updateKill: (kill) =>
      tx.call('safety.updateKill', async () => {
        await kills.update(tx, kill.id, () => kill);
      }),
    getKill: (id) => tx.call('safety.getKill', () => kills.get(tx, id)),
    lockKill: (id) => tx.call('safety.lockKill', () => kills.lock(tx, id, 'noKey')),
    listArmedKills: () => tx.call('safety.listArmedKills', () => sorted(killsArmed)),
    listUnfinishedKills: () => tx.call('safety.listUnfinishedKills', () => sorted(killsUnfinished)),
    isKilled: (traderId) =>
      tx.call('safety.isKilled', () => kills.indexed(tx, killsArmed).some((kill) => kill.traderId === null || kill.traderId === traderId)),
  };
}

type ReconciliationBook = Pick<
  SafetyStore,
  'insertAdjustment' | 'saveReconciliation' | 'getReconciliation' | 'saveExternalOrder' | 'listExternalOrders'
>;

function reconciliationBook({ tx, tables }: TxContext): ReconciliationBook {
  const { adjustments, reconciliations, externalOrders, externalResting } = tables;
  return {
    insertAdjustment: (adjustment) => tx.call('safety.insertAdjustment', async () => (await adjustments.insert(tx, adjustment)) === null),
    saveReconciliation: (reconciliation) => tx.call('safety.saveReconciliation', () => reconciliations.put(tx, reconciliation)),
    getReconciliation: (traderId) => tx.call('safety.getReconciliation', () => reconciliations.get(tx, traderId)),
    saveExternalOrder: (order) => tx.call('safety.saveExternalOrder', () => externalOrders.put(tx, order)),
    listExternalOrders: (traderId) =>
      tx.call('safety.listExternalOrders', () =>
        inOrder(
          externalOrders.under(tx, externalResting, traderId),
          (order) => order.firstSeenAt,
          (order) => order.venueOrderId,
        ),
      ),
  };
}
