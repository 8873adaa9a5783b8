import type { JobStore } from '@hyperoru/engine';
import { eq, sql } from 'drizzle-orm';
import type { JobQueues } from '../jobs/queues.ts';
import { traderSequences } from '../schema/safety.ts';
import { statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';

const LANE_EPOCH = statement('trader_sequences_lane_epoch', (db) =>
  db
    .select({ epoch: traderSequences.laneEpoch })
    .from(traderSequences)
    .where(eq(traderSequences.traderId, sql.placeholder('traderId')))
    .for('share'),
);

/** Durable wakes and slots, written with everything else of the transaction. */
export function jobStore(context: TxContext, queues: JobQueues): JobStore {
  return {
    wake: async (traderId) => {
      if (context.woken.has(traderId)) return;
      context.woken.add(traderId);
      await queues.sendWake(traderId, context.client);
      context.afterCommit.push(queues.announceWake);
    },
    laneEpoch: async (traderId) => (await context.run(LANE_EPOCH, { traderId }))[0]?.epoch ?? 0,
    scheduleSlot: async (slot) => {
      await queues.sendSlot(slot, context.client);
      context.afterCommit.push(() => queues.announceSlot(slot.at));
    },
  };
}
