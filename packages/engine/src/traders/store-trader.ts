import type { Json, Trader } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

/** One change of a trader by its owner: what happened, and what the audit log says about it (never a secret). */
export interface TraderChange {
  /** e.g. `trader.paused`; also told to the live stream. */
  readonly action: string;
  readonly detail: Json;
}

/** Stores the changed trader, then publishes and audits the change, all in the caller's transaction. */
export async function storeTrader(
  tx: StoreTx,
  deps: Pick<EngineDeps, 'clock'>,
  scope: OwnerScope,
  trader: Trader,
  change: TraderChange,
): Promise<void> {
  await tx.traders.update(trader);
  await announceTrader(tx, deps, scope, trader, change);
}

/** Publishes and audits a change of a trader whose row the caller stored. */
export async function announceTrader(
  tx: StoreTx,
  deps: Pick<EngineDeps, 'clock'>,
  scope: OwnerScope,
  trader: Trader,
  change: TraderChange,
): Promise<void> {
  const payload = { trader_id: trader.id, name: trader.name, change: change.action };
  await tx.journal.publish({ at: deps.clock.now(), ownerId: trader.ownerId, traderId: trader.id, topic: 'trader.changed', payload });
  await auditUserAction(tx, deps, scope, { action: change.action, subject: `trader:${trader.id}`, detail: change.detail });
}
