import type { Json } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

/** What a person did, as one link of the audit chain. `detail` never holds a secret. */
export interface UserAction {
  /** `<subject kind>.<what happened>`, e.g. `trader.created`. */
  readonly action: string;
  /** `<kind>:<id>`. */
  readonly subject: string;
  readonly detail: Json;
}

/** Appends inside the caller's transaction: the change and its trace are stored together or not at all. */
export async function auditUserAction(tx: StoreTx, deps: Pick<EngineDeps, 'clock'>, scope: OwnerScope, action: UserAction): Promise<void> {
  await tx.journal.audit({ at: deps.clock.now(), ownerId: scope.userId, actor: `user:${scope.userId}`, ...action });
}
