import { argon2PasswordHasher, systemClock } from '@hyperoru/adapters';
import { DEMO_OWNER_ID } from '@hyperoru/engine';
import { StartProblem } from '../start-problem.ts';
import { withStore } from './with-store.ts';

const PASSWORD_BYTES = 15;

/** Recovery on this machine: gives a user a new random password, shown once, and ends all of their sessions. */
export function resetPassword(name: string): Promise<number> {
  return withStore(async ({ opened, ids, terminal }) => {
    const password = ids.token(PASSWORD_BYTES);
    const passwordHash = await argon2PasswordHasher().hash(password);
    const now = systemClock.now();
    const username = await opened.store.transaction(async (tx) => {
      const found = await tx.users.findForLogin(name.trim());
      if (found === null || found.user.id === DEMO_OWNER_ID) {
        throw new StartProblem(`There is no user "${name}". Give the user name or e-mail address of somebody who exists.`);
      }
      await tx.users.setPasswordHash(found.user.id, passwordHash);
      await tx.users.revokeAllSessions(found.user.id, now);
      const subject = `user:${found.user.id}`;
      await tx.journal.audit({
        at: now,
        ownerId: found.user.id,
        actor: 'system',
        action: 'user.password_reset',
        subject,
        detail: { by: 'command line' },
      });
      return found.user.username;
    });
    terminal.say(`New password of ${username}: ${password}`);
    terminal.say('All sessions and API tokens of this user have ended. Change the password after logging in.');
  });
}
