import { Conflict, type UserStore } from '@hyperoru/engine';
import { byCreation, compareText } from '../core/in-order.ts';
import { UniqueViolation } from '../core/table-options.ts';
import { foldName } from '../tables/access.ts';
import { type CallsOf, partOf } from './calls.ts';

const RULES: Readonly<Record<string, string>> = { users_username_key: 'username_taken', users_email_key: 'email_taken' };

type Accounts = Pick<UserStore, 'count' | 'insert' | 'update' | 'setPasswordHash' | 'get' | 'list' | 'findForLogin'>;

const accounts: CallsOf<Accounts> = {
  count: ({ tx, tables }) => tx.call('users.count', () => tables.users.all(tx).length),
  insert: ({ tx, tables }, user, passwordHash) =>
    tx.call('users.insert', () => unlessTaken(() => tables.users.insertNew(tx, { user, passwordHash })), 'guarded'),
  update: ({ tx, tables }, user) =>
    tx.call(
      'users.update',
      () =>
        unlessTaken(async () => {
          await tables.users.update(tx, user.id, (row) => ({ ...row, user }));
        }),
      'guarded',
    ),
  setPasswordHash: ({ tx, tables }, id, passwordHash) =>
    tx.call('users.setPasswordHash', async () => {
      await tables.users.update(tx, id, (row) => ({ ...row, passwordHash }));
    }),
  get: ({ tx, tables }, id) => tx.call('users.get', () => tables.users.get(tx, id)?.user ?? null),
  list: ({ tx, tables }) => tx.call('users.list', () => byCreation(tables.users.all(tx).map(({ user }) => user))),
  findForLogin: ({ tx, tables }, login) =>
    tx.call('users.findForLogin', () => {
      const key = foldName(login);
      // Somebody may have taken another's email as username: the username wins.
      return (
        tables.users.find(tx, tables.users.rule('users_username_key'), key) ??
        tables.users.find(tx, tables.users.rule('users_email_key'), key)
      );
    }),
};

type Logins = Pick<
  UserStore,
  'insertSession' | 'findSession' | 'listSessions' | 'touchSession' | 'markSteppedUp' | 'revokeSession' | 'revokeAllSessions'
>;

const logins: CallsOf<Logins> = {
  insertSession: ({ tx, tables }, session, tokenHash) =>
    tx.call('users.insertSession', () => tables.sessions.insertNew(tx, { session, tokenHash })),
  findSession: ({ tx, tables }, tokenHash) =>
    tx.call('users.findSession', () => {
      const found = tables.sessions.find(tx, tables.sessions.rule('sessions_token_hash'), tokenHash);
      const user = found === null ? null : tables.users.get(tx, found.session.userId);
      return found === null || user === null || found.session.revokedAt !== null ? null : { session: found.session, user: user.user };
    }),
  listSessions: ({ tx, tables }, userId) =>
    tx.call('users.listSessions', () =>
      tables.sessions
        .all(tx)
        .map(({ session }) => session)
        .filter((session) => session.userId === userId)
        .sort((a, b) => b.createdAt - a.createdAt || compareText(a.id, b.id)),
    ),
  touchSession: ({ tx, tables }, id, at) =>
    tx.call('users.touchSession', async () => {
      await tables.sessions.update(tx, id, (row) => ({ ...row, session: { ...row.session, lastUsedAt: at } }));
    }),
  markSteppedUp: ({ tx, tables }, id, at) =>
    tx.call('users.markSteppedUp', async () => {
      await tables.sessions.update(tx, id, (row) => ({ ...row, session: { ...row.session, steppedUpAt: at } }));
    }),
  revokeSession: ({ tx, tables }, userId, id, at) =>
    tx.call('users.revokeSession', () =>
      tables.sessions.update(
        tx,
        id,
        (row) => ({ ...row, session: { ...row.session, revokedAt: at } }),
        ({ session }) => session.userId === userId && session.revokedAt === null,
      ),
    ),
  revokeAllSessions: ({ tx, tables }, userId, at) =>
    tx.call('users.revokeAllSessions', async () => {
      for (const { session } of tables.sessions.all(tx)) {
        if (session.userId !== userId) continue;
        await tables.sessions.update(
          tx,
          session.id,
          (row) => ({ ...row, session: { ...row.session, revokedAt: at } }),
          (row) => row.session.revokedAt === null,
        );
      }
    }),
};

const invites: CallsOf<Pick<UserStore, 'insertInvitation' | 'consumeInvitation'>> = {
  insertInvitation: ({ tx, tables }, tokenHash, createdBy, expiresAt) =>
    tx.call('users.insertInvitation', () => tables.invitations.insertNew(tx, { tokenHash, createdBy, expiresAt, usedAt: null })),
  consumeInvitation: ({ tx, tables }, tokenHash, at) =>
    tx.call('users.consumeInvitation', () =>
      tables.invitations.update(
        tx,
        tokenHash,
        (row) => ({ ...row, usedAt: at }),
        (row) => row.usedAt === null && row.expiresAt > at,
      ),
    ),
};

/** Behind a savepoint: the caller may go on after the Conflict. */
async function unlessTaken(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const rule = error instanceof UniqueViolation ? RULES[error.rule] : undefined;
    throw rule === undefined ? error : new Conflict(rule);
  }
}

/** People, their sessions and invitations. */
export const userStore = partOf<UserStore>({ ...accounts, ...logins, ...invites });
