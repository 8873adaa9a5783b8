import { join } from 'node:path';
import { decimal, fromIso, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import { FakeClock, MemoryPaperRows, memoryLog, testId } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import { closedCandles, DamagedCandles, rowsIn } from './market/replay/candle-series.ts';
import { loadCandles, RECORDINGS } from './market/replay/load-candles.ts';
import { openPaperVenue, type PreloadedRecordings, preloadRecordings } from './open-paper-venue.ts';

const DATA_FOLDER = join(import.meta.dirname, '../../../data');
const BTC = symbol('BTC');
const TRADER = testId<TraderId>(1);

const open = (rows: MemoryPaperRows, clock: FakeClock, preloaded: PreloadedRecordings | null = null) =>
  openPaperVenue({
    rows,
    clock,
    log: memoryLog(),
    replay: { dataFolder: DATA_FOLDER, speed: 3600, start: fromIso('2021-01-01T00:00:00Z'), tickMs: 1000, preloaded },
  });

describe('the recordings that ship', () => {
  it('load whole, pass every check and end where data/README.md says', async () => {
    const [btc, eth] = await Promise.all(RECORDINGS.map((recording) => loadCandles(DATA_FOLDER, recording, 0)));
    if (btc === undefined || eth === undefined) throw new Error('Expected two recordings.');
    expect([rowsIn(btc), rowsIn(eth)]).toEqual([20_695, 20_675]);
    for (const series of [btc, eth]) {
      expect(closedCandles(series, timestamp(Date.UTC(2030, 0)), 1)[0]?.openTime).toBe(fromIso('2025-10-28T00:00:00Z'));
    }
  });

  it('that are missing or not gzip are named with their path', async () => {
    const [recording] = RECORDINGS;
    if (recording === undefined) throw new Error('Expected a recording.');
    await expect(loadCandles('/nowhere', recording, 0)).rejects.toThrow(DamagedCandles);
    await expect(loadCandles(DATA_FOLDER, { ...recording, file: 'README.md' }, 0)).rejects.toThrow(/README\.md/);
  });
});

describe('openPaperVenue', () => {
  it('trades on recorded prices, and after a crash prices and positions go on together', async () => {
    const rows = new MemoryPaperRows();
    const clock = new FakeClock();
    const venue = await open(rows, clock);
    await venue.exchange.openAccount(TRADER, { startBalance: decimal('10000') });
    await clock.advance(5000);
    const price = venue.market.quote(BTC)?.ask ?? decimal('0');
    const outcome = await venue.exchange.placeOrder(TRADER, {
      clientOrderId: 'first',
      symbol: BTC,
      side: 'buy',
      type: { kind: 'limit', price, timeInForce: 'ioc' },
      quantity: decimal('0.5'),
      reduceOnly: false,
      leverage: 5,
      nonce: 1,
      deadline: timestamp(clock.now() + 1000),
    });
    expect(outcome).toMatchObject({ kind: 'accepted' });
    const [before, marketTime] = [await venue.exchange.account(TRADER), venue.market.marketTime()];
    const again = await open(rows, clock);
    expect(again.market.marketTime()).toBe(marketTime);
    expect(await again.exchange.account(TRADER)).toEqual(before);
  });

  it('stores the cursor when it stops', async () => {
    const rows = new MemoryPaperRows();
    const clock = new FakeClock();
    const venue = await open(rows, clock);
    await clock.advance(7000);
    await venue.stop();
    expect(venue.status().marketTime).toBe(fromIso('2021-01-01T07:00:00Z'));
    expect((await open(rows, clock)).status().marketTime).toBe(fromIso('2021-01-01T07:00:00Z'));
  });

  it.each([
    ['that reach back far enough', fromIso('2021-01-01T00:00:00Z')],
    ['that begin after what it needs', fromIso('2024-06-01T00:00:00Z')],
  ])('shows the same candles with recordings read beforehand %s', async (_, start) => {
    const alone = await open(new MemoryPaperRows(), new FakeClock());
    const helped = await open(new MemoryPaperRows(), new FakeClock(), preloadRecordings(DATA_FOLDER, start));
    expect(helped.market.candles(BTC, '1d', 1000)).toEqual(alone.market.candles(BTC, '1d', 1000));
    expect(helped.market.candles(BTC, '1d', 1000)).toHaveLength(1000);
  });

  it('tells of recordings that could not be read beforehand', async () => {
    const preloaded = preloadRecordings('/nowhere', fromIso('2021-01-01T00:00:00Z'));
    await expect(open(new MemoryPaperRows(), new FakeClock(), preloaded)).rejects.toThrow(DamagedCandles);
  });

  it('tells the limits of its model and where prices come from', async () => {
    const venue = await open(new MemoryPaperRows(), new FakeClock());
    expect(venue.modelLimits.join(' ')).toMatch(/queue position.*impact.*spot candles.*Funding is an assumption/s);
    expect(venue.market.sourceLabel).toBe('replay of recorded Coinbase spot candles');
  });
});
