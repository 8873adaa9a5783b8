import type { Timestamp } from '@hyperoru/domain';
import type { Clock, ExchangePort, Log, MarketDataPort, PaperRows } from '@hyperoru/engine';
import type { PaperFaults } from './exchanges/paper/faults.ts';
import { PAPER_RULES } from './exchanges/paper/instruments.ts';
import { PAPER_MODEL_LIMITS } from './exchanges/paper/model-limits.ts';
import { PaperExchange } from './exchanges/paper/paper-exchange.ts';
import type { CandleSeries } from './market/replay/candle-series.ts';
import { loadCandles, RECORDINGS } from './market/replay/load-candles.ts';
import { cursorOf, REPLAY_MARKET_ID, ReplayMarket, type ReplayStatus } from './market/replay/replay-market.ts';

/** Bars kept before the cursor: as many daily ones as one question may ask for. */
const HISTORY_MS = 1_000 * 86_400_000;

/** Recordings from a moment on, read or being read. */
export interface PreloadedRecordings {
  readonly from: number;
  readonly series: Promise<readonly CandleSeries[]>;
}

/** Begins to read what a replay that starts at the moment needs; it takes as long as a database needs to start. */
export function preloadRecordings(dataFolder: string, start: Timestamp): PreloadedRecordings {
  const from = historyFrom(start);
  const series = readRecordings(dataFolder, from);
  // Whoever opens the venue hears the failure; until then nobody listens.
  series.catch(() => undefined);
  return { from, series };
}

const historyFrom = (cursor: number): number => cursor - HISTORY_MS;

const readRecordings = (dataFolder: string, from: number): Promise<readonly CandleSeries[]> =>
  Promise.all(RECORDINGS.map((recording) => loadCandles(dataFolder, recording, from)));

export interface PaperVenueOptions {
  readonly rows: PaperRows;
  readonly clock: Clock;
  readonly log: Log;
  readonly replay: {
    /** Folder with the recordings of `data/README.md`. */
    readonly dataFolder: string;
    /** Market seconds per second of the clock; 1 = real time. */
    readonly speed: number;
    /** Where an instance begins that has no stored cursor. */
    readonly start: Timestamp;
    readonly tickMs: number;
    /** Recordings that are being read already; read here when null, not given, or when the stored cursor lies before them. */
    readonly preloaded?: PreloadedRecordings | null;
  };
  /** For tests only. */
  readonly faults?: PaperFaults;
}

export interface PaperVenue {
  readonly exchange: ExchangePort;
  readonly market: MarketDataPort;
  readonly modelLimits: readonly string[];
  status(): ReplayStatus;
  /** Stops the market and stores where it stands; resolves when everything underway is durable or has failed. */
  stop(): Promise<void>;
}

/**
 * Opens the paper venue on recorded candles: reads recordings and accounts, goes on at the stored cursor and starts ticking.
 * Throws when recordings are missing or damaged, or accounts cannot be read.
 */
export async function openPaperVenue(options: PaperVenueOptions): Promise<PaperVenue> {
  const { rows, clock, log, replay } = options;
  const { speed, start, tickMs } = replay;
  const saved = await rows.loadMarket(REPLAY_MARKET_ID);
  const from = historyFrom(cursorOf(saved) ?? start);
  const preloaded = replay.preloaded ?? null;
  const isEnough = preloaded !== null && preloaded.from <= from;
  const series = await (isEnough ? preloaded.series : readRecordings(replay.dataFolder, from));
  const market = new ReplayMarket({ series, rules: PAPER_RULES, clock, log, start, speed, tickMs, saved });
  const faults = options.faults === undefined ? {} : { faults: options.faults };
  const exchange = await PaperExchange.open({ rows, market, rules: PAPER_RULES, clock, log, ...faults });
  market.start();
  return {
    exchange,
    market,
    modelLimits: PAPER_MODEL_LIMITS,
    status: () => market.status(),
    stop: async () => {
      market.stop();
      await exchange.stop();
    },
  };
}
