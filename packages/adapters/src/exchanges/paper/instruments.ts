import {
  ASSUMED_FUNDING_RATE_PER_HOUR,
  type BookModel,
  decimal,
  type Instrument,
  type MatchingRules,
  type Symbol,
  symbol,
} from '@hyperoru/domain';

/** Fees of the first tier of a large perpetual venue: 0.045 % taker, 0.015 % maker. Maintenance is half the initial margin at the highest leverage. */
const TERMS = {
  quoteCurrency: 'USD',
  notionalMin: decimal('10'),
  leverageMax: 50,
  maintenanceMarginRate: decimal('0.01'),
  takerFeeRate: decimal('0.00045'),
  makerFeeRate: decimal('0.00015'),
};

const LADDER: BookModel = {
  halfSpreadBps: decimal('0.5'),
  levelStepBps: decimal('1'),
  levelNotional: decimal('50000'),
  levels: 20,
  triggerSlippageBps: decimal('2'),
  liquidationSlippageBps: decimal('10'),
};

const BTC: Instrument = {
  ...TERMS,
  symbol: symbol('BTC'),
  priceIncrement: decimal('0.5'),
  sizeIncrement: decimal('0.0001'),
  quantityMin: decimal('0.0001'),
};

const ETH: Instrument = {
  ...TERMS,
  symbol: symbol('ETH'),
  priceIncrement: decimal('0.05'),
  sizeIncrement: decimal('0.001'),
  quantityMin: decimal('0.001'),
};

/** Instruments, ladders and funding of the paper venue. */
export const PAPER_RULES: ReadonlyMap<Symbol, MatchingRules> = new Map(
  [
    { instrument: BTC, book: LADDER, fundingRatePerHour: ASSUMED_FUNDING_RATE_PER_HOUR },
    { instrument: ETH, book: { ...LADDER, halfSpreadBps: decimal('1') }, fundingRatePerHour: ASSUMED_FUNDING_RATE_PER_HOUR },
  ].map((rules) => [rules.instrument.symbol, rules]),
);
