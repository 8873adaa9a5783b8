import { ok, type Timestamp, toIso } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { daysLater, issueInvitation } from './issue-token.ts';
import { notFound } from './not-found.ts';
import type { OwnerScope } from './owner-scope.ts';

/** Days an invitation may lie unused. */
const INVITATION_DAYS = 7;

/** A token with which one further person may register; owners only (`forbidden`). Shown once. */
export async function createInvitation(
  deps: EngineDeps,
  scope: OwnerScope,
): Promise<UseCaseResult<{ readonly invitationToken: string; readonly expiresAt: Timestamp }>> {
  const { token, tokenHash } = issueInvitation(deps);
  const expiresAt = daysLater(deps.clock.now(), INVITATION_DAYS);
  return deps.store.transaction(async (tx) => {
    const user = await tx.users.get(scope.userId);
    if (user === null) return notFound('user');
    if (user.role !== 'owner') return refuse('forbidden', 'Only an owner of this instance may invite others. Ask one of them.');
    await tx.users.insertInvitation(tokenHash, user.id, expiresAt);
    await auditUserAction(tx, deps, scope, {
      action: 'invitation.created',
      subject: `user:${user.id}`,
      detail: { expires_at: toIso(expiresAt) },
    });
    return ok({ invitationToken: token, expiresAt });
  });
}
