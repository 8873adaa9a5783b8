import { Conflict, type UserStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { byCreation, compareText } from '../core/in-order.ts';
import { UniqueViolation } from '../core/table-options.ts';
import { foldName } from '../tables/access.ts';

const RULES: Readonly<Record<string, string>> = { users_username_key: 'username_taken', users_email_key: 'email_taken' };

/** People, their sessions and invitations. */
export function userStore(context: TxContext): UserStore {
  return { ...accounts(context), ...logins(context), ...invites(context) };
}

type Accounts = Pick<UserStore, 'count' | 'insert' | 'update' | 'setPasswordHash' | 'get' | 'list' | 'findForLogin'>;

function accounts({ tx, tables: { users } }: TxContext): Accounts {
  const [byName, byEmail] = [users.rule('users_username_key'), users.rule('users_email_key')];
  return {
    count: () => tx.call('users.count', () => users.all(tx).length),
    insert: (user, passwordHash) =>
      tx.call('users.insert', () => unlessTaken(() => users.insertNew(tx, { user, passwordHash })), 'guarded'),
    update: (user) =>
      tx.call(
        'users.update',
        () =>
          unlessTaken(async () => {
            await users.update(tx, user.id, (row) => ({ ...row, user }));
          }),
        'guarded',
      ),
    setPasswordHash: (id, passwordHash) =>
      tx.call('users.setPasswordHash', async () => {
        await users.update(tx, id, (row) => ({ ...row, passwordHash }));
      }),
    get: (id) => tx.call('users.get', () => users.get(tx, id)?.user ?? null),
    list: () => tx.call('users.list', () => byCreation(users.all(tx).map(({ user }) => user))),
    findForLogin: (login) =>
      tx.call('users.findForLogin', () => {
        const key = foldName(login);
        // Somebody may have taken another's email as username: the username wins.
        return users.find(tx, byName, key) ?? users.find(tx, byEmail, key);
      }),
  };
}

type Logins = Pick<
  UserStore,
  'insertSession' | 'findSession' | 'listSessions' | 'touchSession' | 'markSteppedUp' | 'revokeSession' | 'revokeAllSessions'
>;

function logins({ tx, tables: { users, sessions } }: TxContext): Logins {
  const byToken = sessions.rule('sessions_token_hash');
  return {
    insertSession: (session, tokenHash) => tx.call('users.insertSession', () => sessions.insertNew(tx, { session, tokenHash })),
    findSession: (tokenHash) =>
      tx.call('users.findSession', () => {
        const found = sessions.find(tx, byToken, tokenHash);
        const user = found === null ? null : users.get(tx, found.session.userId);
        return found === null || user === null || found.session.revokedAt !== null ? null : { session: found.session, user: user.user };
      }),
    listSessions: (userId) =>
      tx.call('users.listSessions', () =>
        sessions
          .all(tx)
          .map(({ session }) => session)
          .filter((session) => session.userId === userId)
          .sort((a, b) => b.createdAt - a.createdAt || compareText(a.id, b.id)),
      ),
    touchSession: (id, at) =>
      tx.call('users.touchSession', async () => {
        await sessions.update(tx, id, (row) => ({ ...row, session: { ...row.session, lastUsedAt: at } }));
      }),
    markSteppedUp: (id, at) =>
      tx.call('users.markSteppedUp', async () => {
        await sessions.update(tx, id, (row) => ({ ...row, session: { ...row.session, steppedUpAt: at } }));
      }),
    revokeSession: (userId, id, at) =>
      tx.call('users.revokeSession', () =>
        sessions.update(
          tx,
          id,
          (row) => ({ ...row, session: { ...row.session, revokedAt: at } }),
          ({ session }) => session.userId === userId && session.revokedAt === null,
        ),
      ),
    revokeAllSessions: (userId, at) =>
      tx.call('users.revokeAllSessions', async () => {
        for (const { session } of sessions.all(tx)) {
          if (session.userId !== userId) continue;
          await sessions.update(
            tx,
            session.id,
            (row) => ({ ...row, session: { ...row.session, revokedAt: at } }),
            (row) => row.session.revokedAt === null,
          );
        }
      }),
  };
}

function invites({ tx, tables: { invitations } }: TxContext): Pick<UserStore, 'insertInvitation' | 'consumeInvitation'> {
  return {
    insertInvitation: (tokenHash, createdBy, expiresAt) =>
      tx.call('users.insertInvitation', () => invitations.insertNew(tx, { tokenHash, createdBy, expiresAt, usedAt: null })),
    consumeInvitation: (tokenHash, at) =>
      tx.call('users.consumeInvitation', () =>
        invitations.update(
          tx,
          tokenHash,
          (row) => ({ ...row, usedAt: at }),
          (row) => row.usedAt === null && row.expiresAt > at,
        ),
      ),
  };
}

/** Behind a savepoint: the caller may go on after the Conflict. */
async function unlessTaken(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const rule = error instanceof UniqueViolation ? RULES[error.rule] : undefined;
    throw rule === undefined ? error : new Conflict(rule);
  }
}
