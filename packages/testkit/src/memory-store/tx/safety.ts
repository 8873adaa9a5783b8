import type { Kill } from '@hyperoru/domain';
import type { SafetyStore } from '@hyperoru/engine';
import { inOrder } from '../core/in-order.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Tables } from '../tables.ts';
import { type CallsOf, partOf } from './calls.ts';

const protectionBook: CallsOf<Pick<SafetyStore, 'saveProtection' | 'getProtection' | 'listBare'>> = {
  saveProtection: ({ tx, tables }, protection) => tx.call('safety.saveProtection', () => tables.protections.put(tx, protection)),
  getProtection: ({ tx, tables }, positionId) => tx.call('safety.getProtection', () => tables.protections.get(tx, positionId)),
  listBare: ({ tx, tables }) =>
    tx.call('safety.listBare', () => {
      const bare = tables.protections.indexed(tx, tables.protectionsBare);
      return inOrder(
        bare.filter(({ positionId }) => tables.positions.get(tx, positionId)?.closedAt === null),
        (protection) => protection.bareSince ?? 0,
        (protection) => protection.positionId,
      );
    }),
};

type KillBook = Pick<
  SafetyStore,
  'insertKill' | 'updateKill' | 'getKill' | 'lockKill' | 'listArmedKills' | 'listUnfinishedKills' | 'isKilled'
>;

const killBook: CallsOf<KillBook> = {
  insertKill: ({ tx, tables }, kill) => tx.call('safety.insertKill', () => tables.kills.insertNew(tx, kill)),
  updateKill: ({ tx, tables }, kill) =>
    tx.call('safety.updateKill', async () => {
      await tables.kills.update(tx, kill.id, () => kill);
    }),
  getKill: ({ tx, tables }, id) => tx.call('safety.getKill', () => tables.kills.get(tx, id)),
  lockKill: ({ tx, tables }, id) => tx.call('safety.lockKill', () => tables.kills.lock(tx, id, 'noKey')),
  listArmedKills: ({ tx, tables }) => tx.call('safety.listArmedKills', () => sortedKills(tx, tables, tables.killsArmed)),
  listUnfinishedKills: ({ tx, tables }) => tx.call('safety.listUnfinishedKills', () => sortedKills(tx, tables, tables.killsUnfinished)),
  isKilled: ({ tx, tables }, traderId) =>
    tx.call('safety.isKilled', () =>
      tables.kills.indexed(tx, tables.killsArmed).some((kill) => kill.traderId === null || kill.traderId === traderId),
    ),
};

type ReconciliationBook = Pick<
  SafetyStore,
  'insertAdjustment' | 'saveReconciliation' | 'getReconciliation' | 'saveExternalOrder' | 'listExternalOrders'
>;

const reconciliationBook: CallsOf<ReconciliationBook> = {
  insertAdjustment: ({ tx, tables }, adjustment) =>
    tx.call('safety.insertAdjustment', async () => (await tables.adjustments.insert(tx, adjustment)) === null),
  saveReconciliation: ({ tx, tables }, reconciliation) =>
    tx.call('safety.saveReconciliation', () => tables.reconciliations.put(tx, reconciliation)),
  getReconciliation: ({ tx, tables }, traderId) => tx.call('safety.getReconciliation', () => tables.reconciliations.get(tx, traderId)),
  saveExternalOrder: ({ tx, tables }, order) => tx.call('safety.saveExternalOrder', () => tables.externalOrders.put(tx, order)),
  listExternalOrders: ({ tx, tables }, traderId) =>
    tx.call('safety.listExternalOrders', () =>
      inOrder(
        tables.externalOrders.under(tx, tables.externalResting, traderId),
        (order) => order.firstSeenAt,
        (order) => order.venueOrderId,
      ),
    ),
};

const sortedKills = (tx: Transaction, { kills }: Tables, index: Tables['killsArmed']): Kill[] =>
  inOrder(
    kills.indexed(tx, index),
    (kill) => kill.startedAt,
    (kill) => kill.id,
  );

export const safetyStore = partOf<SafetyStore>({ ...protectionBook, ...killBook, ...reconciliationBook });
