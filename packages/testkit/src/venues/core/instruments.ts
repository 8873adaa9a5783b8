import { type Decimal, decimal, type Instrument, type MatchingRules, type Symbol, symbol } from '@hyperoru/domain';

/** One perpetual of the simulated venue. `rules.instrument.symbol` is the venue's own name of it, as in `BTC` or `BTCUSDT`. */
export interface VenueInstrument {
  readonly rules: MatchingRules;
  /** Distance of prices in the book at a mark, where it is coarser than the increment of order prices. */
  readonly tickAt?: (mark: Decimal) => Decimal;
  /** Hours between funding payments; `rules.fundingRatePerHour` is then the rate of one payment. Default 1. */
  readonly fundingEveryHours?: number;
}

/** What of an instrument may change while the venue runs. */
export type InstrumentChange = Partial<Omit<Instrument, 'symbol'>> & {
  readonly isHalted?: boolean;
  readonly fundingRatePerHour?: Decimal;
  readonly book?: Partial<MatchingRules['book']>;
};

/** An instrument with round defaults: half spread 0.2 bps, 20 levels of 200,000 quote each, fees 0.045 % and 0.015 %. */
export function venueInstrument(
  name: string,
  values: Partial<Omit<Instrument, 'symbol'>> & { readonly book?: Partial<MatchingRules['book']>; readonly fundingRatePerHour?: Decimal },
  others: Omit<VenueInstrument, 'rules'> = {},
): VenueInstrument {
  const { book = {}, fundingRatePerHour = decimal('0.0000125'), ...instrument } = values;
  return {
    ...others,
    rules: {
      instrument: {
        symbol: symbol(name),
        quoteCurrency: 'USD',
        priceIncrement: decimal('0.1'),
        sizeIncrement: decimal('0.00001'),
        quantityMin: decimal('0.00001'),
        notionalMin: decimal('10'),
        leverageMax: 40,
        maintenanceMarginRate: decimal('0.0125'),
        takerFeeRate: decimal('0.00045'),
        makerFeeRate: decimal('0.00015'),
        ...instrument,
      },
      book: {
        halfSpreadBps: decimal('0.2'),
        levelStepBps: decimal('0.2'),
        levelNotional: decimal('200000'),
        levels: 20,
        triggerSlippageBps: decimal('0'),
        liquidationSlippageBps: decimal('0'),
        ...book,
      },
      fundingRatePerHour,
    },
  };
}

/** The price of one symbol; oracle funds, mark does everything else. */
export interface VenuePrice {
  readonly mark: Decimal;
  readonly oracle: Decimal;
}

/**
 * One move of a price. Without `open` it starts at the mark before and passes everything between; an `open` elsewhere is a gap
 * over which stops fill worse. `low` and `high` widen what the move touched.
 */
export interface PriceMove {
  readonly mark: Decimal;
  readonly open?: Decimal;
  readonly low?: Decimal;
  readonly high?: Decimal;
  readonly oracle?: Decimal;
}

export const symbolOf = (instrument: VenueInstrument): Symbol => instrument.rules.instrument.symbol;
