import { symbol } from '@hyperoru/domain';
import { type Bound, buy, ETH, type Pipeline, text, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
let bound: Bound;

beforeAll(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterAll(() => opened.close());
beforeEach(async () => {
  await p.price('50000');
  await p.price('3000', ETH);
  bound = await p.newTrader();
});
afterEach(() => p.assertConsistent(bound));

describe('an answer of the model', () => {
  test('with a leverage of null in the second of three decisions is handled in full', async () => {
    const eth = { ...buy, symbol: 'ETH', leverage: null, stop_loss_price: 2900, take_profit_price: 3300 };
    const run = await p.run(bound, wants(buy, eth, { operation: 'hold', reason: 'enough' }));
    expect(run.outcome).toBe('traded');
    expect(await p.records.decisions(run)).toHaveLength(3);
    expect((await p.records.positions(bound.trader.id)).map((each) => `${each.symbol} ${each.leverage}`).sort()).toEqual([
      'BTC 2',
      'ETH 1',
    ]);
  });

  test('with a leverage that is none in the second of three decisions trades nothing, and is recorded with its text', async () => {
    const run = await p.run(bound, wants(buy, { ...buy, symbol: 'ETH', leverage: 'much' }, { operation: 'hold' }));
    expect(run).toMatchObject({ outcome: 'held', code: 'invalid_answer' });
    expect(p.sentFor(bound)).toEqual([]);
    expect((await p.records.modelCalls(run))[0]?.rawAnswer).toContain('much');
  });

  test('with a reason of 5,000 characters is stored in full beside its executed order', async () => {
    const reason = 'because '.repeat(625);
    const run = await p.run(bound, wants({ ...buy, reason }));
    expect(run.outcome).toBe('traded');
    const [record] = await p.records.decisions(run);
    expect(record?.decision?.reason).toBe(reason);
  });

  test('that ends in the middle of the JSON places no order, and its text is stored', async () => {
    const whole = JSON.stringify({ decisions: [buy] });
    for (const length of [1, 20, whole.length - 2, whole.length - 1]) {
      const run = await p.run(bound, text(whole.slice(0, length)));
      expect(run).toMatchObject({ outcome: 'held', code: 'invalid_answer' });
      expect((await p.records.modelCalls(run))[0]?.rawAnswer).toBe(whole.slice(0, length));
    }
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('that is an empty list of decisions is a run with nothing to do', async () => {
    const run = await p.run(bound, wants());
    expect(run).toMatchObject({ outcome: 'held' });
    expect(run.code).not.toBe('invalid_answer');
    expect(await p.records.ordersOf(run)).toEqual([]);
  });

  test('with 1INCH and KPEPE names symbols like any other; outside of the binding each is denied', async () => {
    const run = await p.run(bound, wants({ ...buy, symbol: '1INCH' }, { ...buy, symbol: 'KPEPE' }));
    expect(run.outcome).toBe('denied');
    expect((await p.records.decisions(run)).map(({ decision }) => decision?.symbol)).toEqual([symbol('1INCH'), symbol('KPEPE')]);
  });

  test('that shorts with its stop-loss below or its take-profit above is denied', async () => {
    const short = { ...buy, operation: 'sell', stop_loss_price: 51000, take_profit_price: 48000 };
    for (const wrong of [{ stop_loss_price: 49000 }, { take_profit_price: 52000 }])
      expect((await p.run(bound, wants({ ...short, ...wrong }))).outcome).toBe('denied');
    expect(p.sentFor(bound)).toEqual([]);
    expect((await p.run(bound, wants(short))).outcome).toBe('traded');
  });
});
