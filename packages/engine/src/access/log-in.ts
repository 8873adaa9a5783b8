import { ok } from '@hyperoru/domain';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { DEMO_OWNER_ID } from './demo-owner.ts';
import { issueToken } from './issue-token.ts';
import { type LoggedIn, loggedIn } from './logged-in.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { ownerScope } from './owner-scope.ts';
import { refuseTooMany } from './refuse-too-many.ts';

/**
 * Password → session. `login` is a user name or an e-mail address. An unknown name and a wrong password get the same
 * answer after the same time (`invalid_credentials`); from the fifth failure of a name or an address on, `rate_limited`.
 */
export async function logIn(
  deps: EngineDeps,
  context: { readonly sessionDays: number; readonly throttle: LoginThrottle },
  input: { readonly login: string; readonly password: string; readonly address: string },
): Promise<UseCaseResult<LoggedIn>> {
  const keys = [`login:${input.login.trim().toLowerCase()}`, `address:${input.address}`];
  const waitMs = context.throttle.begin(keys);
  if (waitMs > 0) return refuseTooMany(waitMs);
  const found = await deps.store.transaction((tx) => tx.users.findForLogin(input.login.trim()));
  const person = found === null || found.user.id === DEMO_OWNER_ID ? null : found;
  const isRight = await deps.passwords.verify(person?.passwordHash ?? null, input.password);
  if (person === null || !isRight) return refuse('invalid_credentials', 'Name or password is wrong. Check both.');
  context.throttle.succeed(keys);
  const issued = issueToken(deps, { userId: person.user.id, kind: 'session', name: 'login', days: context.sessionDays });
  await deps.store.transaction(async (tx) => {
    await tx.users.insertSession(issued.session, issued.tokenHash);
    const detail = { session_id: issued.session.id };
    await auditUserAction(tx, deps, ownerScope(person.user.id), { action: 'user.logged_in', subject: `user:${person.user.id}`, detail });
  });
  return ok(loggedIn(person.user, issued));
}
