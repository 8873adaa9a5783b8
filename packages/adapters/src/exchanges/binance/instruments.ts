import { type Decimal, decimal, div, type Instrument, isDecimal, isSymbol, type Symbol, symbol } from '@hyperoru/domain';
import type { BinanceApi } from './api.ts';
import { EXCHANGE_INFO, type ExchangeInfo } from './wire.ts';

const QUOTE = 'USDT';
/** Fees of the first tier; a real account pays these or less. */
const TAKER_FEE = decimal('0.0005');
const MAKER_FEE = decimal('0.0002');
/** The venue takes no higher leverage of any symbol. */
export const LEVERAGE_MAX = 125;
/** What the venue says of itself where a symbol's own figures are missing: 5 % initial, 2.5 % maintenance margin. */
const INITIAL_MARGIN_PERCENT = decimal('5');
const MAINTENANCE_PERCENT = decimal('2.5');
const HUNDRED = decimal('100');

/** The venue's name of a USDT perpetual. */
export const wireSymbol = (name: Symbol): string => `${name}${QUOTE}`;

/** Our name; null for what is no USDT perpetual by its name. */
export function symbolOf(wire: string): Symbol | null {
  const base = wire.endsWith(QUOTE) ? wire.slice(0, -QUOTE.length) : '';
  return isSymbol(base) ? symbol(base) : null;
}

/** Instruments of all USDT perpetuals that are traded. Margin figures are those without an account: never better than its own. */
export function instrumentsOf({ symbols }: ExchangeInfo): ReadonlyMap<Symbol, Instrument> {
  const instruments = new Map<Symbol, Instrument>();
  for (const entry of symbols) {
    const name = symbolOf(entry.symbol);
    if (name === null || entry.contractType !== 'PERPETUAL' || entry.quoteAsset !== QUOTE || entry.status !== 'TRADING') continue;
    const read = (filterType: string, field: 'tickSize' | 'stepSize' | 'minQty' | 'notional'): Decimal | null => {
      const text = entry.filters.find((filter) => filter.filterType === filterType)?.[field];
      return text !== undefined && isDecimal(text) ? decimal(text) : null;
    };
    const priceIncrement = read('PRICE_FILTER', 'tickSize');
    const sizeIncrement = read('LOT_SIZE', 'stepSize');
    if (priceIncrement === null || sizeIncrement === null) continue;
    instruments.set(name, {
      symbol: name,
      quoteCurrency: QUOTE,
      priceIncrement,
      sizeIncrement,
      quantityMin: read('LOT_SIZE', 'minQty') ?? sizeIncrement,
      notionalMin: read('MIN_NOTIONAL', 'notional') ?? HUNDRED,
      leverageMax: Math.floor(Number(div(HUNDRED, entry.requiredMarginPercent ?? INITIAL_MARGIN_PERCENT))),
      maintenanceMarginRate: div(entry.maintMarginPercent ?? MAINTENANCE_PERCENT, HUNDRED),
      takerFeeRate: TAKER_FEE,
      makerFeeRate: MAKER_FEE,
    });
  }
  return instruments;
}

/** The venue's rules, read once and again when a symbol is not in them. */
export class InstrumentList {
  readonly #api: BinanceApi;
  #reading: Promise<ReadonlyMap<Symbol, Instrument>> | null = null;

  constructor(api: BinanceApi) {
    this.#api = api;
  }

  /** null when the venue does not trade it. Throws VenueUnavailable when the rules cannot be read. */
  async find(name: Symbol): Promise<Instrument | null> {
    const known = (await this.all()).get(name);
    if (known !== undefined) return known;
    this.#reading = null;
    return (await this.all()).get(name) ?? null;
  }

  all(): Promise<ReadonlyMap<Symbol, Instrument>> {
    this.#reading ??= this.#api.readPublic('/fapi/v1/exchangeInfo', {}, EXCHANGE_INFO).then(instrumentsOf, (error: unknown) => {
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }
}
