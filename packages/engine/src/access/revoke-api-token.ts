import { ok } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { notFound } from './not-found.ts';
import type { OwnerScope } from './owner-scope.ts';

/** Makes a named token worthless at once. */
export async function revokeApiToken(deps: EngineDeps, scope: OwnerScope, input: { readonly id: string }): Promise<UseCaseResult<null>> {
  return deps.store.transaction(async (tx) => {
    const token = (await tx.users.listSessions(scope.userId)).find((session) => session.id === input.id && session.kind === 'api_token');
    if (token === undefined || !(await tx.users.revokeSession(scope.userId, input.id, deps.clock.now()))) return notFound('token');
    await auditUserAction(tx, deps, scope, { action: 'api_token.revoked', subject: `api_token:${input.id}`, detail: { name: token.name } });
    return ok(null);
  });
}
