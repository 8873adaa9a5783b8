import { ok } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { issueToken } from './issue-token.ts';
import { isLiveApiToken } from './list-api-tokens.ts';
import type { OwnerScope } from './owner-scope.ts';
import type { Session } from './user.ts';

/** Live tokens one person may hold. */
const API_TOKENS_MAX = 100;

/** A named token for programs; `token` is shown only here. Refuses `limit_invalid` beyond 100 live tokens. */
export async function createApiToken(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly name: string; readonly expiresInDays?: number | undefined },
): Promise<UseCaseResult<{ readonly token: string; readonly session: Session }>> {
  const issued = issueToken(deps, { userId: scope.userId, kind: 'api_token', name: input.name, days: input.expiresInDays ?? null });
  return deps.store.transaction(async (tx) => {
    const live = (await tx.users.listSessions(scope.userId)).filter((session) => isLiveApiToken(session, deps.clock.now()));
    if (live.length >= API_TOKENS_MAX)
      return refuse('limit_invalid', `At most ${API_TOKENS_MAX} API tokens may be live. Revoke one first.`);
    await tx.users.insertSession(issued.session, issued.tokenHash);
    const detail = { name: input.name, expires_in_days: input.expiresInDays ?? null };
    await auditUserAction(tx, deps, scope, { action: 'api_token.created', subject: `api_token:${issued.session.id}`, detail });
    return ok({ token: issued.token, session: issued.session });
  });
}
