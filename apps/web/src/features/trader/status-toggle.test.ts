import { expect, test } from 'vitest';
import { needsConfirmation } from './status-toggle.tsx';

test.each([
  [{ active: true, open_positions: 1, environment: 'paper' as const }, true],
  [{ active: true, open_positions: 0, environment: 'mainnet' as const }, false],
  [{ active: false, open_positions: 0, environment: 'paper' as const }, false],
  [{ active: false, open_positions: 0, environment: 'testnet' as const }, true],
  [{ active: false, open_positions: 0, environment: 'mainnet' as const }, true],
])('%o asks before the change: %s', (trader, isAsked) => {
  expect(needsConfirmation(trader)).toBe(isAsked);
});
