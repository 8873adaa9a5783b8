import { symbol } from '@hyperoru/domain';
import type { PaperRows } from '@hyperoru/engine';
import { type ExchangeHarness, exchangeContract, FakeClock, MemoryPaperRows, memoryLog, ScriptedMarket } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../../tests/setup/quiet-log.ts';
import { type OpenedStore, openStore } from '../../store/open-store.ts';
import { systemIds } from '../../system/ids.ts';
import type { PaperFault } from './faults.ts';
import { PAPER_RULES } from './instruments.ts';
import { PaperExchange } from './paper-exchange.ts';

const BTC = symbol('BTC');

async function harness(rows: PaperRows, clock: FakeClock, close: () => Promise<void>): Promise<ExchangeHarness> {
  let fault: PaperFault | null = null;
  const open = async () => {
    const market = new ScriptedMarket({ rules: PAPER_RULES, clock, saved: await rows.loadMarket('script') });
    const faults = {
      take: () => {
        const taken = fault;
        fault = null;
        return taken;
      },
    };
    return { market, exchange: await PaperExchange.open({ rows, market, rules: PAPER_RULES, clock, log: memoryLog(), faults }) };
  };
  let opened = await open();
  return {
    get exchange() {
      return opened.exchange;
    },
    get market() {
      return opened.market;
    },
    symbol: BTC,
    setMark: (price) => opened.market.setMark(BTC, price),
    passTime: (ms) => clock.advance(ms),
    now: () => clock.now(),
    loseNextAnswer: () => {
      fault = { kind: 'lose_answer' };
    },
    hideNextOrder: (forMs) => {
      fault = { kind: 'hide', forMs };
    },
    rejectNextOrder: (code) => {
      fault = { kind: 'reject', code, message: 'The venue says no.' };
      return code;
    },
    // Without stop: what is not durable by now is lost, as after a crash.
    restart: async () => {
      opened = await open();
    },
    close,
  };
}

exchangeContract('PaperExchange on rows in memory', () => harness(new MemoryPaperRows(), new FakeClock(), async () => undefined));

describe('on PostgreSQL', () => {
  let database: FreshDatabase;
  let store: OpenedStore;
  const clock = new FakeClock();
  beforeAll(async () => {
    database = await freshDatabase();
    store = await openStore({ connection: database.connection, clock, ids: systemIds, log: quietLog });
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  exchangeContract('PaperExchange on PostgreSQL', () => harness(store.paperRows, clock, async () => undefined));
});
