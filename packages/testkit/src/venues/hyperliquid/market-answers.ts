import { add, type Decimal, decimal, div, INTERVAL_MS, mul, type Symbol, symbol as symbolNamed } from '@hyperoru/domain';
import type { VenueBar } from '../core/candle-history.ts';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import type { CoinList, HyperliquidCoin } from './instruments.ts';
import { wire } from './numbers.ts';

const LEVELS_MAX = 20;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Candle intervals of the venue; a month is counted as thirty days. */
export const HYPERLIQUID_INTERVAL_MS: Readonly<Record<string, number>> = {
  ...INTERVAL_MS,
  '3m': 3 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '2h': 120 * MINUTE_MS,
  '8h': 480 * MINUTE_MS,
  '12h': 720 * MINUTE_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
  '1M': 30 * DAY_MS,
};
const TWO = decimal('2');
/** Base units that the contexts show as a day's volume and as open interest: nobody else trades here. */
const SHOWN_VOLUME = decimal('1000');

/** Answer of `meta`. */
export function meta(coins: CoinList) {
  const leverages = [...new Set(coins.coins.map((coin) => coin.maxLeverage))];
  return {
    universe: coins.coins.map((coin) => ({
      szDecimals: coin.szDecimals,
      name: coin.name,
      maxLeverage: coin.maxLeverage,
      marginTableId: coin.maxLeverage,
      ...(coin.isDelisted === true ? { isDelisted: true } : {}),
    })),
    marginTables: leverages.map((leverage) => [leverage, marginTable(leverage)]),
    collateralToken: 0,
  };
}

export const marginTable = (maxLeverage: number) => ({ description: '', marginTiers: [{ lowerBound: '0.0', maxLeverage }] });

/** One row of `metaAndAssetCtxs`, also the event of `activeAssetCtx`. */
export function assetContext(venue: SimulatedVenue, coin: HyperliquidCoin) {
  const symbol = symbolNamed(coin.name);
  const price = venue.market.price(symbol);
  const best = venue.market.bestPrices(symbol);
  if (price === null || best === null) throw new Error(`Expected a price of ${coin.name}.`);
  const rate = venue.market.instrument(symbol)?.rules.fundingRatePerHour ?? decimal('0');
  return {
    funding: rate,
    openInterest: wire(SHOWN_VOLUME),
    prevDayPx: wire(price.mark),
    dayNtlVlm: wire(mul(SHOWN_VOLUME, price.mark)),
    premium: '0.0',
    oraclePx: wire(price.oracle),
    markPx: wire(price.mark),
    midPx: wire(midOf(venue, symbol) ?? price.mark),
    impactPxs: [wire(best.bid), wire(best.ask)],
    dayBaseVlm: wire(SHOWN_VOLUME),
  };
}

function midOf(venue: SimulatedVenue, symbol: Symbol): Decimal | null {
  const best = venue.market.bestPrices(symbol);
  return best === null ? null : div(add(best.bid, best.ask), TWO);
}

/** Answer of `allMids`. */
export function allMids(venue: SimulatedVenue, coins: CoinList): Readonly<Record<string, string>> {
  return Object.fromEntries(
    coins.coins.flatMap((coin) => {
      const mid = midOf(venue, symbolNamed(coin.name));
      return mid === null ? [] : [[coin.name, wire(mid)] as const];
    }),
  );
}

/** Answer of `l2Book`. */
export function l2Book(venue: SimulatedVenue, coin: HyperliquidCoin) {
  const symbol = symbolNamed(coin.name);
  const side = (taker: 'buy' | 'sell') =>
    venue.market
      .levels(taker, symbol)
      .slice(0, LEVELS_MAX)
      .map(({ price, quantity }) => ({ px: wire(price), sz: wire(quantity), n: 1 }));
  return { coin: coin.name, time: venue.now(), levels: [side('sell'), side('buy')] };
}

/** Event of `bbo`. */
export function bestBidAsk(venue: SimulatedVenue, coin: HyperliquidCoin) {
  const { time, levels } = l2Book(venue, coin);
  return { coin: coin.name, time, bbo: levels.map((side) => side[0] ?? null) };
}

/** Row of `candleSnapshot`, also the event of `candle`. */
export const candleRow = (bar: VenueBar, coin: string, interval: string, intervalMs: number) => ({
  t: bar.openTime,
  T: bar.openTime + intervalMs - 1,
  s: coin,
  i: interval,
  o: String(bar.open),
  c: String(bar.close),
  h: String(bar.high),
  l: String(bar.low),
  v: bar.volume.toFixed(1),
  n: bar.trades,
});

/** The last two quotes and names of the only spot pair; clients need one to build their lists. */
export const SPOT_META = {
  universe: [{ tokens: [1, 0], name: 'PURR/USDC', index: 0, isCanonical: true }],
  tokens: [spotToken('USDC', 8, 8, 0), spotToken('PURR', 0, 5, 1)],
};

export const SPOT_CONTEXTS = [
  {
    prevDayPx: '0.2',
    dayNtlVlm: '0.0',
    markPx: '0.2',
    midPx: '0.2',
    circulatingSupply: '1000000.0',
    coin: 'PURR/USDC',
    totalSupply: '1000000.0',
    dayBaseVlm: '0.0',
  },
];

function spotToken(name: string, szDecimals: number, weiDecimals: number, index: number) {
  return {
    name,
    szDecimals,
    weiDecimals,
    index,
    tokenId: `0x${String(index).padStart(32, '0')}`,
    isCanonical: true,
    evmContract: null,
    fullName: null,
    deployerTradingFeeShare: '0.0',
  };
}
