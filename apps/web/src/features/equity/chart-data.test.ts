import { expect, test } from 'vitest';
import { markerText, toMarkers, toPoints } from './chart-data.ts';
import { rangeStart } from './equity-range.ts';

const point = (at: string, equity: string) => ({ at, equity, balance: equity, unrealized_pnl: '0' });
const marker = (at: string, kind: 'entry' | 'exit', side: 'buy' | 'sell') => ({
  at,
  kind,
  side,
  symbol: 'BTC',
  price: '61240.5',
  quantity: '0.0123',
  order_id: null,
});
const COLORS = { up: 'green', down: 'red', exit: 'gray' };

test('points ascend and have one value per second, the newest of it', () => {
  const points = toPoints([
    point('2026-01-05T08:00:02.000Z', '3'),
    point('2026-01-05T08:00:00.100Z', '1'),
    point('2026-01-05T08:00:00.900Z', '2'),
  ]);
  expect(points.map((each) => each.value)).toEqual([2, 3]);
});

test('markers ascend; entries are arrows in their direction, exits are dots', () => {
  const markers = toMarkers(
    [marker('2026-01-05T08:01:00.000Z', 'exit', 'sell'), marker('2026-01-05T08:00:00.000Z', 'entry', 'buy')],
    COLORS,
  );
  expect(markers).toMatchObject([
    { shape: 'arrowUp', color: 'green', position: 'belowBar' },
    { shape: 'circle', color: 'gray', position: 'aboveBar' },
  ]);
});

test('the list beside the chart says the same in words', () => {
  expect(markerText(marker('2026-01-05T08:00:00.000Z', 'entry', 'buy'))).toBe('Entry: buy 0.0123 BTC at 61,240.5');
});

test('a range ends now; "all" has no start', () => {
  expect(rangeStart('1d', Date.parse('2026-01-05T08:00:00.000Z'))).toBe('2026-01-04T08:00:00.000Z');
  expect(rangeStart('all', 0)).toBeUndefined();
});
