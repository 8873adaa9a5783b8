import { addMs, decimal, ORDER_STATES, symbol } from '@hyperoru/domain';
import { BTC, FAKE_EPOCH } from '@hyperoru/testkit';
import fc from 'fast-check';
import { amount, moment, type Operation, operation, owner, perhaps, row } from './operation.ts';
import { at } from './pool.ts';

const state = fc.constantFrom(...ORDER_STATES);
const market = fc.constantFrom(BTC, symbol('ETH'));

/** Orders: inserts that collide, compare-and-set, row locks, numbers of requests, lists. */
export const orderWrites: readonly fc.Arbitrary<Operation>[] = [
  operation(
    'orders.insert',
    fc.record({ row, clientId: row, state, symbol: market, isEntry: fc.boolean(), decision: perhaps(row), sentAt: perhaps(moment) }),
    (tx, { orders, decisions }, input) => {
      const purpose = input.isEntry ? ('entry' as const) : ('stop_loss' as const);
      return tx.orders.insert({
        ...at(orders, input.row),
        clientOrderId: at(orders, input.clientId).clientOrderId,
        decisionId: input.decision === null ? null : at(decisions, input.decision).id,
        symbol: input.symbol,
        state: input.state,
        sentAt: input.sentAt,
        purpose,
      });
    },
  ),
  operation(
    'orders.compareAndSet',
    fc.record({ row, to: state, from: fc.uniqueArray(state, { maxLength: 6 }), updatedAt: moment, reason: fc.constantFrom(null, 'a\0b') }),
    (tx, { orders }, { row: index, from, to, updatedAt, reason }) =>
      tx.orders.compareAndSet({ ...at(orders, index), state: to, updatedAt, reason, filledQuantity: decimal('0.25') }, from),
  ),
  operation('orders.lock', row, (tx, { orders }, index) => tx.orders.lock(at(orders, index).id)),
  operation('orders.takeNonce', fc.record({ owner, now: moment }), (tx, { worlds }, input) =>
    tx.orders.takeNonce(at(worlds, input.owner).trader.id, input.now),
  ),
  operation('jobs.laneEpoch', owner, (tx, { worlds }, index) => tx.jobs.laneEpoch(at(worlds, index).trader.id)),
];

export const orderReads: readonly fc.Arbitrary<Operation>[] = [
  operation('orders.get', row, (tx, { orders }, index) => tx.orders.get(at(orders, index).id)),
  operation('orders.findByClientOrderId', row, (tx, { orders }, index) => tx.orders.findByClientOrderId(at(orders, index).clientOrderId)),
  operation('orders.listOpen', owner, (tx, { worlds }, index) => tx.orders.listOpen(at(worlds, index).trader.id)),
  operation('orders.listOpenBySymbol', fc.record({ owner, symbol: market }), (tx, { worlds }, input) =>
    tx.orders.listOpenBySymbol(at(worlds, input.owner).trader.id, input.symbol),
  ),
  operation('orders.listByDecision', row, (tx, { decisions }, index) => tx.orders.listByDecision(at(decisions, index).id)),
  operation('orders.countEntriesSince', fc.record({ owner, since: moment }), (tx, { worlds }, input) =>
    tx.orders.countEntriesSince(at(worlds, input.owner).trader.id, input.since),
  ),
  operation('orders.countEntriesSentSince', moment, (tx, _, since) => tx.orders.countEntriesSentSince(since)),
  operation('orders.listAllOpenEntries', fc.constant(null), (tx) => tx.orders.listAllOpenEntries()),
  operation('orders.listDoubted', fc.record({ owner, since: moment }), (tx, { worlds }, input) =>
    tx.orders.listDoubted(at(worlds, input.owner).trader.id, input.since),
  ),
  operation('orders.listTradersWithOpenOrders', fc.constant(null), (tx) => tx.orders.listTradersWithOpenOrders()),
  operation('orders.listTradersWithDoubtfulOrders', moment, (tx, _, before) => tx.orders.listTradersWithDoubtfulOrders(before)),
];

/** Fills, positions, the ledger and the curve. */
export const portfolioWrites: readonly fc.Arbitrary<Operation>[] = [
  operation('portfolio.insertFill', fc.record({ row, trade: row, order: perhaps(row), filledAt: moment }), (tx, { fills, orders }, input) =>
    tx.portfolio.insertFill({
      ...at(fills, input.row),
      tradeId: at(fills, input.trade).tradeId,
      orderId: input.order === null ? null : at(orders, input.order).id,
      filledAt: input.filledAt,
    }),
  ),
  operation(
    'portfolio.savePosition',
    fc.record({ row, symbol: market, closedAt: perhaps(moment), realizedPnl: amount, fees: amount, funding: amount }),
    (tx, { positions }, { row: index, realizedPnl, fees, funding, ...input }) =>
      tx.portfolio.savePosition({
        ...at(positions, index),
        ...input,
        realizedPnl: decimal(realizedPnl),
        fees: decimal(fees),
        funding: decimal(funding),
        closedBy: input.closedAt === null ? null : 'close',
      }),
  ),
  operation(
    'portfolio.insertLedgerEntry',
    fc.record({
      row,
      owner,
      kind: fc.constantFrom('deposit' as const, 'realized_pnl' as const, 'fee' as const, 'funding' as const, 'adjustment' as const),
      amount,
      fill: perhaps(row),
      position: perhaps(row),
      at: moment,
    }),
    (tx, { texts, worlds, fills, positions }, input) =>
      tx.portfolio.insertLedgerEntry({
        id: at(texts, input.row),
        traderId: at(worlds, input.owner).trader.id,
        kind: input.kind,
        amount: decimal(input.amount),
        symbol: null,
        fillId: input.fill === null ? null : at(fills, input.fill).id,
        positionId: input.position === null ? null : at(positions, input.position).id,
        at: input.at,
      }),
  ),
  operation('portfolio.insertEquityPoints', fc.record({ owner, at: moment, equity: amount }), (tx, { worlds }, input) =>
    tx.portfolio.insertEquityPoints([
      {
        traderId: at(worlds, input.owner).trader.id,
        at: input.at,
        equity: decimal(input.equity),
        balance: decimal(input.equity),
        unrealizedPnl: decimal('0'),
      },
    ]),
  ),
  operation('portfolio.thinEquityPoints', fc.record({ before: moment, bucketMs: fc.constantFrom(3, 7) }), (tx, _, input) =>
    tx.portfolio.thinEquityPoints({ from: addMs(FAKE_EPOCH, 0), ...input }),
  ),
];

export const portfolioReads: readonly fc.Arbitrary<Operation>[] = [
  operation('portfolio.getFill', row, (tx, { fills }, index) => tx.portfolio.getFill(at(fills, index).id)),
  operation('portfolio.listFillsByOrder', row, (tx, { orders }, index) => tx.portfolio.listFillsByOrder(at(orders, index).id)),
  operation('portfolio.lastFillAt', owner, (tx, { worlds }, index) => tx.portfolio.lastFillAt(at(worlds, index).trader.id)),
  operation('portfolio.openPosition', fc.record({ owner, symbol: market }), (tx, { worlds }, input) =>
    tx.portfolio.openPosition(at(worlds, input.owner).trader.id, input.symbol),
  ),
  operation('portfolio.listAllOpenPositions', fc.constant(null), (tx) => tx.portfolio.listAllOpenPositions()),
  operation('portfolio.listRecentClosed', fc.record({ owner, count: fc.nat({ max: 3 }) }), (tx, { worlds }, input) =>
    tx.portfolio.listRecentClosed(at(worlds, input.owner).trader.id, input.count),
  ),
  operation('portfolio.balances', fc.constant(null), async (tx) => [...(await tx.portfolio.balances())].sort()),
  operation('portfolio.realizedSince', fc.record({ owner, since: moment }), (tx, { worlds }, input) =>
    tx.portfolio.realizedSince(at(worlds, input.owner).trader.id, input.since),
  ),
  operation('portfolio.allRealizedSince', moment, (tx, _, since) => tx.portfolio.allRealizedSince(since)),
  operation('portfolio.drawdown', owner, (tx, { worlds }, index) => tx.portfolio.drawdown(at(worlds, index).trader.id)),
  operation('portfolio.lastLossAt', owner, (tx, { worlds }, index) => tx.portfolio.lastLossAt(at(worlds, index).trader.id)),
];
