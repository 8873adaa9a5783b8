import { type Decision, decimal, type Position, type RunId, startOfUtcDay, symbol } from '@hyperoru/domain';
import { type Bound, BTC, buy, decision, type MemoryPipeline, openMemoryPipeline, type Pipeline, testId, wants } from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DecisionInput, decide, recordInvalid } from './decide.ts';
import { readExposure } from './exposure.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;
let base: DecisionInput['base'];

beforeEach(async () => {
  memory = await openMemoryPipeline();
  p = memory.pipeline;
  bound = await p.newTrader();
  const { run } = await p.fire(bound);
  base = { runId: run.id, traderId: bound.trader.id, bindingId: bound.binding.id, promptVersionId: null, contextHash: '' };
});
afterEach(() => memory.close());

const judge = async (change: Partial<Decision> = {}, symbols: readonly string[] = ['BTC', 'SOL']) => {
  const input = { base, index: 0, decision: decision({ leverage: 2, ...change }), decidedAt: p.clock.now(), symbols, promptMark: null };
  return decide(p.deps, p.connection, bound.trader.id, input);
};

describe('a decision', () => {
  test('that passes the gate leaves all its legs as intents, and sends nothing', async () => {
    const { record, order } = await judge();
    expect(record.verdict).toEqual({ status: 'approved', code: null, message: null });
    expect(order).toMatchObject({ purpose: 'entry', state: 'intent', decisionId: record.id });
    expect((await p.records.openOrders(bound.trader.id)).map(({ purpose }) => purpose).sort()).toEqual([
      'entry',
      'stop_loss',
      'take_profit',
    ]);
    expect(p.exchange.sent).toEqual([]);
  });

  test.each<[string, Partial<Decision>, readonly string[], string]>([
    ['in a symbol that has no name', { symbol: null }, ['BTC'], 'symbol_unknown'],
    ['in a symbol the venue does not list', { symbol: symbol('DOGE') }, ['DOGE'], 'symbol_unknown'],
    ['in a symbol its binding does not have', {}, ['ETH'], 'symbol_not_bound'],
    ['in a symbol without a price', { symbol: symbol('SOL') }, ['SOL'], 'quote_missing'],
  ])('%s is denied and leaves no intent', async (_name, change, symbols, code) => {
    const { record, order } = await judge(change, symbols);
    expect(record.verdict).toMatchObject({ status: 'denied', code });
    expect(order).toBeNull();
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
  });

  test('of a trader without an exchange is a bug', async () => {
    await p.records.updateTrader(bound.trader.id, { exchange: null });
    await expect(judge()).rejects.toThrow('to have an exchange');
    expect(await p.records.decisions({ id: base.runId })).toEqual([]);
  });

  test('of an answer that is none is recorded for a trader that is stored, else it is a bug', async () => {
    const input = { base, code: 'not_json', message: 'No JSON.' };
    expect((await recordInvalid(p.deps, input)).verdict).toEqual({ status: 'invalid', code: 'not_json', message: 'No JSON.' });
    const nobody = { ...input, base: { ...base, runId: testId<RunId>(404), traderId: testId<Position['traderId']>(404) } };
    await expect(recordInvalid(p.deps, nobody)).rejects.toThrow('to be stored');
  });
});

describe('what is at stake', () => {
  const exposure = async (quoteOf = (each: typeof BTC) => p.market.quote(each)) => {
    const trader = await p.records.trader(bound.trader.id);
    const account = await p.connectionAccount(bound);
    const instrument = p.market.instrument(BTC);
    if (instrument === null) throw new Error('Expected BTC to be listed.');
    return p.records.read((tx) => readExposure(p.deps, tx, { trader, instrument, now: p.clock.now(), account, limits: null, quoteOf }));
  };

  test('moves with the price of what is held', async () => {
    await p.run(bound, wants(buy));
    const before = await exposure();
    await p.price('51000');
    const after = await exposure();
    expect(Number(after.pnlToday)).toBeGreaterThan(Number(before.pnlToday));
    expect(after.stakes.unpriced).toEqual([]);
    expect(after).toMatchObject({ position: { symbol: BTC }, holding: { symbol: BTC } });
  });

  test('is unpriced without a mark, and what is held then counts at its entry price', async () => {
    await p.run(bound, wants(buy));
    await p.price('51000');
    const blind = await exposure(() => null);
    expect(blind.stakes.unpriced).toEqual([BTC]);
    const realized = await p.records.read((tx) => tx.portfolio.realizedSince(bound.trader.id, startOfUtcDay(p.clock.now())));
    expect(blind.pnlToday).toBe(decimal(realized));
  });

  test('needs no curve where no drawdown is limited', async () => {
    await p.records.updateTrader(bound.trader.id, { risk: { ...bound.trader.risk, maxDrawdown: null, cooldownMinutes: 5 } });
    expect(await exposure()).toMatchObject({ peakBalance: '0', balance: '0', lastLossAt: null });
    await p.records.updateTrader(bound.trader.id, { risk: { ...bound.trader.risk, maxDrawdown: decimal('0.5') } });
    expect(await exposure()).toMatchObject({ peakBalance: '10000', balance: '10000' });
  });
});
