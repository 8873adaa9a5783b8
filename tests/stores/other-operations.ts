import { decimal } from '@hyperoru/domain';
import { BTC, modelCallOf } from '@hyperoru/testkit';
import fc from 'fast-check';
import { moment, type Operation, operation, owner, perhaps, row } from './operation.ts';
import { at } from './pool.ts';

/** Protections, kills, adjustments, comparisons, foreign orders. */
export const safetyOperations: readonly fc.Arbitrary<Operation>[] = [
  operation('safety.saveProtection', fc.record({ row, bareSince: perhaps(moment), bareMs: fc.nat() }), (tx, { positions }, input) => {
    const { id, traderId, symbol } = at(positions, input.row);
    const { bareSince, bareMs } = input;
    const longestBareMs = Math.floor(bareMs / 2);
    return tx.safety.saveProtection({
      positionId: id,
      traderId,
      symbol,
      isRequired: true,
      coveredQuantity: decimal('0.5'),
      bareSince,
      bareMs,
      longestBareMs,
      checkedAt: at(positions, 0).openedAt,
    });
  }),
  operation('safety.listBare', fc.constant(null), (tx) => tx.safety.listBare()),
  operation('safety.insertKill', fc.record({ row, startedAt: moment, isDrill: fc.boolean() }), (tx, { kills }, { row: index, ...input }) =>
    tx.safety.insertKill({ ...at(kills, index), ...input }),
  ),
  operation(
    'safety.updateKill',
    fc.record({ row, finishedAt: perhaps(moment), disarmedAt: perhaps(moment) }),
    (tx, { kills, worlds }, { row: index, ...input }) => {
      const traderId = at(worlds, 0).trader.id;
      const report = { traderId, canceledOrders: 1, closedPositions: 0, isFlat: false, flatAfterMs: null, problem: 'x\0y' };
      return tx.safety.updateKill({ ...at(kills, index), ...input, traders: [report], disarmedBy: 'system' });
    },
  ),
  operation('safety.lockKill', row, (tx, { kills }, index) => tx.safety.lockKill(at(kills, index).id)),
  operation('safety.listArmedKills', fc.constant(null), (tx) => tx.safety.listArmedKills()),
  operation('safety.listUnfinishedKills', fc.constant(null), (tx) => tx.safety.listUnfinishedKills()),
  operation('safety.isKilled', owner, (tx, { worlds }, index) => tx.safety.isKilled(at(worlds, index).trader.id)),
  operation(
    'safety.insertAdjustment',
    fc.record({ row, owner, position: perhaps(row), order: perhaps(row), at: moment }),
    (tx, { texts, worlds, positions, orders }, input) =>
      tx.safety.insertAdjustment({
        id: at(texts, input.row),
        traderId: at(worlds, input.owner).trader.id,
        kind: 'position',
        symbol: BTC,
        positionId: input.position === null ? null : at(positions, input.position).id,
        orderId: input.order === null ? null : at(orders, input.order).id,
        recorded: '1',
        reported: '0',
        reason: 'It is gone.',
        at: input.at,
      }),
  ),
  operation(
    'safety.saveReconciliation',
    fc.record({ owner, startedAt: moment, lastGoodAt: perhaps(moment) }),
    (tx, { worlds }, { owner: index, ...input }) =>
      tx.safety.saveReconciliation({
        ...input,
        traderId: at(worlds, index).trader.id,
        finishedAt: null,
        status: 'failed',
        message: 'No answer.',
      }),
  ),
  operation('safety.getReconciliation', owner, (tx, { worlds }, index) => tx.safety.getReconciliation(at(worlds, index).trader.id)),
  operation(
    'safety.saveExternalOrder',
    fc.record({ owner, row, firstSeenAt: moment, endedAt: perhaps(moment) }),
    (tx, { worlds, texts }, { owner: index, row: text, ...input }) =>
      tx.safety.saveExternalOrder({
        ...input,
        traderId: at(worlds, index).trader.id,
        venueOrderId: at(texts, text),
        clientOrderId: null,
        symbol: BTC,
        side: 'sell',
        quantity: decimal('0.1'),
        reduceOnly: false,
        policy: 'adopt',
      }),
  ),
  operation('safety.listExternalOrders', owner, (tx, { worlds }, index) => tx.safety.listExternalOrders(at(worlds, index).trader.id)),
];

/** What holds a trader's row. */
export const traderHolds: readonly fc.Arbitrary<Operation>[] = [
  operation('traders.lock', owner, (tx, { worlds }, index) => tx.traders.lock(at(worlds, index).trader.id)),
  operation(
    'traders.update',
    fc.record({ owner, generation: fc.nat({ max: 9 }), isActive: fc.boolean() }),
    (tx, { worlds }, { owner: index, ...input }) => tx.traders.update({ ...at(worlds, index).trader, ...input }),
  ),
];

/** Traders, runs with what belongs to them. */
export const strategyOperations: readonly fc.Arbitrary<Operation>[] = [
  operation('traders.get', owner, (tx, { worlds }, index) => tx.traders.get(at(worlds, index).trader.id)),
  operation('traders.get a stranger', fc.constant(null), (tx, { stranger }) => tx.traders.get(stranger)),
  operation('bindings.listEnabled', fc.constant(null), (tx) => tx.bindings.listEnabled()),
  operation('runs.insert', fc.record({ row, trigger: row }), (tx, { runs }, input) =>
    tx.runs.insert({ ...at(runs, input.row), trigger: { ...at(runs, input.row).trigger, id: at(runs, input.trigger).trigger.id } }),
  ),
  operation('runs.insertDuplicate', fc.record({ row, of: row }), (tx, { runs }, input) =>
    tx.runs.insertDuplicate(at(runs, input.row), at(runs, input.of).trigger.id),
  ),
  operation('runs.update', fc.record({ row, finishedAt: moment }), (tx, { runs }, input) =>
    tx.runs.update({ ...at(runs, input.row), state: 'finished', outcome: 'held', reason: 'a\0b', finishedAt: input.finishedAt }),
  ),
  operation('runs.findByTrigger', row, (tx, { runs }, index) => tx.runs.findByTrigger(at(runs, index).trigger.id)),
  operation('runs.listOpen', owner, (tx, { worlds }, index) => tx.runs.listOpen(at(worlds, index).trader.id)),
  operation('runs.lastExecuted', owner, (tx, { worlds }, index) => tx.runs.lastExecuted(at(worlds, index).trader.id)),
  operation(
    'runs.insertModelCall',
    fc.record({ row, step: fc.constantFrom(1, 2), costUsd: fc.constantFrom(null, '0.10', '0.0000001') }),
    (tx, { runs }, { row: index, ...input }) => tx.runs.insertModelCall(modelCallOf(at(runs, index), input.step, input)),
  ),
  operation('runs.modelCostSince', fc.record({ owner, since: moment }), (tx, { worlds }, input) =>
    tx.runs.modelCostSince(at(worlds, input.owner).trader.id, input.since),
  ),
  operation('runs.insertDecision', fc.record({ row, run: row }), (tx, { decisions, runs }, input) =>
    tx.runs.insertDecision({ ...at(decisions, input.row), runId: at(runs, input.run).id }),
  ),
];

/** The live stream, the audit chain, alerts, settings, people. */
export const journalOperations: readonly fc.Arbitrary<Operation>[] = [
  operation('journal.publish', fc.record({ owner, payload: fc.jsonValue({ maxDepth: 1 }) }), (tx, { worlds }, input) => {
    const { trader, owner: user } = at(worlds, input.owner);
    const payload = JSON.parse(JSON.stringify(input.payload));
    return tx.journal.publish({ at: trader.createdAt, ownerId: user.id, traderId: trader.id, topic: 'order.changed', payload });
  }),
  operation('journal.audit', fc.record({ owner, at: moment, detail: fc.jsonValue({ maxDepth: 2 }) }), (tx, { worlds }, input) => {
    const ownerId = at(worlds, input.owner).owner.id;
    const detail = JSON.parse(JSON.stringify(input.detail));
    return tx.journal.audit({ at: input.at, ownerId, actor: 'system', action: 'order.sent', subject: ownerId, detail });
  }),
  operation('journal.insertAlert', row, (tx, { alerts }, index) => tx.journal.insertAlert(at(alerts, index))),
  operation('journal.updateAlert', fc.record({ row, acknowledgedAt: perhaps(moment) }), (tx, { alerts }, { row: index, ...input }) =>
    tx.journal.updateAlert({ ...at(alerts, index), ...input }),
  ),
  operation('journal.hasOpenAlert', owner, (tx, { worlds }, index) => tx.journal.hasOpenAlert(at(worlds, index).trader.id, 'a_code')),
  operation('journal.putSetting', fc.record({ row, value: fc.constantFrom(null, 1, 'x') }), (tx, { texts }, input) =>
    tx.journal.putSetting(at(texts, input.row), input.value),
  ),
  operation('journal.getSetting', row, (tx, { texts }, index) => tx.journal.getSetting(at(texts, index))),
  operation('users.insert', fc.record({ row, name: row }), (tx, { users }, input) =>
    tx.users.insert({ ...at(users, input.row), username: at(users, input.name).username.toUpperCase() }, 'hash'),
  ),
];
