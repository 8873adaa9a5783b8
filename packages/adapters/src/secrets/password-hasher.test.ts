import { describe, expect, it } from 'vitest';
import { argon2PasswordHasher } from './password-hasher.ts';

const hasher = argon2PasswordHasher();

describe('argon2PasswordHasher', () => {
  it('accepts the right password and no other', async () => {
    const hash = await hasher.hash('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(hash, 'correct horse battery')).toBe(true);
    expect(await hasher.verify(hash, 'correct horse batterz')).toBe(false);
    expect(await hasher.verify(hash, '')).toBe(false);
  });

  it('salts: the same password never has the same hash', async () => {
    expect(await hasher.hash('same')).not.toBe(await hasher.hash('same'));
  });

  it('does the whole work for a person who does not exist, and answers false', async () => {
    expect(await hasher.verify(null, 'anything')).toBe(false);
    expect(await hasher.verify(null, '')).toBe(false);
  });

  it('throws on a stored text that is no hash', async () => {
    await expect(hasher.verify('plain', 'x')).rejects.toThrow();
  });

  it('takes 4096 bytes and refuses one more', async () => {
    const hash = await hasher.hash('x'.repeat(4096));
    expect(await hasher.verify(hash, 'x'.repeat(4096))).toBe(true);
    await expect(hasher.hash('x'.repeat(4097))).rejects.toThrow(RangeError);
  });

  it('works through a crowd, and goes on after a failure', async () => {
    const hash = await hasher.hash('p');
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => hasher.verify(index % 3 === 0 ? 'broken' : hash, 'p')),
    );
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value)).toHaveLength(8);
    expect(await hasher.verify(hash, 'p')).toBe(true);
  });

  it('refuses work beyond 4 running and 200 waiting', async () => {
    const crowded = argon2PasswordHasher();
    const all = Promise.allSettled(Array.from({ length: 206 }, () => crowded.verify('broken', 'p')));
    const reasons = (await all).map((one) => (one.status === 'rejected' ? String(one.reason) : 'ok'));
    expect(reasons.filter((reason) => reason.includes('Too many'))).toHaveLength(2);
  });
});
