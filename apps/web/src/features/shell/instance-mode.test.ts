import { expect, test } from 'vitest';
import { gravestEnvironment } from './instance-mode.tsx';

test('one trader on real money makes every page say so', () => {
  expect(gravestEnvironment([{ environment: 'paper' }, { environment: 'mainnet' }, { environment: 'testnet' }])).toBe('mainnet');
  expect(gravestEnvironment([{ environment: 'paper' }, { environment: 'testnet' }])).toBe('testnet');
  expect(gravestEnvironment([{ environment: null }])).toBe('paper');
  expect(gravestEnvironment([])).toBe('paper');
});
