import { BTC, buy, openMemoryPipeline, wants } from '@hyperoru/testkit';
import { expect, test } from 'vitest';
import type { EngineDeps } from '../deps.ts';
import { watchBare } from './rounds.ts';

test('bare positions and their traders are read as of one moment, and with none that is all', async () => {
  const { pipeline: p } = await openMemoryPipeline();
  const bound = await p.newTrader();
  await p.run(bound, wants(buy));
  const held = await p.records.protection(bound.trader.id, BTC);
  if (held === null) throw new Error('Expected a position that is looked after.');
  await p.records.read((tx) => tx.safety.saveProtection({ ...held, bareSince: p.clock.now() }));
  const happened: string[] = [];
  const readAccount = p.exchange.account.bind(p.exchange);
  p.exchange.account = (traderId) => {
    happened.push('venue');
    return readAccount(traderId);
  };
  const deps: EngineDeps = {
    ...p.deps,
    store: {
      ...p.deps.store,
      transaction: (work) => {
        happened.push('records');
        return p.deps.store.transaction(work);
      },
    },
  };
  await watchBare(deps);
  expect(happened.slice(0, 2)).toEqual(['records', 'venue']);
  expect((await p.records.protection(bound.trader.id, BTC))?.bareSince).toBeNull();
  happened.splice(0);
  await watchBare(deps);
  expect(happened).toEqual(['records']);
});
