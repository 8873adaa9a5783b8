import { decimal, div } from '@hyperoru/domain';
import { type VenueInstrument, venueInstrument } from '../core/instruments.ts';
import { tenToMinus, tickAt } from './numbers.ts';

/** One perpetual as the venue lists it. Its place in the list is its asset id. */
export interface HyperliquidCoin {
  readonly name: string;
  readonly szDecimals: number;
  readonly maxLeverage: number;
  readonly isDelisted?: boolean;
}

/** The first perpetuals of mainnet with their real size decimals and leverages. */
export const HYPERLIQUID_COINS: readonly HyperliquidCoin[] = [
  { name: 'BTC', szDecimals: 5, maxLeverage: 40 },
  { name: 'ETH', szDecimals: 4, maxLeverage: 25 },
  { name: 'SOL', szDecimals: 2, maxLeverage: 20 },
];

/** The matching rules of a coin: 0.045 % taker, 0.015 % maker, maintenance half of initial margin at maximum leverage. */
export function hyperliquidInstrument(coin: HyperliquidCoin, changes: Parameters<typeof venueInstrument>[1] = {}): VenueInstrument {
  const size = tenToMinus(coin.szDecimals);
  return venueInstrument(
    coin.name,
    {
      priceIncrement: tenToMinus(6 - coin.szDecimals),
      sizeIncrement: size,
      quantityMin: size,
      leverageMax: coin.maxLeverage,
      maintenanceMarginRate: div(decimal('0.5'), decimal(String(coin.maxLeverage))),
      ...changes,
    },
    { tickAt: (mark) => tickAt(mark, coin.szDecimals) },
  );
}

/** Coins by name and by asset id. */
export class CoinList {
  readonly coins: readonly HyperliquidCoin[];

  constructor(coins: readonly HyperliquidCoin[]) {
    this.coins = coins;
  }

  byAsset(asset: number): HyperliquidCoin | null {
    return this.coins[asset] ?? null;
  }

  byName(name: string): HyperliquidCoin | null {
    return this.coins.find((coin) => coin.name === name) ?? null;
  }
}
