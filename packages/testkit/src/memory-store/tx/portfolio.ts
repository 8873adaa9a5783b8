import type { Decimal, LedgerEntry, Timestamp, TraderId } from '@hyperoru/domain';
import type { PortfolioStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { decimalOf, unitsOf } from '../core/fixed-point.ts';
import { compareText, inOrder } from '../core/in-order.ts';
import { type LedgerRow, ledgerRow } from '../tables/venue.ts';

export function portfolioStore(context: TxContext): PortfolioStore {
  return { ...fillBook(context), ...positionBook(context), ...ledger(context), ...equity(context) };
}

type FillBook = Pick<PortfolioStore, 'insertFill' | 'getFill' | 'listFillsByOrder' | 'listFillsBySymbol' | 'lastFillAt'>;

function fillBook({ tx, tables }: TxContext): FillBook {
  const { fills, fillsByOrder, fillsByTrader } = tables;
  return {
    insertFill: (fill) => tx.call('portfolio.insertFill', async () => (await fills.insert(tx, fill)) === null),
    getFill: (id) => tx.call('portfolio.getFill', () => fills.get(tx, id)),
    listFillsByOrder: (orderId) =>
      tx.call('portfolio.listFillsByOrder', () =>
        inOrder(
          fills.under(tx, fillsByOrder, orderId),
          (fill) => fill.filledAt,
          (fill) => fill.id,
        ),
      ),
    listFillsBySymbol: (traderId, symbol) =>
      tx.call('portfolio.listFillsBySymbol', () =>
        inOrder(
          fills.under(tx, fillsByTrader, traderId).filter((fill) => fill.symbol === symbol),
          (fill) => fill.filledAt,
          (fill) => fill.id,
        ),
      ),
    lastFillAt: (traderId) =>
      tx.call('portfolio.lastFillAt', () => latest(fills.under(tx, fillsByTrader, traderId).map((fill) => fill.filledAt))),
  };
}

type PositionBook = Pick<
  PortfolioStore,
  'openPosition' | 'listOpenPositions' | 'listAllOpenPositions' | 'listRecentClosed' | 'getPosition' | 'savePosition' | 'lastLossAt'
>;

function positionBook({ tx, tables }: TxContext): PositionBook {
  const { positions, positionsOpen, positionsClosed } = tables;
  const opened = (position: { readonly openedAt: Timestamp }) => position.openedAt;
  const idOf = (position: { readonly id: string }) => position.id;
  return {
    openPosition: (traderId, symbol) =>
      tx.call('portfolio.openPosition', () => positions.find(tx, positions.rule('positions_open'), `${traderId} ${symbol}`)),
    listOpenPositions: (traderId) =>
      tx.call('portfolio.listOpenPositions', () => inOrder(positions.under(tx, positionsOpen, traderId), opened, idOf)),
    listAllOpenPositions: () =>
      tx.call('portfolio.listAllOpenPositions', () => inOrder(positions.indexed(tx, positionsOpen), opened, idOf)),
    listRecentClosed: (traderId, count) =>
      tx.call('portfolio.listRecentClosed', () =>
        inOrder(positions.under(tx, positionsClosed, traderId), (position) => position.closedAt ?? 0, idOf)
          .reverse()
          .slice(0, count),
      ),
    getPosition: (id) => tx.call('portfolio.getPosition', () => positions.get(tx, id)),
    savePosition: (position) => tx.call('portfolio.savePosition', () => positions.put(tx, position)),
    lastLossAt: (traderId) =>
      tx.call('portfolio.lastLossAt', () => {
        const losses = positions
          .under(tx, positionsClosed, traderId)
          .filter(({ realizedPnl, fees, funding }) => unitsOf(realizedPnl) - unitsOf(fees) + unitsOf(funding) < 0n);
        return latest(losses.flatMap(({ closedAt }) => (closedAt === null ? [] : [closedAt])));
      }),
  };
}

type Ledger = Pick<PortfolioStore, 'insertLedgerEntry' | 'balance' | 'balances' | 'realizedSince' | 'allRealizedSince' | 'drawdown'>;

function ledger({ tx, tables }: TxContext): Ledger {
  const { ledger: entries, ledgerByTrader } = tables;
  const of = (traderId: TraderId) => entries.under(tx, ledgerByTrader, traderId);
  return {
    insertLedgerEntry: (entry) => tx.call('portfolio.insertLedgerEntry', async () => (await entries.insert(tx, ledgerRow(entry))) === null),
    balance: (traderId) => tx.call('portfolio.balance', () => decimalOf(total(of(traderId)))),
    balances: () =>
      tx.call('portfolio.balances', () => {
        const sums = new Map<TraderId, bigint>();
        for (const { entry, units } of entries.all(tx)) sums.set(entry.traderId, (sums.get(entry.traderId) ?? 0n) + units);
        return new Map([...sums].map(([traderId, units]) => [traderId, decimalOf(units)]));
      }),
    realizedSince: (traderId, since) => tx.call('portfolio.realizedSince', () => realized(of(traderId), since)),
    allRealizedSince: (since) => tx.call('portfolio.allRealizedSince', () => realized(entries.all(tx), since)),
    drawdown: (traderId) => tx.call('portfolio.drawdown', () => drawdown(of(traderId))),
  };
}

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

function equity({ tx, tables }: TxContext): Pick<PortfolioStore, 'insertEquityPoints' | 'thinEquityPoints'> {
  const { equityPoints } = tables;
  return {
    insertEquityPoints: (points) =>
      tx.call('portfolio.insertEquityPoints', async () => {
        for (const point of points) await equityPoints.put(tx, point);
      }),
    thinEquityPoints: ({ from, before, bucketMs }) =>
      tx.call('portfolio.thinEquityPoints', async () => {
        const seen = new Set<string>();
        let gone = 0;
        const inRange = equityPoints.all(tx).filter(({ at }) => at >= from && at < before);
        for (const { traderId, at } of inRange.sort((a, b) => a.at - b.at || compareText(a.traderId, b.traderId))) {
          const bucket = `${traderId} ${Math.floor(at / bucketMs)}`;
          if (seen.has(bucket) && (await equityPoints.update(tx, `${traderId} ${at}`, () => null))) gone += 1;
          seen.add(bucket);
        }
        return gone;
      }),
  };
}

const latest = (moments: readonly Timestamp[]): Timestamp | null =>
  moments.reduce<Timestamp | null>((last, at) => (last === null || at > last ? at : last), null);
