import {
  bestPrices,
  type Decimal,
  ladder,
  type MatchingMarket,
  type MatchingRules,
  max,
  min,
  type OrderSide,
  type PriceStep,
  type Symbol,
  type Timestamp,
  ZERO,
} from '@hyperoru/domain';
import { type InstrumentChange, type PriceMove, symbolOf, type VenueInstrument, type VenuePrice } from './instruments.ts';

/** Instruments and prices of the venue; what the matching engine sees of them. */
export class VenueMarket {
  readonly #instruments = new Map<Symbol, VenueInstrument>();
  readonly #halted = new Set<Symbol>();
  readonly #oracles = new Map<Symbol, Decimal>();
  readonly #marks = new Map<Symbol, Decimal>();
  readonly #rules = new Map<Symbol, MatchingRules>();

  constructor(instruments: readonly VenueInstrument[]) {
    for (const instrument of instruments) {
      this.#instruments.set(symbolOf(instrument), instrument);
      this.#rules.set(symbolOf(instrument), instrument.rules);
    }
  }

  /** All instruments in the order in which the venue lists them. */
  get instruments(): readonly VenueInstrument[] {
    return [...this.#instruments.values()];
  }

  instrument(symbol: Symbol): VenueInstrument | null {
    return this.#instruments.get(symbol) ?? null;
  }

  isHalted(symbol: Symbol): boolean {
    return this.#halted.has(symbol);
  }

  price(symbol: Symbol): VenuePrice | null {
    const mark = this.#marks.get(symbol);
    return mark === undefined ? null : { mark, oracle: this.#oracles.get(symbol) ?? mark };
  }

  /** Sets the price and tells how it moved. */
  move(symbol: Symbol, move: PriceMove): PriceStep {
    const instrument = this.#instruments.get(symbol);
    if (instrument === undefined) throw new RangeError(`Expected an instrument of the venue, was ${symbol}.`);
    const { mark } = move;
    const open = move.open ?? this.#marks.get(symbol) ?? mark;
    this.#marks.set(symbol, mark);
    this.#oracles.set(symbol, move.oracle ?? mark);
    this.#setRules(instrument);
    return { symbol, open, low: min(move.low ?? mark, min(open, mark)), high: max(move.high ?? mark, max(open, mark)), mark };
  }

  change(symbol: Symbol, { isHalted, book, fundingRatePerHour, ...instrument }: InstrumentChange): void {
    const known = this.#instruments.get(symbol);
    if (known === undefined) throw new RangeError(`Expected an instrument of the venue, was ${symbol}.`);
    if (isHalted === true) this.#halted.add(symbol);
    if (isHalted === false) this.#halted.delete(symbol);
    const changed: VenueInstrument = {
      ...known,
      rules: {
        instrument: { ...known.rules.instrument, ...instrument },
        book: { ...known.rules.book, ...book },
        fundingRatePerHour: fundingRatePerHour ?? known.rules.fundingRatePerHour,
      },
    };
    this.#instruments.set(symbol, changed);
    this.#setRules(changed);
  }

  /** The market as matching sees it; `changed` replaces the rules of one symbol for one order. */
  matching(now: Timestamp, changed: MatchingRules | null = null): MatchingMarket {
    const rules = changed === null ? this.#rules : new Map(this.#rules).set(changed.instrument.symbol, changed);
    return { rules, marks: this.#marks, marketTime: now, now };
  }

  /** The market in which funding of one full hour is paid: at the oracle, and only where the hour is a boundary of the symbol. */
  funding(boundary: Timestamp, hour: number): MatchingMarket {
    const rules = new Map<Symbol, MatchingRules>();
    for (const [symbol, instrument] of this.#instruments) {
      const isDue = hour % (instrument.fundingEveryHours ?? 1) === 0;
      rules.set(symbol, isDue ? instrument.rules : { ...instrument.rules, fundingRatePerHour: ZERO });
    }
    return { rules, marks: this.#oracles, marketTime: boundary, now: boundary };
  }

  bestPrices(symbol: Symbol): { readonly bid: Decimal; readonly ask: Decimal } | null {
    const mark = this.#marks.get(symbol);
    const rules = this.#rules.get(symbol);
    return mark === undefined || rules === undefined ? null : bestPrices(mark, rules);
  }

  /** Levels that an order of this side would meet, best first. */
  levels(side: OrderSide, symbol: Symbol): ReturnType<typeof ladder> {
    const mark = this.#marks.get(symbol);
    const rules = this.#rules.get(symbol);
    return mark === undefined || rules === undefined ? [] : ladder(side, mark, rules);
  }

  dump(): MarketDump {
    return {
      halted: [...this.#halted],
      marks: Object.fromEntries(this.#marks),
      oracles: Object.fromEntries(this.#oracles),
      rules: Object.fromEntries([...this.#instruments].map(([symbol, { rules }]) => [symbol, rules])),
    };
  }

  load(dump: MarketDump): void {
    this.#halted.clear();
    for (const symbol of dump.halted) this.#halted.add(symbol);
    for (const [symbol, known] of this.#instruments) {
      const instrument = { ...known, rules: dump.rules[symbol] ?? known.rules };
      this.#instruments.set(symbol, instrument);
      const mark = dump.marks[symbol];
      if (mark !== undefined) this.move(symbol, { mark, oracle: dump.oracles[symbol] ?? mark });
    }
  }

  #setRules(instrument: VenueInstrument): void {
    const symbol = symbolOf(instrument);
    const mark = this.#marks.get(symbol);
    const tick = instrument.tickAt === undefined || mark === undefined ? null : instrument.tickAt(mark);
    const { rules } = instrument;
    this.#rules.set(symbol, tick === null ? rules : { ...rules, book: { ...rules.book, tick } });
  }
}

export interface MarketDump {
  readonly halted: readonly Symbol[];
  readonly marks: Readonly<Record<string, Decimal>>;
  readonly oracles: Readonly<Record<string, Decimal>>;
  readonly rules: Readonly<Record<string, MatchingRules>>;
}
