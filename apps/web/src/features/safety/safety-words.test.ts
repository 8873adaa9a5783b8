import { expect, test } from 'vitest';
import { kill, safety } from '../../fixtures/safety.ts';
import { killWord, tellReport, tellShares, totalsOf, usedShare } from './safety-words.ts';

test('a kill is told by what it still does', () => {
  expect(killWord({ ...kill, finished_at: null }).word).toBe('Being carried out');
  expect(killWord(kill).word).toBe('Armed');
  expect(killWord({ ...kill, armed: false }).word).toBe('Disarmed');
  expect(killWord({ ...kill, armed: false, drill: true }).word).toBe('Drill');
});

test('a report counts what is flat and names the slowest', () => {
  const [one] = kill.traders;
  if (one === undefined) throw new Error('Expected a trader in the report.');
  expect(tellReport(kill)).toBe('1 of 1 flat, slowest 1.24 s');
  expect(tellReport({ traders: [one, { ...one, flat: false, flat_after_ms: null }] })).toBe('1 of 2 flat, slowest 1.24 s');
  expect(tellReport({ traders: [{ ...one, flat: false, flat_after_ms: null }] })).toBe('0 of 1 flat');
  expect(tellReport({ traders: [] })).toBe('No trader of yours was stopped.');
});

test('a breaker without a limit has no share', () => {
  expect(usedShare({ used: '50', limit: '500' })).toBe(0.1);
  expect(usedShare({ used: '50', limit: null })).toBeNull();
  expect(tellShares({ used: '0.12', limit: '0.3' })).toBe('12.0 % of 30.0 %');
  expect(tellShares({ used: '0.12', limit: null })).toBe('12.0 %, no limit');
});

test('totals count over all traders', () => {
  expect(totalsOf(safety)).toEqual({ open: 2, bare: 1, unknownOrders: 1, failedComparisons: 0 });
});
