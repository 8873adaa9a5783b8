import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { Conflict, type StoreTx } from '../ports/store.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import type { IssuedToken } from './issue-token.ts';
import { ownerScope } from './owner-scope.ts';
import type { User } from './user.ts';

/** Stores a new person with a first session. Throws Conflict when a name or address is taken. */
export async function insertPerson(
  tx: StoreTx,
  deps: EngineDeps,
  person: { readonly user: User; readonly passwordHash: string; readonly issued: IssuedToken; readonly action: string },
): Promise<void> {
  const { user, passwordHash, issued, action } = person;
  await tx.users.insert(user, passwordHash);
  await tx.users.insertSession(issued.session, issued.tokenHash);
  const detail = { username: user.username, role: user.role };
  await auditUserAction(tx, deps, ownerScope(user.id), { action, subject: `user:${user.id}`, detail });
}

/** Runs work that may hit a taken name or address, and turns that into a refusal; nothing of the work stays then. */
export async function refuseTakenNames<T>(work: () => Promise<UseCaseResult<T>>): Promise<UseCaseResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    if (error.rule === 'username_taken') {
      return refuse('username_taken', 'This user name is taken. Choose another.', [{ field: 'username', message: 'Taken.' }]);
    }
    if (error.rule === 'email_taken') {
      return refuse('email_taken', 'This e-mail address is taken. Use another.', [{ field: 'email', message: 'Taken.' }]);
    }
    throw error;
  }
}
