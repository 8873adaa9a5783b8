import {
  add,
  applyFill,
  type Fill,
  type FillEffect,
  type FillId,
  isZero,
  neg,
  type Order,
  type Position,
  type PositionId,
  reorderPosition,
  type Trader,
  type TraderId,
} from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { VenueFill } from '../ports/exchange.ts';
import type { Ids } from '../ports/ids.ts';
import type { StoreTx } from '../ports/store.ts';

/**
 * Books one execution: fill, position and ledger in one transaction, counted once per (trader, trade id) whatever the path
 * it came by (I7). Returns false when it was known.
 */
export async function bookFill(deps: EngineDeps, traderId: TraderId, venueFill: VenueFill): Promise<boolean> {
  return deps.mutex(`booking/${traderId}`, () =>
    deps.store.transaction(async (tx) => {
      const trader = await tx.traders.lock(traderId);
      if (trader === null) throw new Error(`Expected trader ${traderId} to be stored.`);
      const order = venueFill.clientOrderId === null ? null : await tx.orders.findByClientOrderId(venueFill.clientOrderId);
      const fill: Fill = {
        ...venueFill,
        id: fillIdOf(deps.ids, traderId, venueFill),
        traderId,
        orderId: order?.id ?? null,
      };
      const newestAt = await tx.portfolio.lastFillAt(traderId);
      if (!(await tx.portfolio.insertFill(fill))) return false;
      const applied = await updatePosition(deps, tx, fill, order);
      const effect = newestAt !== null && fill.filledAt < newestAt ? await reorder(tx, fill, applied) : applied;
      await bookLedger(deps, tx, fill, effect);
      await publishFill(tx, trader, fill, order);
      await publishPositions(tx, trader, fill, effect);
      return true;
    }),
  );
}

/** Identity of a fill: one per (trader, trade id). */
export const fillIdOf = (ids: Ids, traderId: TraderId, { tradeId }: Pick<VenueFill, 'tradeId'>): FillId =>
  ids.derived('fill', traderId, tradeId) as FillId;

async function updatePosition(deps: EngineDeps, tx: StoreTx, fill: Fill, order: Order | null): Promise<FillEffect> {
  const open = await tx.portfolio.openPosition(fill.traderId, fill.symbol);
  const effect = applyFill(open, fill, {
    newPositionId: deps.ids.derived('position', fill.id) as PositionId,
    decisionId: order?.decisionId ?? null,
    leverage: order?.leverage ?? open?.leverage ?? 1,
    purpose: order?.purpose ?? 'external',
  });
  if (effect.reduced !== null) await tx.portfolio.savePosition(effect.reduced);
  if (effect.grown !== null) await tx.portfolio.savePosition(effect.grown);
  return effect;
}

/** A fill that comes after younger ones: the position is what it would be had they come in the venue's order. */
async function reorder(tx: StoreTx, fill: Fill, effect: FillEffect): Promise<FillEffect> {
  const position = await tx.portfolio.openPosition(fill.traderId, fill.symbol);
  if (position === null) return effect;
  const reordered = reorderPosition(position, await tx.portfolio.listFillsBySymbol(fill.traderId, fill.symbol));
  if (reordered === null) return effect;
  await tx.portfolio.savePosition(reordered.position);
  const isGrown = effect.grown?.id === position.id;
  return {
    reduced: isGrown ? effect.reduced : reordered.position,
    grown: isGrown ? reordered.position : effect.grown,
    realizedPnl: add(effect.realizedPnl, reordered.realizedPnl),
  };
}

async function bookLedger(deps: EngineDeps, tx: StoreTx, fill: Fill, effect: FillEffect): Promise<void> {
  const entry = {
    traderId: fill.traderId,
    symbol: fill.symbol,
    fillId: fill.id,
    positionId: (effect.reduced ?? effect.grown)?.id ?? null,
    at: fill.filledAt,
  };
  if (!isZero(effect.realizedPnl))
    await tx.portfolio.insertLedgerEntry({
      ...entry,
      id: deps.ids.derived('ledger', fill.id, 'realized_pnl'),
      kind: 'realized_pnl',
      amount: effect.realizedPnl,
    });
  if (!isZero(fill.fee))
    await tx.portfolio.insertLedgerEntry({ ...entry, id: deps.ids.derived('ledger', fill.id, 'fee'), kind: 'fee', amount: neg(fill.fee) });
}

async function publishFill(tx: StoreTx, trader: Trader, fill: Fill, order: Order | null): Promise<void> {
  await tx.journal.publish({
    at: fill.filledAt,
    ownerId: trader.ownerId,
    traderId: trader.id,
    topic: 'fill.booked',
    payload: {
      fill_id: fill.id,
      order_id: fill.orderId,
      symbol: fill.symbol,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      fee: fill.fee,
      purpose: order?.purpose ?? 'external',
      is_liquidation: fill.isLiquidation,
    },
  });
  await tx.journal.audit({
    at: fill.filledAt,
    ownerId: trader.ownerId,
    actor: 'system',
    action: 'fill.booked',
    subject: `fill:${fill.id}`,
    detail: {
      trade_id: fill.tradeId,
      order_id: fill.orderId,
      symbol: fill.symbol,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      fee: fill.fee,
    },
  });
}

async function publishPositions(tx: StoreTx, trader: Trader, fill: Fill, effect: FillEffect): Promise<void> {
  const changed: readonly Position[] = [effect.reduced, effect.grown].filter((position) => position !== null);
  for (const position of changed) {
    await tx.journal.publish({
      at: fill.filledAt,
      ownerId: trader.ownerId,
      traderId: trader.id,
      topic: 'position.changed',
      payload: {
        position_id: position.id,
        symbol: position.symbol,
        side: position.side,
        quantity: position.quantity,
        realized_pnl: position.realizedPnl,
        closed_by: position.closedBy,
      },
    });
  }
}
