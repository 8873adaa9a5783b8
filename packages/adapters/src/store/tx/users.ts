import type { Timestamp } from '@hyperoru/domain';
import { Conflict, type Session, type User, type UserStore } from '@hyperoru/engine';
import { and, asc, count, desc, eq, gt, isNull, or } from 'drizzle-orm';
import { violatedConstraint } from '../database.ts';
import { invitations, sessions, users } from '../schema/access.ts';
import type { TxContext } from '../transaction.ts';

const RULES: Readonly<Record<string, string>> = { users_username_key: 'username_taken', users_email_key: 'email_taken' };

const USER = { id: users.id, username: users.username, email: users.email, role: users.role, createdAt: users.createdAt };
const SESSION = {
  id: sessions.id,
  userId: sessions.userId,
  kind: sessions.kind,
  name: sessions.name,
  createdAt: sessions.createdAt,
  expiresAt: sessions.expiresAt,
  lastUsedAt: sessions.lastUsedAt,
  steppedUpAt: sessions.steppedUpAt,
  revokedAt: sessions.revokedAt,
};

/** People, their sessions and invitations. */
export function userStore(context: TxContext): UserStore {
  return { ...accounts(context), ...logins(context), ...invites(context) };
}

type Accounts = Pick<UserStore, 'count' | 'insert' | 'update' | 'setPasswordHash' | 'get' | 'list' | 'findForLogin'>;

function accounts(context: TxContext): Accounts {
  const { db } = context;
  return {
    count: async () => (await db.select({ total: count() }).from(users))[0]?.total ?? 0,
    insert: (user, passwordHash) => unlessTaken(context, () => db.insert(users).values({ ...user, ...folded(user), passwordHash })),
    update: (user) =>
      unlessTaken(context, () =>
        db
          .update(users)
          .set({ ...user, ...folded(user) })
          .where(eq(users.id, user.id)),
      ),
    setPasswordHash: async (id, passwordHash) => {
      await db.update(users).set({ passwordHash }).where(eq(users.id, id));
    },
    get: async (id) => (await db.select(USER).from(users).where(eq(users.id, id)))[0] ?? null,
    list: () => db.select(USER).from(users).orderBy(asc(users.createdAt), asc(users.id)),
    findForLogin: async (login) => {
      const key = fold(login);
      const found = await db
        .select({ user: USER, passwordHash: users.passwordHash, usernameKey: users.usernameKey })
        .from(users)
        .where(or(eq(users.usernameKey, key), eq(users.emailKey, key)))
        .limit(2);
      // Somebody may have taken another's email as username: the username wins.
      const match = found.find((row) => row.usernameKey === key) ?? found[0];
      return match === undefined ? null : { user: match.user, passwordHash: match.passwordHash };
    },
  };
}

type Logins = Pick<
  UserStore,
  'insertSession' | 'findSession' | 'listSessions' | 'touchSession' | 'markSteppedUp' | 'revokeSession' | 'revokeAllSessions'
>;

function logins({ db }: TxContext): Logins {
  return {
    insertSession: async (session: Session, tokenHash: string) => {
      await db.insert(sessions).values({ ...session, tokenHash });
    },
    findSession: async (tokenHash) => {
      const found = await db
        .select({ session: SESSION, user: USER })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.tokenHash, tokenHash), isNull(sessions.revokedAt)));
      return found[0] ?? null;
    },
    listSessions: (userId) =>
      db.select(SESSION).from(sessions).where(eq(sessions.userId, userId)).orderBy(desc(sessions.createdAt), asc(sessions.id)),
    touchSession: async (id, at) => {
      await db.update(sessions).set({ lastUsedAt: at }).where(eq(sessions.id, id));
    },
    markSteppedUp: async (id, at) => {
      await db.update(sessions).set({ steppedUpAt: at }).where(eq(sessions.id, id));
    },
    revokeSession: async (userId, id, at) => {
      const mine = and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.revokedAt));
      return (await db.update(sessions).set({ revokedAt: at }).where(mine).returning({ id: sessions.id })).length > 0;
    },
    revokeAllSessions: async (userId, at) => {
      await db
        .update(sessions)
        .set({ revokedAt: at })
        .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt)));
    },
  };
}

function invites({ db }: TxContext): Pick<UserStore, 'insertInvitation' | 'consumeInvitation'> {
  return {
    insertInvitation: async (tokenHash, createdBy, expiresAt) => {
      await db.insert(invitations).values({ tokenHash, createdBy, expiresAt, usedAt: null });
    },
    consumeInvitation: async (tokenHash, at: Timestamp) => {
      const open = and(eq(invitations.tokenHash, tokenHash), isNull(invitations.usedAt), gt(invitations.expiresAt, at));
      return (await db.update(invitations).set({ usedAt: at }).where(open).returning({ tokenHash: invitations.tokenHash })).length > 0;
    },
  };
}

const fold = (name: string): string => name.normalize('NFKC').toLowerCase();
const folded = (user: User) => ({ usernameKey: fold(user.username), emailKey: user.email === null ? null : fold(user.email) });

/** A refused statement would end the whole transaction; behind a savepoint the caller may go on after the Conflict. */
async function unlessTaken(context: TxContext, write: () => Promise<unknown>): Promise<void> {
  await context.client.query('savepoint unless_taken');
  try {
    await write();
    await context.client.query('release savepoint unless_taken');
  } catch (error) {
    await context.client.query('rollback to savepoint unless_taken');
    const rule = RULES[violatedConstraint(error) ?? ''];
    throw rule === undefined ? error : new Conflict(rule);
  }
}
