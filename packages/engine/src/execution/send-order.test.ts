import { DECISION_AGE_MS_MAX, decimal, INSTANCE_LIMITS_SETTING, isOpen, type Order, type OrderId } from '@hyperoru/domain';
import { type Bound, freshPipeline, order, type Pipeline, testId } from '@hyperoru/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import type { SubmitOutcome } from '../ports/exchange.ts';
import { LeaseLost } from '../ports/jobs.ts';
import { armKill } from '../safety/arm-kill.ts';
import { DROP_REASONS, sendOrder } from './send-order.ts';
import { settleOrder } from './settle-order.ts';

let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ p, bound } = fresh));

/** A stored intent to buy 0.01 BTC for at most 51,000. */
async function intent(change: Partial<Order> = {}): Promise<Order> {
  const stored = order({
    traderId: bound.trader.id,
    decisionId: null,
    type: { kind: 'limit', price: decimal('51000'), timeInForce: 'ioc' },
    quantity: decimal('0.01'),
    createdAt: p.clock.now(),
    updatedAt: p.clock.now(),
    ...change,
  });
  await p.records.read((tx) => tx.orders.insert(stored));
  return stored;
}
const send = ({ id }: Pick<Order, 'id'>, guard: Partial<Parameters<typeof sendOrder>[3]> = {}) =>
  sendOrder(p.deps, p.connection, id, { generation: bound.trader.generation, ...guard });

describe('an order', () => {
  test('that is not stored is a bug', async () => {
    await expect(send({ id: testId<OrderId>(404) })).rejects.toThrow('to be stored');
    expect(p.exchange.sent).toEqual([]);
  });

  test('leaves once: who comes second gets it as it stands', async () => {
    const first = await send(await intent());
    expect(first).toMatchObject({ state: 'filled', filledQuantity: '0.01' });
    expect(await send(first)).toEqual(first);
    expect(p.exchange.sent).toHaveLength(1);
  });

  test('of a lane that another worker took over does not leave', async () => {
    const stored = await intent();
    await expect(send(stored, { epoch: 1 })).rejects.toThrow(LeaseLost);
    expect(await p.records.order(stored.id)).toEqual(stored);
    expect(p.exchange.sent).toEqual([]);
  });

  test('whose bytes never left is dropped with its cause', async () => {
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'not_sent', cause: 'The connection was refused.' }) });
    expect(await send(await intent())).toMatchObject({ state: 'dropped', reason: 'The connection was refused.', filledQuantity: '0' });
  });

  test.each<[string, SubmitOutcome]>([
    ['was refused', { kind: 'rejected', code: 'no', message: 'No.' }],
    ['never left', { kind: 'not_sent', cause: 'The connection was refused.' }],
  ])('that the venue has filled meanwhile is not taken back by an answer that it %s', async (_name, outcome) => {
    const stored = await intent();
    p.exchange.probe = () => ({
      answer: async () => {
        await settleOrder(p.deps, p.connection, await p.records.order(stored.id));
        return outcome;
      },
    });
    expect(await send(stored)).toMatchObject({ state: 'filled', filledQuantity: '0.01', reason: null });
  });

  test('has left although the venue does not say what became of it', async () => {
    p.exchange.probe = () => ({
      answer: (outcome) => {
        p.exchange.isDown = true;
        return outcome;
      },
    });
    const sent = await send(await intent());
    p.exchange.isDown = false;
    expect(sent.state).toBe('accepted');
    expect(isOpen(sent.state)).toBe(true);
    expect(p.log.entries.map(({ event }) => event)).toContain('order.not_settled');
  });

  test('is not taken for settled when the database fails: the error is thrown, the order stays open', async () => {
    const stored = await intent();
    p.exchange.probe = () => ({
      answer: (outcome) => {
        p.exchange.beforeFills = () => {
          throw new Error('The disk is gone.');
        };
        return outcome;
      },
    });
    await expect(send(stored)).rejects.toThrow('The disk is gone.');
    p.exchange.beforeFills = () => undefined;
    expect(isOpen((await p.records.order(stored.id)).state)).toBe(true);
  });
});

describe('an intent is dropped at the last moment', () => {
  const dropped = (code: keyof typeof DROP_REASONS) => ({ state: 'dropped', reason: DROP_REASONS[code], sentAt: null, nonce: null });
  afterEach(() => expect(p.exchange.sent).toEqual([]));

  test('when the kill switch was used', async () => {
    const request = { traderId: bound.trader.id, isDrill: false, actor: 'system', reason: 'A test.' };
    await p.records.read((tx) => armKill(p.deps, tx, request));
    expect(await send(await intent())).toMatchObject(dropped('killed'));
  });

  test('when the trader may only reduce', async () => {
    await p.records.updateTrader(bound.trader.id, { isReduceOnly: true });
    expect(await send(await intent())).toMatchObject(dropped('reduce_only'));
  });

  test('when the trader was changed, paused or deleted', async () => {
    expect(await send(await intent(), { generation: bound.trader.generation - 1 })).toMatchObject(dropped('trader_changed'));
  });

  test.each([
    [
      'the instance has no entry left in this minute',
      { maxTotalNotional: null, maxLeverage: null, maxDailyLoss: null, maxOrdersPerMinute: 0 },
    ],
    ['the limits of the instance cannot be read', 'nonsense'],
  ])('when %s', async (_name, limits) => {
    await p.records.read((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, limits));
    expect(await send(await intent())).toMatchObject(dropped('order_budget_exceeded'));
  });

  test('when the decision is older than its limit, not at it', async () => {
    const decidedAt = p.clock.now();
    await p.clock.advance(DECISION_AGE_MS_MAX + 1);
    expect(await send(await intent(), { decidedAt })).toMatchObject(dropped('decision_stale'));
  });
});

test('what only reduces leaves also for a paused trader under the kill switch', async () => {
  await send(await intent());
  await p.records.setActive(bound.trader.id, false);
  const request = { traderId: bound.trader.id, isDrill: false, actor: 'system', reason: 'A test.' };
  await p.records.read((tx) => armKill(p.deps, tx, request));
  const close = await intent({
    id: testId<OrderId>(7),
    clientOrderId: '0x48797000000000000000000000000007',
    side: 'sell',
    purpose: 'close',
    type: { kind: 'limit', price: decimal('49000'), timeInForce: 'ioc' },
    reduceOnly: true,
  });
  expect(await send(close, { generation: null })).toMatchObject({ state: 'filled' });
  expect(await p.records.positions(bound.trader.id)).toEqual([]);
});
