import { addMs, type UserId } from '@hyperoru/domain';
import type { Session } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { newUser, type StoreUnderTest, worldIds } from './store-world.ts';

export function describeUsers(subject: () => StoreUnderTest): void {
  describeAccounts(subject);
  describeSessions(subject);
}

const sessionOf = (userId: UserId, change: Partial<Session> = {}): Session => ({
  id: worldIds.uuid(),
  userId,
  kind: 'session',
  name: 'Browser',
  createdAt: FAKE_EPOCH,
  expiresAt: addMs(FAKE_EPOCH, 1_000),
  lastUsedAt: null,
  steppedUpAt: null,
  revokedAt: null,
  ...change,
});

function describeAccounts(subject: () => StoreUnderTest): void {
  describe('users', () => {
    it('counts and lists users, and reads what was written', async () => {
      const { store } = subject();
      const user = newUser({ email: 'Ada@example.org', role: 'owner' });
      const before = await store.transaction((tx) => tx.users.count());
      await store.transaction((tx) => tx.users.insert(user, 'hash'));
      expect(await store.transaction((tx) => tx.users.count())).toBe(before + 1);
      expect(await store.transaction((tx) => tx.users.list())).toContainEqual(user);
      expect(await store.transaction((tx) => tx.users.get(newUser().id))).toBeNull();
    });

    it('takes a name or an email once, whatever the case', async () => {
      const { store } = subject();
      await store.transaction((tx) => tx.users.insert(newUser({ username: 'Grace', email: 'Grace@example.org' }), 'hash'));
      const named = store.transaction((tx) => tx.users.insert(newUser({ username: 'gRACE' }), 'hash'));
      await expect(named).rejects.toMatchObject({ name: 'Conflict', rule: 'username_taken' });
      const mailed = store.transaction((tx) => tx.users.insert(newUser({ email: 'grace@EXAMPLE.org' }), 'hash'));
      await expect(mailed).rejects.toMatchObject({ name: 'Conflict', rule: 'email_taken' });
    });

    it('folds letters beyond ASCII as well', async () => {
      const { store } = subject();
      await store.transaction((tx) => tx.users.insert(newUser({ username: 'ÉLODIE' }), 'hash'));
      await expect(store.transaction((tx) => tx.users.insert(newUser({ username: 'élodie' }), 'hash'))).rejects.toMatchObject({
        rule: 'username_taken',
      });
      expect((await store.transaction((tx) => tx.users.findForLogin('Élodie')))?.user.username).toBe('ÉLODIE');
    });

    it('finds a login by name or email with the current password hash', async () => {
      const { store } = subject();
      const user = newUser({ username: 'Linus', email: 'linus@example.org' });
      await store.transaction((tx) => tx.users.insert(user, 'old'));
      await store.transaction((tx) => tx.users.setPasswordHash(user.id, 'new'));
      for (const login of ['LINUS', 'Linus@Example.org']) {
        expect(await store.transaction((tx) => tx.users.findForLogin(login))).toEqual({ user, passwordHash: 'new' });
      }
      expect(await store.transaction((tx) => tx.users.findForLogin('nobody at all'))).toBeNull();
    });

    it('changes a user, but not to a taken name', async () => {
      const { store } = subject();
      const [one, two] = [newUser(), newUser()];
      await store.transaction(async (tx) => {
        await tx.users.insert(one, 'hash');
        await tx.users.insert(two, 'hash');
        await tx.users.update({ ...one, email: 'one@example.org' });
      });
      expect((await store.transaction((tx) => tx.users.get(one.id)))?.email).toBe('one@example.org');
      await expect(store.transaction((tx) => tx.users.update({ ...two, username: one.username }))).rejects.toMatchObject({
        rule: 'username_taken',
      });
    });

    it('lets an invitation be used once, before it expires', async () => {
      const { store } = subject();
      const user = newUser();
      const at = addMs(FAKE_EPOCH, 1_000);
      await store.transaction(async (tx) => {
        await tx.users.insert(user, 'hash');
        await tx.users.insertInvitation(`open ${user.id}`, user.id, addMs(at, 1));
        await tx.users.insertInvitation(`over ${user.id}`, user.id, at);
      });
      const consume = (tokenHash: string) => store.transaction((tx) => tx.users.consumeInvitation(tokenHash, at));
      expect(await consume(`over ${user.id}`)).toBe(false);
      expect(await consume(`unknown ${user.id}`)).toBe(false);
      expect((await Promise.all([consume(`open ${user.id}`), consume(`open ${user.id}`)])).sort()).toEqual([false, true]);
    });
  });
}

function describeSessions(subject: () => StoreUnderTest): void {
  describe('sessions', () => {
    const plant = async () => {
      const user = newUser();
      const session = sessionOf(user.id);
      await subject().store.transaction(async (tx) => {
        await tx.users.insert(user, 'hash');
        await tx.users.insertSession(session, `token ${session.id}`);
      });
      return { user, session, find: () => subject().store.transaction((tx) => tx.users.findSession(`token ${session.id}`)) };
    };

    it('finds a session with its user by the hash of the token only', async () => {
      const { user, session, find } = await plant();
      expect(await find()).toEqual({ session, user });
      expect(await subject().store.transaction((tx) => tx.users.findSession(session.id))).toBeNull();
    });

    it('remembers the last use', async () => {
      const { session, find } = await plant();
      await subject().store.transaction((tx) => tx.users.touchSession(session.id, addMs(FAKE_EPOCH, 7)));
      expect((await find())?.session.lastUsedAt).toBe(addMs(FAKE_EPOCH, 7));
    });

    it('remembers when the password was proven again', async () => {
      const { session, find } = await plant();
      await subject().store.transaction((tx) => tx.users.markSteppedUp(session.id, addMs(FAKE_EPOCH, 8)));
      expect(await find()).toMatchObject({ session: { ...session, steppedUpAt: addMs(FAKE_EPOCH, 8) } });
    });

    it('never finds a revoked session, but lists it', async () => {
      const { user, session, find } = await plant();
      const { store } = subject();
      const revoke = (owner: UserId) => store.transaction((tx) => tx.users.revokeSession(owner, session.id, addMs(FAKE_EPOCH, 9)));
      expect(await revoke(newUser().id)).toBe(false);
      expect(await revoke(user.id)).toBe(true);
      expect(await revoke(user.id)).toBe(false);
      expect(await find()).toBeNull();
      expect(await store.transaction((tx) => tx.users.listSessions(user.id))).toEqual([{ ...session, revokedAt: addMs(FAKE_EPOCH, 9) }]);
    });

    it('revokes all sessions of one user and of nobody else', async () => {
      const [mine, other] = [await plant(), await plant()];
      await subject().store.transaction((tx) => tx.users.revokeAllSessions(mine.user.id, FAKE_EPOCH));
      expect(await mine.find()).toBeNull();
      expect(await other.find()).not.toBeNull();
    });
  });
}
