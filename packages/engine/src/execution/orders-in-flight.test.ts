import { expect, test } from 'vitest';
import { OrdersInFlight } from './orders-in-flight.ts';

const taken: string[] = [];
const take = (name: string) => () => {
  taken.push(name);
};

test('an event about an order that is not being sent is not kept', () => {
  expect(new OrdersInFlight().defer('a', take('a'))).toBe(false);
});

test('events of an order that is being sent wait for its end and are taken in their order', () => {
  taken.length = 0;
  const orders = new OrdersInFlight();
  orders.begin('a');
  expect(orders.defer('a', take('first'))).toBe(true);
  expect(orders.defer('a', take('second'))).toBe(true);
  expect(orders.defer('b', take('other'))).toBe(false);
  expect(taken).toEqual([]);
  orders.end('a', 0);
  expect(taken).toEqual(['first', 'second']);
  expect(orders.defer('a', take('late'))).toBe(false);
});

test('only events that came before the look at the venue are left out', () => {
  taken.length = 0;
  const orders = new OrdersInFlight();
  orders.begin('a');
  orders.defer('a', take('before'));
  const seen = orders.count('a');
  orders.defer('a', take('after'));
  orders.end('a', seen);
  expect([seen, ...taken]).toEqual([1, 'after']);
});

test('the end of an order that is not being sent takes nothing', () => {
  taken.length = 0;
  const orders = new OrdersInFlight();
  expect(orders.count('a')).toBe(0);
  orders.end('a', 0);
  expect(taken).toEqual([]);
});
