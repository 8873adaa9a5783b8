import type { SecretRef, Secrets } from '@hyperoru/engine';
import { beforeEach, describe, expect, it } from 'vitest';

/** What every vault must do. `open` gives a fresh, empty one. */
export function describeSecrets(name: string, open: () => Promise<Secrets>): void {
  describe(`${name} as Secrets`, () => {
    const ref: SecretRef = { ownerId: 'trader-1', field: 'llm.api_key', origin: 'https://api.openai.com' };
    let secrets: Secrets;
    beforeEach(async () => {
      secrets = await open();
    });

    it.each(['sk-1', '', 'ключ 🔑', '-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----\n', 'x'.repeat(16_384)])(
      'gives back what was put in: %#',
      async (plaintext) => {
        await secrets.put(ref, plaintext);
        expect(await secrets.reveal(ref)).toBe(plaintext);
      },
    );

    it('keeps the last value', async () => {
      await secrets.put(ref, 'first');
      await secrets.put(ref, 'second');
      expect(await secrets.reveal(ref)).toBe('second');
    });

    it('gives nothing for another owner, field or origin', async () => {
      await secrets.put(ref, 'sk-1');
      expect(await secrets.reveal({ ...ref, ownerId: 'trader-2' })).toBeNull();
      expect(await secrets.reveal({ ...ref, field: 'exchange.secret' })).toBeNull();
      expect(await secrets.reveal({ ...ref, origin: 'https://elsewhere.example' })).toBeNull();
    });

    it('destroys a field whatever its origin, and only that field', async () => {
      const other = { ...ref, field: 'exchange.secret', origin: '' };
      await secrets.put(ref, 'a');
      await secrets.put({ ...ref, origin: 'https://b.example' }, 'b');
      await secrets.put(other, 'c');
      await secrets.destroy(ref.ownerId, ref.field);
      await secrets.destroy(ref.ownerId, ref.field);
      expect(await secrets.reveal(ref)).toBeNull();
      expect(await secrets.reveal({ ...ref, origin: 'https://b.example' })).toBeNull();
      expect(await secrets.reveal(other)).toBe('c');
    });

    it('destroys everything of an owner, and nothing of another', async () => {
      const neighbor = { ...ref, ownerId: 'trader-2' };
      await secrets.put(ref, 'a');
      await secrets.put(neighbor, 'b');
      await secrets.destroyAll(ref.ownerId);
      await secrets.destroyAll(ref.ownerId);
      expect(await secrets.reveal(ref)).toBeNull();
      expect(await secrets.reveal(neighbor)).toBe('b');
    });
  });
}
