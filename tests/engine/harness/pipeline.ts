import { openStore, PAPER_RULES, PaperExchange, systemIds } from '@hyperoru/adapters';
import { asId, type UserId } from '@hyperoru/domain';
import { ETH, FakeClock, MemoryPaperRows, openMemoryPipeline, Pipeline, ScriptedMarket } from '@hyperoru/testkit';
import { inject } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../setup/fresh-database.ts';
import { quietLog } from '../../setup/quiet-log.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What the scenarios of the order path run on: the product's own store and paper venue, or their equals in memory. */
    readonly pipelineStore: 'postgres' | 'memory';
  }
}

/** A pipeline on a database of its own; BTC stands at 50,000, ETH at 3,000. */
export async function openPipeline(
  given?: Pick<FreshDatabase, 'connection' | 'drop'>,
): Promise<{ readonly pipeline: Pipeline; close(): Promise<void> }> {
  if (inject('pipelineStore') === 'memory') return openMemoryPipeline();
  const database = given ?? (await freshDatabase());
  const clock = new FakeClock();
  const opened = await openStore({ connection: database.connection, clock, ids: systemIds, log: quietLog });
  const market = new ScriptedMarket({ rules: PAPER_RULES, clock });
  const venue = await PaperExchange.open({ rows: new MemoryPaperRows(), market, rules: PAPER_RULES, clock, log: quietLog });
  const pipeline = new Pipeline({ opened, ids: systemIds, clock, market, venue });
  await pipeline.records.insertOwner(asId<UserId>(systemIds.uuid()), clock.now());
  await pipeline.price('50000');
  await pipeline.price('3000', ETH);
  return {
    pipeline,
    close: async () => {
      await pipeline.close();
      await database.drop();
    },
  };
}
