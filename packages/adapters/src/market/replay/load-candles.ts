import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Interval, type Symbol, symbol } from '@hyperoru/domain';
import { type CandleSeries, DamagedCandles } from './candle-series.ts';
import { parseCandles } from './parse-candles.ts';

/** Unpacked size a recording may have; the shipped ones have 1.5 MB. */
const UNPACKED_BYTES_MAX = 200_000_000;

/** A recording in the data folder. */
export interface Recording {
  readonly symbol: Symbol;
  readonly interval: Interval;
  readonly file: string;
}

/** What ships with the project (`data/README.md`). */
export const RECORDINGS: readonly Recording[] = [
  { symbol: symbol('BTC'), interval: '4h', file: 'coinbase_BTC-USD_4h.csv.gz' },
  { symbol: symbol('ETH'), interval: '4h', file: 'coinbase_ETH-USD_4h.csv.gz' },
];

const unpack = promisify(gunzip);

/** Reads and checks one recording, from the bar that opens at or after `from`. Throws DamagedCandles with the path when it is missing, not gzip or breaks a rule. */
export async function loadCandles(dataFolder: string, recording: Recording, from: number): Promise<CandleSeries> {
  const path = join(dataFolder, recording.file);
  let text: string;
  try {
    text = (await unpack(await readFile(path), { maxOutputLength: UNPACKED_BYTES_MAX })).toString('utf8');
  } catch (error) {
    throw new DamagedCandles(`Expected recorded candles in ${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return parseCandles(text, { symbol: recording.symbol, interval: recording.interval, name: path, from });
}
