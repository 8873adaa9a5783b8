import { expect, test } from 'vitest';
import { IDS, order } from '../../fixtures/answers.ts';
import { tellPlaced } from './order-words.ts';

const verdict = { status: 'approved', code: null, message: null } as const;
const told = (changes: Partial<typeof order> | null) =>
  tellPlaced({ run_id: IDS.run, verdict, order: changes === null ? null : { ...order, ...changes } });

test('what was filled is told with its price', () => {
  expect(told({})).toBe('Bought 0.0123 BTC at 61,240.5.');
  expect(told({ side: 'sell', average_price: null })).toBe('Sold 0.0123 BTC.');
});

test('what rests or ended empty is told by its state', () => {
  expect(told({ state: 'accepted', filled_quantity: '0' })).toBe('Open: Accepted by the exchange, waiting.');
  expect(told({ state: 'unknown', filled_quantity: '0' })).toMatch(/^Unknown: /);
});

test('what still waits is told so', () => {
  expect(told(null)).toBe('Nothing was to be done.');
  expect(tellPlaced({ run_id: IDS.run, verdict: null, order: null })).toMatch(/waits for its turn/);
});
