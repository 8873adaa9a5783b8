import { addMs } from '@hyperoru/domain';
import { authenticate, createApiToken, requireStepUp, SessionCache, STEP_UP_MS, stepUp } from '@hyperoru/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, auditOf, codeOf, type EngineWorld, newThrottle, openEngineWorld, valueOf } from './engine-world.ts';

const PASSWORD = 'correct horse battery';

let world: EngineWorld;
beforeAll(async () => {
  world = await openEngineWorld();
});
afterAll(() => world.close());

/** A person with a password, called through two API tokens. */
async function addCaller(username: string) {
  const { deps } = world;
  const scope = await addPerson(world, username);
  const hash = await deps.passwords.hash(PASSWORD);
  await deps.store.transaction((tx) => tx.users.setPasswordHash(scope.userId, hash));
  const [one, other] = [
    valueOf(await createApiToken(deps, scope, { name: 'one' })),
    valueOf(await createApiToken(deps, scope, { name: 'other' })),
  ];
  const throttle = newThrottle(world);
  const prove = (password: string) => stepUp(deps, scope, { throttle }, { sessionId: one.session.id, password });
  const isSteppedUp = async (token: string, cache: SessionCache | null = null) => {
    const caller = await authenticate(deps, token, cache);
    if (caller === null) throw new Error('Expected a live token.');
    return requireStepUp(caller.scope, deps.clock.now(), 'This') === null;
  };
  return { scope, one, other, prove, isSteppedUp };
}

describe('step-up', () => {
  test('counts for the session it was done in, for five minutes, and for no other', async () => {
    const { one, other, prove, isSteppedUp } = await addCaller('ann');
    expect(await isSteppedUp(one.token)).toBe(false);
    expect(valueOf(await prove(PASSWORD)).expiresAt).toBe(addMs(world.clock.now(), STEP_UP_MS));
    expect(await isSteppedUp(one.token)).toBe(true);
    expect(await isSteppedUp(other.token)).toBe(false);
    world.clock.jumpWall(STEP_UP_MS - 1);
    expect(await isSteppedUp(one.token)).toBe(true);
    world.clock.jumpWall(1);
    expect(await isSteppedUp(one.token)).toBe(false);
  });

  test('ends on time for a session that answers from memory', async () => {
    const { one, prove, isSteppedUp } = await addCaller('bea');
    await prove(PASSWORD);
    const cache = new SessionCache({ monotonicMs: () => 0 });
    expect(await isSteppedUp(one.token, cache)).toBe(true);
    world.clock.jumpWall(STEP_UP_MS);
    expect(await isSteppedUp(one.token, cache)).toBe(false);
  });

  test('is refused with a wrong password, slowed down after five, and changes nothing', async () => {
    const { one, prove, isSteppedUp } = await addCaller('cyd');
    for (let index = 0; index < 5; index += 1) expect(codeOf(await prove('wrong password'))).toBe('invalid_credentials');
    expect(codeOf(await prove(PASSWORD))).toBe('rate_limited');
    expect(await isSteppedUp(one.token)).toBe(false);
    await world.clock.advance(1_000);
    expect(codeOf(await prove(PASSWORD))).toBeNull();
  });

  test('leaves its trace in the audit log, without the password', async () => {
    const { scope, one, prove } = await addCaller('dot');
    await prove(PASSWORD);
    const entries = await auditOf(world, scope);
    expect(entries.at(-1)).toMatchObject({ action: 'user.stepped_up', detail: { session_id: one.session.id } });
    expect(JSON.stringify(entries)).not.toContain(PASSWORD);
  });
});
