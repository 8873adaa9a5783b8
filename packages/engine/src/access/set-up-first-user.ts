import { asId, ok, type UserId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { equalInConstantTime } from './constant-time.ts';
import { DEMO_OWNER_ID, listPeople } from './demo-owner.ts';
import { insertPerson, refuseTakenNames } from './insert-person.ts';
import { issueToken } from './issue-token.ts';
import { type LoggedIn, loggedIn } from './logged-in.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { refuseTooMany } from './refuse-too-many.ts';
import type { User } from './user.ts';

/** Written first by every set-up, so that two at once wait for each other at its row. */
const SETUP_LOCK = 'access.setup_lock';

export interface FirstUserInput {
  readonly setupToken: string;
  readonly username: string;
  readonly email?: string | undefined;
  readonly password: string;
  /** Where the request came from, for the back-off. */
  readonly address: string;
}

/**
 * The first person of the instance, with the role owner; takes over the demo's traders.
 * `setupTokenHash` is the SHA-256 of the token printed at start. Refuses `invalid_setup_token`, `setup_done`, `rate_limited`.
 */
export async function setUpFirstUser(
  deps: EngineDeps,
  context: { readonly setupTokenHash: string; readonly sessionDays: number; readonly throttle: LoginThrottle },
  input: FirstUserInput,
): Promise<UseCaseResult<LoggedIn>> {
  const keys = ['setup', `address:${input.address}`];
  const waitMs = context.throttle.begin(keys);
  if (waitMs > 0) return refuseTooMany(waitMs);
  if (!equalInConstantTime(deps.ids.hash(input.setupToken), context.setupTokenHash)) {
    return refuse('invalid_setup_token', 'This is not the set-up token of this start. Copy the one printed in the terminal.');
  }
  context.throttle.succeed(keys);
  const passwordHash = await deps.passwords.hash(input.password);
  const user: User = {
    id: asId<UserId>(deps.ids.uuid()),
    username: input.username,
    email: input.email ?? null,
    role: 'owner',
    createdAt: deps.clock.now(),
  };
  const issued = issueToken(deps, { userId: user.id, kind: 'session', name: 'set-up', days: context.sessionDays });
  return refuseTakenNames(() =>
    deps.store.transaction(async (tx) => {
      await tx.journal.putSetting(SETUP_LOCK, deps.clock.now());
      if ((await listPeople(tx)).length > 0)
        return refuse('setup_done', 'The first user exists already. Log in, or ask the owner for an invitation.');
      await insertPerson(tx, deps, { user, passwordHash, issued, action: 'user.set_up' });
      await tx.traders.reassignOwner(DEMO_OWNER_ID, user.id);
      return ok(loggedIn(user, issued));
    }),
  );
}
