import { timestamp } from '@hyperoru/domain';
import { expect, test } from 'vitest';
import { activityText, formatLine } from './activity-lines.ts';

test.each([
  [{ operation: 'buy', symbol: 'BTC', status: 'approved', reason: 'Scripted rule: up' }, 'BUY BTC: Scripted rule: up'],
  [{ operation: 'buy', symbol: 'BTC', status: 'denied', code: 'leverage_exceeded', reason: '' }, 'BUY BTC DENIED (leverage_exceeded)'],
  [{ operation: null, symbol: null, status: 'invalid', message: 'no JSON' }, 'HOLD (invalid answer: no JSON)'],
  [{ operation: 'hold', symbol: null, status: 'held', reason: 'calm' }, 'HOLD: calm'],
])('a decision reads as plain words', (payload, text) => {
  expect(activityText({ topic: 'decision.made', payload })).toEqual({ word: 'decision', text });
});

test('a fill names side, quantity, price, fee and purpose', () => {
  const payload = { side: 'sell', quantity: '0.1', symbol: 'ETH', price: '2000', fee: '0.09', purpose: 'stop_loss' };
  expect(activityText({ topic: 'fill.booked', payload })?.text).toBe('sold 0.1 ETH at 2000, fee 0.09 (stop loss)');
});

test('only failed runs get a line; their outcome is otherwise told by the decision', () => {
  expect(activityText({ topic: 'run.finished', payload: { outcome: 'held' } })).toBeNull();
  expect(activityText({ topic: 'run.finished', payload: { outcome: 'failed', code: 'x', reason: 'y' } })?.word).toBe('error');
});

test('control characters of names and reasons never reach the terminal', () => {
  const line = formatLine(timestamp(0), 'a\u001b[31m', { word: 'decision', text: 'b\u0007\nc' });
  expect(line).toBe(`00:00:00  ${'a[31m'.padEnd(26)}  decision  bc`);
});
