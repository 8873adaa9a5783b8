import { type Decimal, type Timestamp, timestamp, ZERO } from '@hyperoru/domain';
import type { Log, VenueFill, VenueFunding } from '@hyperoru/engine';
import type { BinanceAccount } from './accounts.ts';
import type { BinanceApi } from './api.ts';
import { symbolOf } from './instruments.ts';
import type { OrderReader } from './order-reader.ts';
import { toVenueFill } from './venue-records.ts';
import { FUNDING_RATES, INCOMES, TRADES, type WireTrade } from './wire.ts';

const PAGE_ROWS = 1_000;
const PAGES_MAX = 50;
/** The venue looks this far from a start time on; what began earlier is read by number. */
const WINDOW_MS = 7 * 86_400_000 - 60_000;
/** Funding is paid at a full hour; its booking may follow some seconds later. */
const HOUR_MS = 3_600_000;
/** The venue may not show an order by its number for half an hour after it took it. */
const OWNER_AWAITED_MS = 3_600_000;
const QUOTE = 'USDT';

/** Reads executions and funding of accounts. */
export class History {
  readonly #api: BinanceApi;
  readonly #reader: OrderReader;
  readonly #log: Log;

  constructor(api: BinanceApi, reader: OrderReader, log: Log) {
    this.#api = api;
    this.#reader = reader;
    this.#log = log;
  }

  /** Executions of these symbols at or after the moment, oldest first; without those whose order the venue does not show yet. */
  async fillsSince(account: BinanceAccount, symbols: readonly string[], since: Timestamp, now: Timestamp): Promise<readonly VenueFill[]> {
    const fills: VenueFill[] = [];
    for (const symbol of symbols) {
      for (const trade of await this.#trades(account, symbol, { since, now })) {
        const owner = await this.#reader.clientIdOf(account, symbol, trade.orderId);
        // It may be ours: told without its order it would count as somebody else's for ever.
        if (owner === null && trade.time > now - OWNER_AWAITED_MS) continue;
        const fill = toVenueFill(trade, owner, this.feeOf(trade));
        if (fill !== null) fills.push(fill);
      }
    }
    return fills.sort((a, b) => a.filledAt - b.filledAt);
  }

  /** A fee in another currency cannot be told in the quote currency; the balance shows it. */
  feeOf(trade: WireTrade): Decimal {
    if (trade.commissionAsset === QUOTE || trade.commission === ZERO) return trade.commission;
    this.#log.warn('binance.fee_in_other_currency', { symbol: trade.symbol, currency: trade.commissionAsset, amount: trade.commission });
    return ZERO;
  }

  async #trades(
    { signer }: BinanceAccount,
    symbol: string,
    { since, now }: { readonly since: number; readonly now: number },
  ): Promise<readonly WireTrade[]> {
    const trades: WireTrade[] = [];
    let start: Readonly<Record<string, string | number>> = since > now - WINDOW_MS ? { startTime: since } : { fromId: 1 };
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const page = await this.#api.read(signer, '/fapi/v1/userTrades', { symbol, ...start, limit: PAGE_ROWS }, TRADES);
      trades.push(...page.filter(({ time }) => time >= since));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) break;
      start = { fromId: String(BigInt(last.id) + 1n) };
    }
    return trades;
  }

  /** Funding at or after the moment, oldest first. The rate is 0 where the venue's own history does not show it. */
  async fundingSince({ signer }: BinanceAccount, since: Timestamp): Promise<readonly VenueFunding[]> {
    const rows = new Map<string, { readonly symbol: string; readonly income: Decimal; readonly time: number }>();
    let startTime = Math.max(0, since);
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const parameters = { incomeType: 'FUNDING_FEE', startTime, limit: PAGE_ROWS };
      const page = await this.#api.read(signer, '/fapi/v1/income', parameters, INCOMES);
      for (const row of page) rows.set(`${row.symbol}-${row.tranId}`, row);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS || last.time === startTime) break;
      startTime = last.time;
    }
    const rates = await this.#fundingRates(new Set([...rows.values()].map(({ symbol }) => symbol)), since);
    return [...rows].flatMap(([fundingId, { symbol, income, time }]) => {
      const name = symbolOf(symbol);
      if (name === null) return [];
      const rate = rates.get(`${symbol}/${hourOf(time)}`) ?? ZERO;
      return [{ fundingId, symbol: name, amount: income, rate, at: timestamp(time) }];
    });
  }

  async #fundingRates(symbols: ReadonlySet<string>, since: number): Promise<ReadonlyMap<string, Decimal>> {
    const rates = new Map<string, Decimal>();
    for (const symbol of symbols) {
      const parameters = { symbol, startTime: Math.max(0, hourOf(since)), limit: PAGE_ROWS };
      const rows = await this.#api.readPublic('/fapi/v1/fundingRate', parameters, FUNDING_RATES);
      for (const { fundingTime, fundingRate } of rows) rates.set(`${symbol}/${hourOf(fundingTime)}`, fundingRate);
    }
    return rates;
  }
}

const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;
