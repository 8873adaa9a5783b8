import { ok, type PositionId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import { cancelEntries } from '../protection/cancel-entries.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { flatten } from '../protection/flatten.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { unlessSilent } from './venue-silent.ts';

/**
 * Closes an open position at the market, reduce-only, because its owner asked for it; entries that rest in its symbol are canceled
 * first. Works for a paused trader too. Refuses `venue_silent` when the venue does not answer.
 */
export async function closePosition(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly positionId: PositionId },
): Promise<UseCaseResult<{ readonly isFlat: boolean }>> {
  const position = await deps.readModel.findPosition(scope, input.positionId);
  if (position === null) return refuse('not_found', 'There is no such position.');
  if (position.closedAt !== null) return refuse('position_closed', 'The position is closed already.');
  const trader = expected(await deps.readModel.findTrader(scope, position.traderId), `trader ${position.traderId} to be stored`);
  const connection = connectionOf(deps, trader);
  if (connection === null) return refuse('venue_unavailable', 'The trader has no exchange to close it on.');
  await deps.store.transaction((tx) =>
    tx.journal.audit({
      at: deps.clock.now(),
      ownerId: trader.ownerId,
      actor: `user:${scope.userId}`,
      action: 'position.close',
      subject: `position:${position.id}`,
      detail: { symbol: position.symbol },
    }),
  );
  return unlessSilent(async () => {
    await cancelEntries(deps, connection, trader.id, position.symbol);
    const isFlat = await flatten(deps, connection, trader.id, position.symbol, `close/${position.id}/${deps.ids.uuid()}`);
    await cleanUpFlat(deps, connection, trader.id, position.symbol);
    return ok({ isFlat });
  });
}
