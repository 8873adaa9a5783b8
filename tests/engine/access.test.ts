import { addMs, asId, type UserId } from '@hyperoru/domain';
import {
  authenticate,
  createApiToken,
  createInvitation,
  createTrader,
  DEMO_OWNER_ID,
  DEMO_OWNER_PASSWORD_HASH,
  demoOwner,
  type LoggedIn,
  listApiTokens,
  logIn,
  logOut,
  needsSetup,
  ownerScope,
  registerUser,
  revokeApiToken,
  SessionCache,
  setUpFirstUser,
  updateProfile,
} from '@hyperoru/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, auditOf, codeOf, type EngineWorld, newThrottle, openEngineWorld, valueOf } from './engine-world.ts';

const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;

let world: EngineWorld;
beforeAll(async () => {
  world = await openEngineWorld();
});
afterAll(() => world.close());

const settings = () => ({ sessionDays: 180, throttle: newThrottle(world) });
let addresses = 0;
/** An address nobody used yet. */
function address(): string {
  addresses += 1;
  return `10.0.0.${addresses}`;
}

async function logInAs(username: string, password = PASSWORD): Promise<LoggedIn> {
  return valueOf(await logIn(world.deps, settings(), { login: username, password, address: address() }));
}

describe('set-up of the first user', () => {
  const setUp = (token: string, username = 'ann') =>
    setUpFirstUser(
      world.deps,
      { ...settings(), setupTokenHash: world.deps.ids.hash('the token') },
      { setupToken: token, username, email: 'ann@example.org', password: PASSWORD, address: address() },
    );

  test('refuses a wrong token and leaves the instance without a user', async () => {
    expect(codeOf(await setUp('another token'))).toBe('invalid_setup_token');
    expect(await needsSetup(world.deps)).toBe(true);
  });

  test('does not count the demo owner as a user, makes an owner, and hands the demo traders over', async () => {
    await world.deps.store.transaction((tx) => tx.users.insert(demoOwner(world.clock.now()), DEMO_OWNER_PASSWORD_HASH));
    const demo = valueOf(await createTrader(world.deps, ownerScope(DEMO_OWNER_ID), { name: 'Demo', description: '' })).trader;
    expect(await needsSetup(world.deps)).toBe(true);

    const results = await Promise.all([setUp('the token', 'ann'), setUp('the token', 'bob'), setUp('the token', 'cyd')]);

    expect(results.map(codeOf).toSorted()).toEqual([null, 'setup_done', 'setup_done']);
    expect(await needsSetup(world.deps)).toBe(false);
    const { user } = valueOf(results.find((result) => result.ok) ?? results[0]);
    expect(user.role).toBe('owner');
    const page = await world.deps.readModel.listTraders(ownerScope(user.id), { includeDeleted: false }, { limit: 50, cursor: null });
    expect(page.items.map((trader) => trader.id)).toEqual([demo.id]);
  });

  test('is refused once it was done', async () => {
    expect(codeOf(await setUp('the token', 'dan'))).toBe('setup_done');
  });
});

describe('invitations', () => {
  test('are made by owners only', async () => {
    const member = await addPerson(world, 'member.one');
    expect(codeOf(await createInvitation(world.deps, member))).toBe('forbidden');
  });

  test('let one person register, once, within seven days', async () => {
    const owner = await addPerson(world, 'owner.one', 'owner');
    const register = (invitationToken: string, username: string) =>
      registerUser(world.deps, settings(), { invitationToken, username, password: PASSWORD, address: address() });
    const first = valueOf(await createInvitation(world.deps, owner));
    expect(first.expiresAt).toBe(addMs(world.clock.now(), 7 * DAY_MS));
    expect(codeOf(await register('hin_unknown', 'eve'))).toBe('invalid_invitation');
    const { user } = valueOf(await register(first.invitationToken, 'fay'));
    expect(user.role).toBe('member');
    expect(codeOf(await register(first.invitationToken, 'gus'))).toBe('invalid_invitation');

    const late = valueOf(await createInvitation(world.deps, owner));
    world.clock.jumpWall(7 * DAY_MS);
    expect(codeOf(await register(late.invitationToken, 'gus'))).toBe('invalid_invitation');
  });

  test('are not used up by a name that is taken', async () => {
    const owner = await addPerson(world, 'owner.two', 'owner');
    const { invitationToken } = valueOf(await createInvitation(world.deps, owner));
    const register = (username: string) =>
      registerUser(world.deps, settings(), { invitationToken, username, password: PASSWORD, address: address() });
    expect(codeOf(await register('OWNER.two'))).toBe('username_taken');
    expect(codeOf(await register('hal'))).toBeNull();
  });
});

describe('login', () => {
  test('works by user name and by e-mail address, in any case', async () => {
    const byName = await logInAs('FAY');
    expect(byName.sessionToken).toMatch(/^hst_[\w-]{43}$/);
    expect(byName.expiresAt).toBe(addMs(world.clock.now(), 180 * DAY_MS));
    const found = await world.deps.store.transaction((tx) => tx.users.get(byName.user.id));
    expect(found?.username).toBe('fay');
  });

  test('gives an unknown name and a wrong password the same answer', async () => {
    const attempt = (login: string) => logIn(world.deps, settings(), { login, password: 'wrong password', address: address() });
    expect(await attempt('nobody')).toEqual(await attempt('fay'));
    expect(codeOf(await attempt('fay'))).toBe('invalid_credentials');
  });

  test('never lets the demo owner in', async () => {
    const attempt = (password: string) => logIn(world.deps, settings(), { login: 'demo owner', password, address: address() });
    expect(codeOf(await attempt('!'))).toBe('invalid_credentials');
    expect(codeOf(await attempt(''))).toBe('invalid_credentials');
  });

  test('makes the sixth try wait after five failures, also with the right password, and tells how long', async () => {
    const context = settings();
    const attempt = (password: string) => logIn(world.deps, context, { login: 'fay', password, address: 'one address' });
    for (let index = 0; index < 5; index += 1) expect(codeOf(await attempt('wrong password'))).toBe('invalid_credentials');
    const result = await attempt(PASSWORD);
    expect(result).toMatchObject({ ok: false, error: { code: 'rate_limited', retryAfterSeconds: 1 } });
    await world.clock.advance(1_000);
    expect(codeOf(await attempt(PASSWORD))).toBeNull();
  });
});

describe('sessions', () => {
  test('authenticate until they expire, and touch the last use at most once a minute', async () => {
    const { sessionToken, user } = await logInAs('fay');
    const used = async () => (await authenticate(world.deps, sessionToken))?.session.lastUsedAt;
    const start = world.clock.now();
    expect((await authenticate(world.deps, sessionToken))?.user).toEqual(user);
    expect(await used()).toBe(start);
    world.clock.jumpWall(59_999);
    await used();
    expect(await used()).toBe(start);
    world.clock.jumpWall(1);
    await used();
    expect(await used()).toBe(start + 60_000);

    world.clock.jumpWall(180 * DAY_MS - 60_001);
    expect(await authenticate(world.deps, sessionToken)).not.toBeNull();
    world.clock.jumpWall(1);
    expect(await authenticate(world.deps, sessionToken)).toBeNull();
  });

  test('end at log-out, at once, and log-out twice is no error', async () => {
    const { sessionToken } = await logInAs('fay');
    const caller = await authenticate(world.deps, sessionToken);
    if (caller === null) throw new Error('Expected to be logged in.');
    const cache = new SessionCache(world.clock);
    await authenticate(world.deps, sessionToken, cache);
    for (let index = 0; index < 2; index += 1)
      expect(codeOf(await logOut(world.deps, caller.scope, { sessionId: caller.session.id }))).toBeNull();
    cache.clear();
    expect(await authenticate(world.deps, sessionToken, cache)).toBeNull();
  });

  test('are not found by anything but the token', async () => {
    expect(await authenticate(world.deps, '')).toBeNull();
    expect(await authenticate(world.deps, 'hst_unknown')).toBeNull();
    expect(await authenticate(world.deps, 'x'.repeat(301))).toBeNull();
  });

  test('expire while they are cached', async () => {
    const { sessionToken } = await logInAs('fay');
    const cache = new SessionCache({ monotonicMs: () => 0 });
    expect(await authenticate(world.deps, sessionToken, cache)).not.toBeNull();
    world.clock.jumpWall(180 * DAY_MS);
    expect(await authenticate(world.deps, sessionToken, cache)).toBeNull();
  });
});

describe('the profile', () => {
  test('changes what is given, and refuses a name that is taken', async () => {
    const scope = await addPerson(world, 'ida');
    const change = (input: { username?: string; email?: string | null }) =>
      updateProfile(world.deps, scope, settings(), { sessionId: '', ...input });
    expect(valueOf(await change({ email: 'ida@example.org' }))).toMatchObject({ username: 'ida', email: 'ida@example.org' });
    expect(valueOf(await change({ username: 'ida2' }))).toMatchObject({ username: 'ida2', email: 'ida@example.org' });
    expect(valueOf(await change({ email: null })).email).toBeNull();
    expect(codeOf(await change({ username: 'FAY' }))).toBe('username_taken');
  });

  test('takes a new password only with the current one, and then ends every other login but no API token', async () => {
    const mine = await logInAs('fay');
    const other = await logInAs('fay');
    const scope = ownerScope(mine.user.id);
    const api = valueOf(await createApiToken(world.deps, scope, { name: 'bot' }));
    const sessionId = (await authenticate(world.deps, mine.sessionToken))?.session.id ?? '';
    const change = (currentPassword: string | undefined) =>
      updateProfile(world.deps, scope, settings(), { sessionId, password: 'a new long password', currentPassword });
    expect(codeOf(await change(undefined))).toBe('invalid_credentials');
    expect(codeOf(await change('wrong password'))).toBe('invalid_credentials');
    expect(await authenticate(world.deps, other.sessionToken)).not.toBeNull();

    expect(codeOf(await change(PASSWORD))).toBeNull();

    expect(await authenticate(world.deps, mine.sessionToken)).not.toBeNull();
    expect(await authenticate(world.deps, other.sessionToken)).toBeNull();
    expect(await authenticate(world.deps, api.token)).not.toBeNull();
    expect((await logInAs('fay', 'a new long password')).user.id).toBe(mine.user.id);
  });
});

describe('API tokens', () => {
  test('work until they are revoked or expire, and are listed without their text', async () => {
    const scope = await addPerson(world, 'joy');
    const forever = valueOf(await createApiToken(world.deps, scope, { name: 'forever' }));
    const daily = valueOf(await createApiToken(world.deps, scope, { name: 'daily', expiresInDays: 1 }));
    expect(forever.token).toMatch(/^hat_[\w-]{43}$/);
    const listed = await listApiTokens(world.deps, scope);
    expect(listed.map((token) => token.name).toSorted()).toEqual(['daily', 'forever']);
    expect(JSON.stringify(listed)).not.toContain(forever.token);

    world.clock.jumpWall(DAY_MS);
    expect(await authenticate(world.deps, daily.token)).toBeNull();
    expect((await authenticate(world.deps, forever.token))?.session.kind).toBe('api_token');
    expect((await listApiTokens(world.deps, scope)).map((token) => token.name)).toEqual(['forever']);
    expect(codeOf(await revokeApiToken(world.deps, scope, { id: forever.session.id }))).toBeNull();
    expect(await authenticate(world.deps, forever.token)).toBeNull();
    expect(codeOf(await revokeApiToken(world.deps, scope, { id: forever.session.id }))).toBe('not_found');
  });

  test('cannot be revoked by anyone else, with the same answer as for a missing one', async () => {
    const [owner, stranger] = [await addPerson(world, 'kim'), await addPerson(world, 'lee')];
    const { session, token } = valueOf(await createApiToken(world.deps, owner, { name: 'bot' }));
    const foreign = await revokeApiToken(world.deps, stranger, { id: session.id });
    expect(foreign).toEqual(await revokeApiToken(world.deps, stranger, { id: world.deps.ids.uuid() }));
    expect(await authenticate(world.deps, token)).not.toBeNull();
  });
});

describe('what is stored', () => {
  test('holds no token and no password, in no record and in no audit entry', async () => {
    const scope = ownerScope(asId<UserId>((await logInAs('fay', 'a new long password')).user.id));
    const entries = await auditOf(world, scope);
    const text = JSON.stringify(entries);
    expect(entries.length).toBeGreaterThan(3);
    expect(text).not.toMatch(/hst_|hat_|hin_/);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('a new long password');
  });
});
