import { expect, test } from 'vitest';
import { errorFields } from './error-fields.ts';
import { Conflict } from './ports/store.ts';

test('an error is named by itself, with its stack', () => {
  const fields = errorFields(new TypeError('No.'));
  expect(fields.cause).toBe('TypeError');
  expect(fields.error).toContain('TypeError: No.');
  expect(fields.error).toContain('error-fields.test');
});

test('an error of the database is named with its code, however it is wrapped, and every stack is kept', () => {
  const driver = Object.assign(new Error('deadlock detected'), { name: 'error', code: '40P01' });
  const fields = errorFields(new Error('Failed query: update', { cause: driver }));
  expect(fields.cause).toBe('error 40P01');
  expect(fields.error).toContain('Failed query: update');
  expect(fields.error).toContain('Caused by: error: deadlock detected');
});

test('a conflict is named with the rule it hit', () => {
  expect(errorFields(new Conflict('client_order_id_exists')).cause).toBe('Conflict client_order_id_exists');
});

test('a code that is no text is left out', () => {
  expect(errorFields(Object.assign(new RangeError('No.'), { code: 7 })).cause).toBe('RangeError');
});

test('what is no error, or leads back to itself, is named too', () => {
  expect(errorFields('nothing')).toEqual({ cause: 'string', error: 'nothing' });
  const circle = new Error('round');
  circle.cause = circle;
  expect(errorFields(circle).cause).toBe('Error');
});
