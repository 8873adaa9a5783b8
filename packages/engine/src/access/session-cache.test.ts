import { asId, timestamp, type UserId } from '@hyperoru/domain';
import { describe, expect, test } from 'vitest';
import { SessionCache } from './session-cache.ts';
import type { Session, User } from './user.ts';

const userId = asId<UserId>('00000000-0000-4000-8000-000000000001');
const user: User = { id: userId, username: 'ann', email: null, role: 'owner', createdAt: timestamp(0) };
const session: Session = {
  id: '00000000-0000-4000-8000-000000000002',
  userId,
  kind: 'session',
  name: 'login',
  createdAt: timestamp(0),
  expiresAt: null,
  lastUsedAt: null,
  steppedUpAt: null,
  revokedAt: null,
};

function startCache() {
  const time = { ms: 0 };
  return { time, cache: new SessionCache({ monotonicMs: () => time.ms }) };
}

describe('SessionCache', () => {
  test('answers for one second, then asks the store again', () => {
    const { cache, time } = startCache();
    cache.put('hash', session, user);
    time.ms = 1_000;
    expect(cache.get('hash')?.user).toBe(user);
    time.ms = 1_001;
    expect(cache.get('hash')).toBeNull();
  });

  test('forgets everything when told', () => {
    const { cache } = startCache();
    cache.put('hash', session, user);
    cache.clear();
    expect(cache.get('hash')).toBeNull();
  });

  test('holds 1,000 sessions and drops the oldest', () => {
    const { cache } = startCache();
    for (let index = 0; index < 1_000; index += 1) cache.put(`hash ${index}`, session, user);
    expect(cache.get('hash 0')).not.toBeNull();
    cache.put('one more', session, user);
    expect(cache.get('hash 0')).toBeNull();
    expect(cache.get('hash 1')).not.toBeNull();
  });
});
