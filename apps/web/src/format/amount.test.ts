import { expect, test } from 'vitest';
import { columnPrice, exact, money, moneyOf, percent, price, share, smallMoney } from './amount.ts';

test.each([
  ['1234.5', false, '1,234.50'],
  ['1234.5', true, '+1,234.50'],
  ['-1234.5', true, '−1,234.50'],
  ['0', true, '0.00'],
  ['-0.004', true, '0.00'],
  ['1000000', false, '1,000,000.00'],
])('%s (signed: %s) reads %s', (value, signed, text) => {
  expect(money(value, signed)).toBe(text);
});

test('a cost below a cent keeps four places, so that it is not shown as nothing', () => {
  expect([smallMoney('0.0004'), smallMoney('0'), smallMoney('1.239')]).toEqual(['0.0004', '0.00', '1.24']);
});

test('prices and quantities keep what the venue states', () => {
  expect([exact('61240.5'), exact('0.01230'), exact('60000'), exact('0.123456789')]).toEqual([
    '61,240.5',
    '0.0123',
    '60,000',
    '0.12345679',
  ]);
});

test.each([
  ['13923.54921899', '13,923.55'],
  ['0.123456789', '0.1234568'],
  ['2340.45', '2,340.45'],
  ['60000', '60,000'],
])('the computed price %s reads %s', (value, text) => {
  expect(price(value)).toBe(text);
});

test.each([
  [1.234, '+1.23 %'],
  [-1.234, '−1.23 %'],
  [0, '0.00 %'],
  [-0.001, '0.00 %'],
])('%d percent reads %s', (value, text) => {
  expect(percent(value)).toBe(text);
});

test('shares and JSON numbers are formatted alike', () => {
  expect([share(0.524), moneyOf(-12.5, true), moneyOf(1e-9)]).toEqual(['52.4 %', '−12.50', '0.00']);
});

test('prices of a column have the decimals of their magnitude', () => {
  expect(['2280', '13923.54921899', '12.5', '0.1'].map(columnPrice)).toEqual(['2,280.00', '13,923.55', '12.5000', '0.100000']);
});
