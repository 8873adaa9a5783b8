import { asId, ok, type UserId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { insertPerson, refuseTakenNames } from './insert-person.ts';
import { issueToken } from './issue-token.ts';
import { type LoggedIn, loggedIn } from './logged-in.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { refuseTooMany } from './refuse-too-many.ts';
import type { User } from './user.ts';

/** A further person, by an owner's invitation, which is used up by it. Refuses `invalid_invitation`, `username_taken`, `email_taken`, `rate_limited`. */
export async function registerUser(
  deps: EngineDeps,
  context: { readonly sessionDays: number; readonly throttle: LoginThrottle },
  input: {
    readonly invitationToken: string;
    readonly username: string;
    readonly email?: string | undefined;
    readonly password: string;
    readonly address: string;
  },
): Promise<UseCaseResult<LoggedIn>> {
  const keys = [`invitation:${input.address}`];
  const waitMs = context.throttle.begin(keys);
  if (waitMs > 0) return refuseTooMany(waitMs);
  const passwordHash = await deps.passwords.hash(input.password);
  const user: User = {
    id: asId<UserId>(deps.ids.uuid()),
    username: input.username,
    email: input.email ?? null,
    role: 'member',
    createdAt: deps.clock.now(),
  };
  const issued = issueToken(deps, { userId: user.id, kind: 'session', name: 'registration', days: context.sessionDays });
  const result = await refuseTakenNames(() =>
    deps.store.transaction(async (tx): Promise<UseCaseResult<LoggedIn>> => {
      if (!(await tx.users.consumeInvitation(deps.ids.hash(input.invitationToken), deps.clock.now()))) {
        return refuse('invalid_invitation', 'This invitation is unknown, used or expired. Ask the owner for a new one.');
      }
      await insertPerson(tx, deps, { user, passwordHash, issued, action: 'user.registered' });
      return ok(loggedIn(user, issued));
    }),
  );
  // A wrong guess stays counted; a taken name was no guess.
  if (result.ok || result.error.code !== 'invalid_invitation') context.throttle.succeed(keys);
  return result;
}
