import { addMs, ok, type Timestamp } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { type Refusal, refuse, type UseCaseResult } from '../refusal.ts';
import { checkOwnPassword } from './check-password.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { OwnerScope } from './owner-scope.ts';

/** How long a proven password counts as step-up. */
export const STEP_UP_MS = 5 * 60_000;

/**
 * Proves the password again for the session or API token the caller came with; what raises risk asks for it. A stolen token
 * alone does not suffice for that. Refuses `invalid_credentials`, and `rate_limited` from the fifth failure in a row on.
 */
export async function stepUp(
  deps: EngineDeps,
  scope: OwnerScope,
  context: { readonly throttle: LoginThrottle },
  input: { readonly sessionId: string; readonly password: string },
): Promise<UseCaseResult<{ readonly expiresAt: Timestamp }>> {
  const ifWrong = 'The password is wrong. Check it.';
  const refused = await checkOwnPassword(deps, scope, context.throttle, { password: input.password, field: 'password', ifWrong });
  if (refused !== null) return refused;
  const now = deps.clock.now();
  await deps.store.transaction(async (tx) => {
    await tx.users.markSteppedUp(input.sessionId, now);
    const detail = { session_id: input.sessionId };
    await auditUserAction(tx, deps, scope, { action: 'user.stepped_up', subject: `user:${scope.userId}`, detail });
  });
  return ok({ expiresAt: addMs(now, STEP_UP_MS) });
}

/** null when the caller proved the password in the last {@link STEP_UP_MS}, else the refusal. `what` completes "… needs your password". */
export function requireStepUp(scope: OwnerScope, now: Timestamp, what: string): { readonly ok: false; readonly error: Refusal } | null {
  if (scope.steppedUpAt !== null && now - scope.steppedUpAt < STEP_UP_MS) return null;
  const minutes = STEP_UP_MS / 60_000;
  return refuse(
    'step_up_required',
    `${what} needs your password once more. Send it to POST /api/users/step-up and repeat this within ${minutes} minutes.`,
  );
}
