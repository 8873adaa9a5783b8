import { seededIds, TEST_DECISION_ID } from '@hyperoru/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderIdentity } from './order-ids.ts';

const ids = seededIds(1);
type Leg = Parameters<typeof orderIdentity>[1];
const leg = (change: Partial<Leg> = {}): Leg => ({
  cause: TEST_DECISION_ID,
  purpose: 'entry',
  attempt: 0,
  environment: 'paper',
  ...change,
});

const legs: fc.Arbitrary<Leg> = fc.record({
  cause: fc.oneof(fc.uuid(), fc.string()),
  purpose: fc.constantFrom('entry', 'close', 'stop_loss', 'take_profit'),
  attempt: fc.integer({ min: 0, max: 500 }),
  environment: fc.constantFrom('paper', 'testnet', 'mainnet'),
}) as fc.Arbitrary<Leg>;

test('the same leg has the same identity for all time', () => {
  expect(orderIdentity(ids, leg())).toEqual(orderIdentity(seededIds(2), leg()));
  expect(orderIdentity(ids, leg()).clientOrderId).toBe(orderIdentity(ids, leg()).clientOrderId);
});

test.each<[string, Partial<Leg>]>([
  ['another decision', { cause: 'close/1' }],
  ['another purpose', { purpose: 'stop_loss' }],
  ['another attempt', { attempt: 1 }],
])('%s is another order', (_name, change) => {
  const [a, b] = [orderIdentity(ids, leg()), orderIdentity(ids, leg(change))];
  expect([a.id === b.id, a.clientOrderId === b.clientOrderId]).toEqual([false, false]);
});

test('a client order id is 128 bits in hex with our mark and the environment in front', () => {
  fc.assert(
    fc.property(legs, (each) => {
      const { clientOrderId } = orderIdentity(ids, each);
      const byte = { paper: '70', testnet: '74', mainnet: '6d' }[each.environment];
      expect(clientOrderId).toMatch(/^0x4879[0-9a-f]{28}$/);
      expect(clientOrderId.slice(6, 8)).toBe(byte);
    }),
  );
});

test('the parts cannot run into each other: an attempt of 11 is not an attempt of 1 of a cause that ends in 1', () => {
  expect(orderIdentity(ids, leg({ cause: 'a', attempt: 11 })).id).not.toBe(orderIdentity(ids, leg({ cause: 'a1', attempt: 1 })).id);
});

test('different legs have different identities', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(legs, { selector: ({ cause, purpose, attempt }) => `${cause}|${purpose}|${attempt}`, minLength: 2 }),
      (some) => {
        expect(new Set(some.map((each) => orderIdentity(ids, each).clientOrderId)).size).toBe(some.length);
      },
    ),
  );
});
