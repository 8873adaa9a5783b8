import type { Decimal, LedgerEntry, Timestamp, TraderId } from '@hyperoru/domain';
import type { PortfolioStore } from '@hyperoru/engine';
import { decimalOf, unitsOf } from '../core/fixed-point.ts';
import { compareText, inOrder } from '../core/in-order.ts';
import type { Transaction } from '../core/transaction.ts';
import { type LedgerRow, ledgerRow } from '../tables/venue.ts';
import type { Tables } from '../tables.ts';
import { type CallsOf, partOf } from './calls.ts';

type FillBook = Pick<PortfolioStore, 'insertFill' | 'getFill' | 'listFillsByOrder' | 'listFillsBySymbol' | 'lastFillAt'>;

const fillBook: CallsOf<FillBook> = {
  insertFill: ({ tx, tables }, fill) => tx.call('portfolio.insertFill', async () => (await tables.fills.insert(tx, fill)) === null),
  getFill: ({ tx, tables }, id) => tx.call('portfolio.getFill', () => tables.fills.get(tx, id)),
  listFillsByOrder: ({ tx, tables }, orderId) =>
    tx.call('portfolio.listFillsByOrder', () =>
      inOrder(
        tables.fills.under(tx, tables.fillsByOrder, orderId),
        (fill) => fill.filledAt,
        (fill) => fill.id,
      ),
    ),
  listFillsBySymbol: ({ tx, tables }, traderId, symbol) =>
    tx.call('portfolio.listFillsBySymbol', () =>
      inOrder(
        tables.fills.under(tx, tables.fillsByTrader, traderId).filter((fill) => fill.symbol === symbol),
        (fill) => fill.filledAt,
        (fill) => fill.id,
      ),
    ),
  lastFillAt: ({ tx, tables }, traderId) =>
    tx.call('portfolio.lastFillAt', () => latest(tables.fills.under(tx, tables.fillsByTrader, traderId).map((fill) => fill.filledAt))),
};

type PositionBook = Pick<
  PortfolioStore,
  'openPosition' | 'listOpenPositions' | 'listAllOpenPositions' | 'listRecentClosed' | 'getPosition' | 'savePosition' | 'lastLossAt'
>;

const positionBook: CallsOf<PositionBook> = {
  openPosition: ({ tx, tables }, traderId, symbol) =>
    tx.call('portfolio.openPosition', () => tables.positions.find(tx, tables.positions.rule('positions_open'), `${traderId} ${symbol}`)),
  listOpenPositions: ({ tx, tables }, traderId) =>
    tx.call('portfolio.listOpenPositions', () => inOrder(tables.positions.under(tx, tables.positionsOpen, traderId), opened, idOf)),
  listAllOpenPositions: ({ tx, tables }) =>
    tx.call('portfolio.listAllOpenPositions', () => inOrder(tables.positions.indexed(tx, tables.positionsOpen), opened, idOf)),
  listRecentClosed: ({ tx, tables }, traderId, count) =>
    tx.call('portfolio.listRecentClosed', () =>
      inOrder(tables.positions.under(tx, tables.positionsClosed, traderId), (position) => position.closedAt ?? 0, idOf)
        .reverse()
        .slice(0, count),
    ),
  getPosition: ({ tx, tables }, id) => tx.call('portfolio.getPosition', () => tables.positions.get(tx, id)),
  savePosition: ({ tx, tables }, position) => tx.call('portfolio.savePosition', () => tables.positions.put(tx, position)),
  lastLossAt: ({ tx, tables }, traderId) =>
    tx.call('portfolio.lastLossAt', () => {
      const losses = tables.positions
        .under(tx, tables.positionsClosed, traderId)
        .filter(({ realizedPnl, fees, funding }) => unitsOf(realizedPnl) - unitsOf(fees) + unitsOf(funding) < 0n);
      return latest(losses.flatMap(({ closedAt }) => (closedAt === null ? [] : [closedAt])));
    }),
};

type Ledger = Pick<PortfolioStore, 'insertLedgerEntry' | 'balance' | 'balances' | 'realizedSince' | 'allRealizedSince' | 'drawdown'>;

const ledger: CallsOf<Ledger> = {
  insertLedgerEntry: ({ tx, tables }, entry) =>
    tx.call('portfolio.insertLedgerEntry', async () => (await tables.ledger.insert(tx, ledgerRow(entry))) === null),
  balance: ({ tx, tables }, traderId) => tx.call('portfolio.balance', () => decimalOf(total(entriesOf(tx, tables, traderId)))),
  balances: ({ tx, tables }) =>
    tx.call('portfolio.balances', () => {
      const sums = new Map<TraderId, bigint>();
      for (const { entry, units } of tables.ledger.all(tx)) sums.set(entry.traderId, (sums.get(entry.traderId) ?? 0n) + units);
      return new Map([...sums].map(([traderId, units]) => [traderId, decimalOf(units)]));
    }),
  realizedSince: ({ tx, tables }, traderId, since) =>
    tx.call('portfolio.realizedSince', () => realized(entriesOf(tx, tables, traderId), since)),
  allRealizedSince: ({ tx, tables }, since) => tx.call('portfolio.allRealizedSince', () => realized(tables.ledger.all(tx), since)),
  drawdown: ({ tx, tables }, traderId) => tx.call('portfolio.drawdown', () => drawdown(entriesOf(tx, tables, traderId))),
};

const opened = (position: { readonly openedAt: Timestamp }) => position.openedAt;
const idOf = (position: { readonly id: string }) => position.id;

const entriesOf = (tx: Transaction, { ledger, ledgerByTrader }: Tables, traderId: TraderId): LedgerRow[] =>
  ledger.under(tx, ledgerByTrader, traderId);

const EARNED: ReadonlySet<LedgerEntry['kind']> = new Set(['realized_pnl', 'fee', 'funding']);

const total = (rows: readonly LedgerRow[]): bigint => rows.reduce((sum, { units }) => sum + units, 0n);

const realized = (rows: readonly LedgerRow[], since: Timestamp): Decimal =>
  decimalOf(total(rows.filter(({ entry }) => entry.at >= since && EARNED.has(entry.kind))));

function drawdown(rows: LedgerRow[]): { readonly peak: Decimal; readonly balance: Decimal } {
  let [deposited, earned, best] = [0n, 0n, 0n];
  const sorted = inOrder(
    rows,
    ({ entry }) => entry.at,
    ({ entry }) => entry.id,
  );
  for (const { entry, units } of sorted) {
    if (entry.kind === 'deposit') deposited += units;
    else earned += units;
    if (earned > best) best = earned;
  }
  return { peak: decimalOf(deposited + best), balance: decimalOf(deposited + earned) };
}

const equity: CallsOf<Pick<PortfolioStore, 'insertEquityPoints' | 'thinEquityPoints'>> = {
  insertEquityPoints: ({ tx, tables }, points) =>
    tx.call('portfolio.insertEquityPoints', async () => {
      for (const point of points) await tables.equityPoints.put(tx, point);
    }),
  thinEquityPoints: ({ tx, tables }, { from, before, bucketMs }) =>
    tx.call('portfolio.thinEquityPoints', async () => {
      const seen = new Set<string>();
      let gone = 0;
      const inRange = tables.equityPoints.all(tx).filter(({ at }) => at >= from && at < before);
      for (const { traderId, at } of inRange.sort((a, b) => a.at - b.at || compareText(a.traderId, b.traderId))) {
        const bucket = `${traderId} ${Math.floor(at / bucketMs)}`;
        if (seen.has(bucket) && (await tables.equityPoints.update(tx, `${traderId} ${at}`, () => null))) gone += 1;
        seen.add(bucket);
      }
      return gone;
    }),
};

const latest = (moments: readonly Timestamp[]): Timestamp | null =>
  moments.reduce<Timestamp | null>((last, at) => (last === null || at > last ? at : last), null);

export const portfolioStore = partOf<PortfolioStore>({ ...fillBook, ...positionBook, ...ledger, ...equity });
