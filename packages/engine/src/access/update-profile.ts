import { ok, type UserId } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { checkOwnPassword } from './check-password.ts';
import { refuseTakenNames } from './insert-person.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { notFound } from './not-found.ts';
import type { OwnerScope } from './owner-scope.ts';
import type { User } from './user.ts';

export interface ProfileInput {
  /** The session the caller came with; it survives a change of the password. */
  readonly sessionId: string;
  readonly username?: string | undefined;
  readonly email?: string | null | undefined;
  readonly password?: string | undefined;
  readonly currentPassword?: string | undefined;
}

/**
 * Changes what is given. A new password needs the current one and ends every other login; API tokens stay, they are
 * revoked one by one. Refuses `invalid_credentials`, `rate_limited`, `username_taken`, `email_taken`.
 */
export async function updateProfile(
  deps: EngineDeps,
  scope: OwnerScope,
  context: { readonly throttle: LoginThrottle },
  input: ProfileInput,
): Promise<UseCaseResult<User>> {
  const checked = input.password === undefined ? null : await checkCurrentPassword(deps, scope, context.throttle, input);
  if (checked !== null) return checked;
  const passwordHash = input.password === undefined ? null : await deps.passwords.hash(input.password);
  return refuseTakenNames(() =>
    deps.store.transaction(async (tx): Promise<UseCaseResult<User>> => {
      const user = await tx.users.get(scope.userId);
      if (user === null) return notFound('user');
      const next: User = {
        ...user,
        username: input.username ?? user.username,
        email: input.email === undefined ? user.email : input.email,
      };
      await tx.users.update(next);
      if (passwordHash !== null) {
        await tx.users.setPasswordHash(user.id, passwordHash);
        await revokeOtherLogins(tx, deps, user.id, input.sessionId);
      }
      const detail = { username: next.username, email_changed: next.email !== user.email, password_changed: passwordHash !== null };
      await auditUserAction(tx, deps, scope, { action: 'user.updated', subject: `user:${user.id}`, detail });
      return ok(next);
    }),
  );
}

async function checkCurrentPassword(deps: EngineDeps, scope: OwnerScope, throttle: LoginThrottle, input: ProfileInput) {
  const field = 'current_password';
  if (input.currentPassword === undefined) {
    const details = [{ field, message: 'Expected the password that is valid now.' }];
    return refuse('invalid_credentials', 'A new password needs the current one. Send current_password too.', details);
  }
  const ifWrong = 'The current password is wrong. Nothing was changed.';
  return checkOwnPassword(deps, scope, throttle, { password: input.currentPassword, field, ifWrong });
}

async function revokeOtherLogins(tx: StoreTx, deps: EngineDeps, userId: UserId, sessionId: string): Promise<void> {
  const now = deps.clock.now();
  for (const session of await tx.users.listSessions(userId)) {
    if (session.kind === 'session' && session.id !== sessionId && session.revokedAt === null)
      await tx.users.revokeSession(userId, session.id, now);
  }
}
