import type { EngineDeps } from '../deps.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { OwnerScope } from './owner-scope.ts';
import { refuseTooMany } from './refuse-too-many.ts';

/**
 * Lets the caller prove their own password once more; null when it is right. Refuses `invalid_credentials` with the sentence
 * `ifWrong`, and `rate_limited` from the fifth failure in a row on.
 */
export async function checkOwnPassword(
  deps: EngineDeps,
  scope: OwnerScope,
  throttle: LoginThrottle,
  input: { readonly password: string; readonly field: string; readonly ifWrong: string },
): Promise<{ readonly ok: false; readonly error: Refusal } | null> {
  const keys = [`password:${scope.userId}`];
  const waitMs = throttle.begin(keys);
  if (waitMs > 0) return refuseTooMany(waitMs);
  const found = await deps.store.transaction(async (tx) => {
    const user = await tx.users.get(scope.userId);
    return user === null ? null : tx.users.findForLogin(user.username);
  });
  if (!(await deps.passwords.verify(found?.passwordHash ?? null, input.password))) {
    return refuse('invalid_credentials', input.ifWrong, [{ field: input.field, message: 'Expected the password that is valid now.' }]);
  }
  throttle.succeed(keys);
  return null;
}
