import { type Decimal, decimal, div, type Instrument, isSymbol, type Symbol, symbol } from '@hyperoru/domain';
import type { HyperliquidApi } from './api.ts';
import { instrumentIncrement, sizeIncrement } from './precision.ts';
import { META, type Meta } from './wire.ts';

/** One perpetual of the core exchange. `id` is its place in the venue's list, where delisted ones stay. */
export interface Asset {
  readonly id: number;
  readonly coin: string;
  readonly symbol: Symbol;
  readonly sizeDecimals: number;
  readonly leverageMax: number;
  readonly isIsolatedOnly: boolean;
  readonly isDelisted: boolean;
}

/** Our name of a coin: upper case. null for what is no perpetual of the core exchange (spot pairs, other exchanges' coins). */
export function symbolOf(coin: string): Symbol | null {
  const name = coin.toUpperCase();
  return isSymbol(name) ? symbol(name) : null;
}

/** Perpetuals by symbol; of two coins that differ in case only the first counts. */
export function assetsOf({ universe }: Meta): ReadonlyMap<Symbol, Asset> {
  const assets = new Map<Symbol, Asset>();
  universe.forEach((entry, id) => {
    const name = symbolOf(entry.name);
    if (name === null || assets.has(name)) return;
    assets.set(name, {
      id,
      coin: entry.name,
      symbol: name,
      sizeDecimals: entry.szDecimals,
      leverageMax: entry.maxLeverage,
      isIsolatedOnly: entry.onlyIsolated ?? false,
      isDelisted: entry.isDelisted ?? false,
    });
  });
  return assets;
}

/** Fees of the first tier; a real account pays these or less. */
const TAKER_FEE = decimal('0.00045');
const MAKER_FEE = decimal('0.00015');
const NOTIONAL_MIN = decimal('10');

/** The rules of an asset around a mark price. Maintenance is half the initial margin at the highest leverage. */
export function instrumentOf(asset: Asset, mark: Decimal): Instrument {
  const smallest = sizeIncrement(asset.sizeDecimals);
  return {
    symbol: asset.symbol,
    quoteCurrency: 'USDC',
    priceIncrement: instrumentIncrement(mark, asset.sizeDecimals),
    sizeIncrement: smallest,
    quantityMin: smallest,
    notionalMin: NOTIONAL_MIN,
    leverageMax: asset.leverageMax,
    maintenanceMarginRate: div(decimal('1'), decimal(String(2 * asset.leverageMax))),
    takerFeeRate: TAKER_FEE,
    makerFeeRate: MAKER_FEE,
  };
}

/** The venue's list of perpetuals, read once and again when a symbol is not in it. */
export class AssetList {
  readonly #api: HyperliquidApi;
  #reading: Promise<ReadonlyMap<Symbol, Asset>> | null = null;

  constructor(api: HyperliquidApi) {
    this.#api = api;
  }

  /** null when the venue does not trade it. Throws VenueUnavailable when the list cannot be read. */
  async find(name: Symbol): Promise<Asset | null> {
    const known = (await this.#all()).get(name);
    if (known !== undefined) return known.isDelisted ? null : known;
    this.#reading = null;
    const found = (await this.#all()).get(name);
    return found === undefined || found.isDelisted ? null : found;
  }

  #all(): Promise<ReadonlyMap<Symbol, Asset>> {
    this.#reading ??= this.#api.info({ type: 'meta' }, META).then(assetsOf, (error: unknown) => {
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }
}
