import { add, type TraderId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { VenueFunding } from '../ports/exchange.ts';

/** Books one funding payment on ledger and open position, once per (trader, funding id). Returns false when it was known. */
export async function bookFunding(deps: EngineDeps, traderId: TraderId, funding: VenueFunding): Promise<boolean> {
  return deps.mutex(`booking/${traderId}`, () =>
    deps.store.transaction(async (tx) => {
      const trader = await tx.traders.lock(traderId);
      if (trader === null) return false;
      const position = await tx.portfolio.openPosition(traderId, funding.symbol);
      const isNew = await tx.portfolio.insertLedgerEntry({
        id: deps.ids.derived('ledger', traderId, 'funding', funding.fundingId),
        traderId,
        kind: 'funding',
        amount: funding.amount,
        symbol: funding.symbol,
        fillId: null,
        positionId: position?.id ?? null,
        at: funding.at,
      });
      if (!isNew || position === null) return isNew;
      const next = { ...position, funding: add(position.funding, funding.amount) };
      await tx.portfolio.savePosition(next);
      await tx.journal.publish({
        at: funding.at,
        ownerId: trader.ownerId,
        traderId,
        topic: 'position.changed',
        payload: { position_id: position.id, symbol: position.symbol, funding: next.funding },
      });
      return true;
    }),
  );
}
