import { expect, test } from 'vitest';
import { count, sentenceCase, shorten, spaced } from './words.ts';

test('one is singular, everything else plural', () => {
  expect([count(0, 'run'), count(1, 'run'), count(2, 'run'), count(2, 'entry', 'entries')]).toEqual([
    '0 runs',
    '1 run',
    '2 runs',
    '2 entries',
  ]);
});

test('a long text is cut at a word and says so', () => {
  expect(shorten('The price rises quickly', 12)).toBe('The price…');
  expect(shorten('Short', 5)).toBe('Short');
  expect(shorten('Uninterrupted', 5)).toBe('Unint…');
});

test('codes become words', () => {
  expect([spaced('partially_filled'), sentenceCase('taker')]).toEqual(['partially filled', 'Taker']);
});
