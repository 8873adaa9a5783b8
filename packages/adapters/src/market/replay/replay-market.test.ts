import { decimal, type PriceStep, type Quote, symbol, timestamp } from '@hyperoru/domain';
import { FakeClock, memoryLog, TEST_BTC, TEST_ETH, testRules } from '@hyperoru/testkit';
import { describe, expect, it } from 'vitest';
import type { CandleSeries } from './candle-series.ts';
import { parseCandles } from './parse-candles.ts';
import { ReplayMarket, type ReplayOptions } from './replay-market.ts';

const BAR_MS = 14_400_000;
const START = timestamp(1_609_459_200_000);
const open = (bar: number): number => START + bar * BAR_MS;

function series(name: 'BTC' | 'ETH', ...bars: readonly (readonly [number, string])[]): CandleSeries {
  const lines = bars.map(([bar, prices]) => `${open(bar)},${prices},1`);
  return parseCandles(['ts,open,high,low,close,volume', ...lines].join('\n'), { symbol: symbol(name), interval: '4h', name });
}

const RULES = new Map([TEST_BTC, TEST_ETH].map((one) => [one, testRules({ symbol: one })]));
/** Bar 0 rises 100 → 130, bar 1 opens with a jump at 200; bar 2 is missing for BTC, bars 3 and 4 for both. */
const BTC = series('BTC', [-1, '90,95,85,95'], [0, '100,130,90,120'], [1, '200,230,170,210'], [5, '300,300,300,300']);
const ETH = series('ETH', [0, '10,10,10,10'], [1, '11,11,11,11'], [2, '12,12,12,12'], [5, '15,15,15,15']);

function replay(changes: Partial<ReplayOptions> = {}) {
  const clock = new FakeClock();
  const log = memoryLog();
  const options = { series: [BTC, ETH], rules: RULES, clock, log, start: START, speed: 1, tickMs: 1000, saved: null, ...changes };
  const market = new ReplayMarket(options);
  const steps: PriceStep[] = [];
  market.onSteps(async (moved) => void steps.push(...moved));
  return { market, clock, log, steps, mark: (name = TEST_BTC) => market.quote(name)?.mark ?? null };
}

/** A replay in which one tick passes this share of a bar. */
const byBars = (bars: number, changes: Partial<ReplayOptions> = {}) => replay({ speed: bars * 14_400, ...changes });

describe('ReplayMarket', () => {
  it('begins at the close before the start and moves only when time passes', async () => {
    const { market, mark, clock } = byBars(1 / 6);
    expect([mark(), mark(TEST_ETH), market.marketTime()]).toEqual(['95', null, START]);
    await clock.advance(5000);
    expect(market.marketTime()).toBe(START);
    market.start();
    market.start();
    await clock.advance(1000);
    expect([mark(), market.marketTime()]).toEqual(['95', START + BAR_MS / 6]);
    market.stop();
    await clock.advance(5000);
    expect(market.marketTime()).toBe(START + BAR_MS / 6);
  });

  it('passes one second of the market per second of the clock at speed 1', async () => {
    const { market, clock } = replay();
    market.start();
    await clock.advance(60_000);
    expect(market.marketTime()).toBe(START + 60_000);
  });

  it('walks open → nearer extreme → other → close and tells what lay between two ticks', async () => {
    const { market, steps } = byBars(1 / 2);
    await market.tick();
    await market.tick();
    expect(steps.filter((step) => step.symbol === TEST_BTC)).toEqual([
      { symbol: TEST_BTC, open: '100', low: '90', high: '110', mark: '110' },
      { symbol: TEST_BTC, open: '110', low: '110', high: '130', mark: '120' },
    ]);
  });

  it('gives each bar its own step, so that a jump between bars is seen as one', async () => {
    const { market, steps } = byBars(2);
    await market.tick();
    expect(steps.filter((step) => step.symbol === TEST_BTC).map((step) => [step.open, step.mark])).toEqual([
      ['100', '120'],
      ['200', '210'],
    ]);
  });

  it('is the same whatever the ticks are: prices depend on the cursor alone', async () => {
    const fine = byBars(1 / 12);
    const coarse = byBars(1 / 2);
    for (let tick = 0; tick < 18; tick += 1) await fine.market.tick();
    for (let tick = 0; tick < 3; tick += 1) await coarse.market.tick();
    expect(fine.mark()).toBe(coarse.mark());
    expect(fine.market.marketTime()).toBe(coarse.market.marketTime());
  });

  it('holds the last close of a symbol whose bar is missing while the others go on', async () => {
    const { market, steps, mark } = byBars(1);
    for (let tick = 0; tick < 3; tick += 1) await market.tick();
    expect([mark(), mark(TEST_ETH), market.marketTime()]).toEqual(['210', '12', open(3)]);
    expect(steps.at(-1)?.symbol).toBe(TEST_ETH);
  });

  it('skips the time in which nothing was recorded', async () => {
    const { market, mark } = byBars(1);
    for (let tick = 0; tick < 4; tick += 1) await market.tick();
    expect([mark(), mark(TEST_ETH), market.marketTime()]).toEqual(['300', '15', open(6)]);
  });

  it('stops at the end, says so, and its quotes grow stale', async () => {
    const { market, steps, clock } = byBars(10);
    await market.tick();
    expect(market.status()).toMatchObject({ isEnded: true, marketTime: open(6), dataEnd: open(6) });
    expect(market.sourceLabel).toContain('ended');
    const { receivedAt } = market.quote(TEST_BTC) ?? { receivedAt: 0 };
    const before = steps.length;
    await clock.advance(60_000);
    await market.tick();
    expect(steps).toHaveLength(before);
    expect(market.quote(TEST_BTC)?.receivedAt).toBe(receivedAt);
  });

  it('goes on where it stopped, whatever start it is given', async () => {
    const first = byBars(1 / 2);
    for (let tick = 0; tick < 3; tick += 1) await first.market.tick();
    const { state } = first.market.savedState();
    const second = byBars(1 / 2, { saved: JSON.parse(JSON.stringify(state)), start: timestamp(0) });
    expect(second.market.marketTime()).toBe(first.market.marketTime());
    expect(second.mark()).toBe(first.mark());
    for (const { market } of [first, second]) await market.tick();
    expect(second.mark()).toBe(first.mark());
  });

  it('begins with the first bar when the start lies before all data, and at the end when it lies after', () => {
    expect(byBars(1, { start: timestamp(0) }).mark()).toBe('90');
    expect(byBars(1, { start: timestamp(open(99)) }).market.status().isEnded).toBe(true);
  });

  it('waits for whoever settles a step, leaves out the ticks meanwhile and counts them', async () => {
    const { market, clock } = byBars(1 / 2);
    let settle = (): void => undefined;
    market.onSteps(
      () =>
        new Promise((resolve) => {
          settle = resolve;
        }),
    );
    const quotes: Quote[] = [];
    market.onQuotes((changed) => quotes.push(...changed));
    market.start();
    await clock.advance(3000);
    expect([market.marketTime(), market.status().skippedTicks, quotes.length]).toEqual([START + BAR_MS / 2, 2, 0]);
    settle();
    await clock.advance(1000);
    expect(market.marketTime()).toBe(START + BAR_MS);
    expect(quotes.map((quote) => quote.symbol)).toEqual(['BTC', 'ETH']);
  });

  it('passes no further bar once it is stopped, even in the middle of a tick', async () => {
    const { market } = byBars(2);
    market.onSteps(async () => market.stop());
    await market.tick();
    expect(market.marketTime()).toBe(open(1));
  });

  it('goes on after a tick that failed and after a listener that threw', async () => {
    const { market, clock, log } = byBars(1 / 2);
    let failures = 1;
    market.onSteps(async () => {
      if (failures-- > 0) throw new Error('venue');
    });
    market.onQuotes(() => {
      throw new Error('listener');
    });
    market.start();
    await clock.advance(2000);
    expect(market.marketTime()).toBe(START + BAR_MS);
    expect(log.entries.map((entry) => entry.event)).toEqual(['replay.tick_failed', 'replay.listener_failed']);
  });

  it('quotes one spread around the mark, stamped with both times', async () => {
    const { market, clock } = byBars(1 / 2);
    await market.tick();
    expect(market.quote(TEST_BTC)).toEqual({
      symbol: TEST_BTC,
      bid: '109.5',
      ask: '110.5',
      mark: '110',
      marketTime: START + BAR_MS / 2,
      receivedAt: clock.now(),
    });
  });

  it('gives closed candles of the recorded interval and of coarser ones, none of a finer', async () => {
    const { market } = byBars(1);
    const opens = () => market.candles(TEST_BTC, '4h', 10).map((candle) => candle.open);
    expect(opens()).toEqual([90]);
    await market.tick();
    expect(opens()).toEqual([90, 100]);
    expect(market.candles(TEST_BTC, '4h', 1).map((candle) => candle.open)).toEqual([100]);
    expect(market.candles(TEST_BTC, '1h', 10)).toEqual([]);
    expect(market.candles(symbol('DOGE'), '4h', 10)).toEqual([]);
    expect(market.intervals()).toEqual(['4h', '1d']);
    expect(market.candles(TEST_BTC, '1d', 10).map((candle) => candle.open)).toEqual([90]);
  });

  it('knows the instruments it replays and no others', () => {
    const { market } = replay({ series: [BTC] });
    expect(market.instruments().map((instrument) => instrument.symbol)).toEqual([TEST_BTC]);
    expect(market.instrument(TEST_ETH)).toBeNull();
    expect(market.quote(TEST_ETH)).toBeNull();
  });

  it('refuses speeds that pass no time or more than a hundred bars per tick', () => {
    expect(() => replay({ speed: 0 })).toThrow(RangeError);
    expect(() => replay({ speed: Number.NaN })).toThrow(RangeError);
    expect(() => byBars(101)).toThrow(RangeError);
    expect(byBars(100).market.status().speed).toBe(1_440_000);
  });

  it('never quotes less than one price increment', async () => {
    const dust = series('BTC', [0, '0.01,0.01,0.01,0.01']);
    const { market, mark } = byBars(1, { series: [dust] });
    await market.tick();
    expect(mark()).toBe(decimal('0.5'));
  });
});
