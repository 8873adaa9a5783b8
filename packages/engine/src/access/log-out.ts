import { ok } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import type { OwnerScope } from './owner-scope.ts';

/** Ends the session the caller came with; its token is worthless at once. Ending it twice is no error. */
export async function logOut(deps: EngineDeps, scope: OwnerScope, input: { readonly sessionId: string }): Promise<UseCaseResult<null>> {
  return deps.store.transaction(async (tx) => {
    const wasLive = await tx.users.revokeSession(scope.userId, input.sessionId, deps.clock.now());
    const detail = { session_id: input.sessionId };
    if (wasLive) await auditUserAction(tx, deps, scope, { action: 'user.logged_out', subject: `user:${scope.userId}`, detail });
    return ok(null);
  });
}
