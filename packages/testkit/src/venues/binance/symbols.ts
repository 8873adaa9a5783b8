import { type Decimal, decimal, gte, type Instrument, isSymbol, lt, type Symbol, symbol, ZERO } from '@hyperoru/domain';
import { type VenueInstrument, venueInstrument } from '../core/instruments.ts';
import type { VenueMarket } from '../core/venue-market.ts';

/** One step of the leverage table: up to `notionalCap` of position this leverage is allowed. `cum` keeps maintenance continuous. */
export interface Bracket {
  readonly initialLeverage: number;
  readonly notionalFloor: Decimal;
  readonly notionalCap: Decimal;
  readonly maintMarginRatio: Decimal;
  readonly cum: Decimal;
}

/** What this venue says of a symbol beyond what every venue knows; tick, step and minimums are those of the instrument. */
export interface SymbolExtras {
  readonly baseAsset: string;
  /** Digits that a price may have; not the tick. */
  readonly pricePrecision: number;
  readonly quantityPrecision: number;
  readonly priceMin: Decimal;
  readonly priceMax: Decimal;
  readonly quantityMax: Decimal;
  readonly marketQuantityMin: Decimal;
  readonly marketQuantityMax: Decimal;
  readonly multiplierUp: Decimal;
  readonly multiplierDown: Decimal;
  readonly brackets: readonly Bracket[];
}

/** A perpetual in USDT with round defaults; every value may be given. */
export interface BinanceSymbol {
  /** As in `BTC`; the symbol is `BTCUSDT`. */
  readonly baseAsset: string;
  readonly instrument?: Parameters<typeof venueInstrument>[1];
  readonly fundingEveryHours?: number;
  readonly extras?: Partial<Omit<SymbolExtras, 'baseAsset'>>;
}

const QUOTE = 'USDT';

const bracket = (leverage: number, floor: string, cap: string, ratio: string, cum: string): Bracket => ({
  initialLeverage: leverage,
  notionalFloor: decimal(floor),
  notionalCap: decimal(cap),
  maintMarginRatio: decimal(ratio),
  cum: decimal(cum),
});

const BRACKETS: readonly Bracket[] = [
  bracket(125, '0', '300000', '0.004', '0'),
  bracket(100, '300000', '800000', '0.005', '300'),
  bracket(50, '800000', '3000000', '0.01', '4300'),
  bracket(20, '3000000', '12000000', '0.025', '49300'),
  bracket(10, '12000000', '70000000', '0.05', '349300'),
];

export const BTCUSDT: BinanceSymbol = { baseAsset: 'BTC' };
export const ETHUSDT: BinanceSymbol = {
  baseAsset: 'ETH',
  instrument: { priceIncrement: decimal('0.01'), notionalMin: decimal('20') },
  extras: { quantityMax: decimal('10000'), marketQuantityMax: decimal('2000'), priceMin: decimal('0.01') },
};

/** The core's view of the symbol. */
export function instrumentOf({ baseAsset, instrument = {}, fundingEveryHours = 8 }: BinanceSymbol): VenueInstrument {
  const values = {
    quoteCurrency: QUOTE,
    priceIncrement: decimal('0.1'),
    sizeIncrement: decimal('0.001'),
    quantityMin: decimal('0.001'),
    notionalMin: decimal('100'),
    leverageMax: 125,
    maintenanceMarginRate: decimal('0.004'),
    takerFeeRate: decimal('0.0005'),
    makerFeeRate: decimal('0.0002'),
    fundingRatePerHour: decimal('0.0001'),
    ...instrument,
  };
  return venueInstrument(`${baseAsset}${QUOTE}`, values, { fundingEveryHours });
}

function extrasOf({ baseAsset, extras }: BinanceSymbol): SymbolExtras {
  return {
    baseAsset,
    pricePrecision: 2,
    quantityPrecision: 3,
    priceMin: decimal('0.1'),
    priceMax: decimal('1000000'),
    quantityMax: decimal('1000'),
    marketQuantityMin: decimal('0.001'),
    marketQuantityMax: decimal('120'),
    multiplierUp: decimal('1.05'),
    multiplierDown: decimal('0.95'),
    brackets: BRACKETS,
    ...extras,
  };
}

/** A symbol as rules are checked: the instrument as it is now, and the rest. */
export interface KnownSymbol {
  readonly name: Symbol;
  readonly instrument: Instrument;
  readonly extras: SymbolExtras;
  readonly fundingEveryHours: number;
  readonly fundingRate: Decimal;
}

/** The symbols of the venue. */
export class SymbolBook {
  readonly #market: VenueMarket;
  readonly #extras = new Map<Symbol, SymbolExtras>();

  constructor(market: VenueMarket, symbols: readonly BinanceSymbol[]) {
    this.#market = market;
    for (const one of symbols) this.#extras.set(symbol(`${one.baseAsset}${QUOTE}`), extrasOf(one));
  }

  get(name: string | null): KnownSymbol | null {
    if (name === null || !isSymbol(name)) return null;
    const known = symbol(name);
    const instrument = this.#market.instrument(known);
    const extras = this.#extras.get(known);
    if (instrument === null || extras === undefined) return null;
    const { rules, fundingEveryHours = 1 } = instrument;
    return { name: known, instrument: rules.instrument, extras, fundingEveryHours, fundingRate: rules.fundingRatePerHour };
  }

  all(): readonly KnownSymbol[] {
    return [...this.#extras.keys()].flatMap((name) => this.get(name) ?? []);
  }

  /** Replaces the leverage table, as when the venue lowers it. */
  setBrackets(name: Symbol, brackets: readonly Bracket[]): void {
    const known = this.#extras.get(name);
    if (known === undefined) throw new RangeError(`Expected a symbol of the venue, was ${name}.`);
    this.#extras.set(name, { ...known, brackets });
  }
}

/** The step of the table that a position of this notional lies in; the last one when it is beyond all. */
export function bracketOf(brackets: readonly Bracket[], notional: Decimal): Bracket {
  const found = brackets.find((one) => gte(notional, one.notionalFloor) && lt(notional, one.notionalCap)) ?? brackets.at(-1);
  if (found === undefined) throw new RangeError('Expected at least one bracket, found none.');
  return found;
}

/** The largest position that may be held at this leverage, quote currency; 0 when none. */
export function notionalCapAt(brackets: readonly Bracket[], leverage: number): Decimal {
  return brackets.reduce((cap, one) => (one.initialLeverage >= leverage ? one.notionalCap : cap), ZERO);
}
