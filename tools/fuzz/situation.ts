import {
  addMs,
  type Decimal,
  decimal,
  type EntryLimits,
  type Exposure,
  type Instrument,
  type Position,
  type Quote,
  type Symbol,
  weighStakes,
  ZERO,
} from '@hyperoru/domain';
import {
  BTC,
  ETH,
  exposure,
  FAKE_EPOCH,
  instanceExposure,
  instanceLimits,
  instrument,
  position,
  quote,
  riskLimits,
} from '@hyperoru/testkit';

/** Everything an answer meets: market, account, limits and what is at stake; all of one moment. */
export interface Situation {
  readonly listed: ReadonlyMap<string, { readonly instrument: Instrument; readonly quote: Quote }>;
  /** Symbols of the binding. */
  readonly bound: readonly string[];
  readonly available: Decimal;
  readonly positions: readonly Position[];
  readonly limits: EntryLimits;
  readonly promptMark: Decimal | null;
  exposureOf(symbol: Symbol): Exposure;
}

export type Random = () => number;

export const pick = <T>(random: Random, ...options: readonly [T, ...T[]]): T =>
  options[Math.floor(random() * options.length)] ?? options[0];
const chance = (random: Random, share: number): boolean => random() < share;

/** A market and an account that an answer may come to; most of them ordinary, so that most sound answers may trade. */
export function drawSituation(random: Random): Situation {
  const btc = listing(random, instrument({ priceIncrement: decimal(pick(random, '0.5', '1', '0.1')) }), 20_000 + random() * 60_000);
  const small = {
    symbol: ETH,
    priceIncrement: decimal('0.05'),
    sizeIncrement: decimal(pick(random, '0.001', '0.01')),
    quantityMin: decimal('0.01'),
  };
  const eth = listing(random, instrument({ ...small, leverageMax: pick(random, 25, 50, 3) }), 1_000 + random() * 4_000);
  const listed = new Map([btc, eth].map((each) => [each.instrument.symbol as string, each]));
  const positions = chance(random, 0.35) ? [holding(random, pick(random, btc, eth))] : [];
  const limits = drawLimits(random);
  const pace = drawPace(random);
  const markOf = (symbol: Symbol): Decimal | null => listed.get(symbol)?.quote.mark ?? null;
  return {
    listed,
    bound: pick<readonly string[]>(random, [BTC, ETH], [BTC, ETH], [BTC, ETH], [BTC, ETH], [BTC], [ETH]),
    available: amount(pick(random, 10_000, 10_000, 500, 5_000, 1_000_000, 3, 0) * random()),
    positions,
    limits,
    promptMark: chance(random, 0.9) ? null : btc.quote.mark,
    exposureOf: (symbol) => {
      const own = positions.find((each) => each.symbol === symbol) ?? null;
      const holdings = positions.map((each) => ({
        symbol: each.symbol,
        quantity: each.side === 'long' ? each.quantity : decimal(`-${each.quantity}`),
        leverage: each.leverage,
      }));
      return exposure({
        ...pace,
        stakes: weighStakes({ positions, holdings, entries: [], markOf }),
        position: own,
        holding: holdings.find((each) => each.symbol === symbol) ?? null,
      });
    },
  };
}

function listing(random: Random, rules: Instrument, around: number): { readonly instrument: Instrument; readonly quote: Quote } {
  const step = Number(rules.priceIncrement);
  const at = (value: number): Decimal => decimal((Math.round(value / step) * step).toFixed(2));
  const mark = at(around);
  const half = around * random() * 0.001 + step;
  return {
    instrument: rules,
    quote: quote({
      symbol: rules.symbol,
      mark,
      bid: at(Number(mark) - half),
      ask: at(Number(mark) + half),
      receivedAt: addMs(FAKE_EPOCH, -1_000),
    }),
  };
}

function holding(
  random: Random,
  { instrument: rules, quote: { mark } }: { readonly instrument: Instrument; readonly quote: Quote },
): Position {
  return position({
    symbol: rules.symbol,
    side: pick(random, 'long', 'short'),
    quantity: decimal((0.01 + Math.floor(random() * 50) / 100).toFixed(2)),
    averageEntryPrice: mark,
    leverage: pick(random, 1, 2, 3),
  });
}

function drawLimits(random: Random): EntryLimits {
  const trader = riskLimits({
    maxLeverage: pick(random, 3, 3, 20, 1),
    maxOrderNotional: decimal(pick(random, '5000', '100000', '100000', '50')),
    maxTotalNotional: decimal(pick(random, '10000', '500000', '500000')),
    maxOpenPositions: pick(random, 3, 1),
    allowedSymbols: pick(random, null, null, null, null, [BTC]),
    requireStopLoss: chance(random, 0.8),
    maxPriceDeviation: decimal(pick(random, '0.05', '0.05', '0.001')),
    maxSameDirectionNotional: pick(random, null, null, decimal('2000')),
    cooldownMinutes: pick(random, 0, 0, 60),
  });
  const instance = instanceLimits({
    maxLeverage: pick(random, null, null, 2),
    maxTotalNotional: pick(random, null, null, decimal('3000')),
  });
  return { trader, instance: chance(random, 0.02) ? null : instance };
}

/** The breakers, now and then tripped. */
function drawPace(random: Random): Partial<Exposure> {
  const isRare = chance(random, 0.2);
  if (!isRare) return { instance: instanceExposure({ totalNotional: decimal(pick(random, '0', '1000')) }) };
  return pick<Partial<Exposure>>(
    random,
    { isKilled: true },
    { isReduceOnly: true },
    { pnlToday: decimal('-500') },
    { balance: decimal('7000') },
    { entriesLastHour: 30 },
    { lastLossAt: addMs(FAKE_EPOCH, -60_000) },
    { instance: instanceExposure({ entriesLastMinute: 300 }) },
  );
}

const amount = (value: number): Decimal => (value <= 0 ? ZERO : decimal(value.toFixed(6)));
