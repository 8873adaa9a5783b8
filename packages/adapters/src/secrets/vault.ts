import type { SecretRef, SecretRows, Secrets } from '@hyperoru/engine';
import { seal, unseal } from './envelope.ts';
import { KeyProblem } from './key-problem.ts';
import { keyCheck, type MasterKey } from './master-key.ts';

/** Largest secret, bytes of UTF-8; keys and PEM files are far below. */
const SECRET_BYTES_MAX = 16_384;

/** A stored secret cannot be read; it must be entered again. */
export class SecretUnreadable extends Error {
  constructor(ref: SecretRef) {
    super(`The stored secret ${ref.field} of ${ref.ownerId} was changed or moved and cannot be read: enter it again.`);
    this.name = 'SecretUnreadable';
  }
}

export interface VaultOptions {
  readonly rows: SecretRows;
  readonly key: MasterKey;
  /** Told every secret that passes, so that logs can hide it. */
  readonly redactor?: { remember(secret: string): void };
}

/**
 * Secrets over rows: AES-256-GCM under one data key per secret, wrapped by the instance's key, bound to owner, field and origin.
 * Throws KeyProblem `wrong_key` when the vault was filled under another key; nothing is changed then.
 */
export async function openSecrets(options: VaultOptions): Promise<Secrets> {
  const { rows, key, redactor } = options;
  const keyId = keyCheck(key);
  const sample = await rows.sample();
  if (sample !== null && sample.keyId !== keyId) throw wrongKey();
  return {
    put: async (ref, plaintext) => {
      const bytes = Buffer.byteLength(plaintext);
      if (bytes > SECRET_BYTES_MAX) throw new RangeError(`Expected a secret of at most ${SECRET_BYTES_MAX} bytes, was ${bytes}.`);
      redactor?.remember(plaintext);
      await rows.put(seal(key, ref, plaintext));
    },
    reveal: async (ref) => {
      const row = await rows.get(ref.ownerId, ref.field, ref.origin);
      if (row === null) return null;
      if (row.keyId !== keyId) throw wrongKey();
      const plaintext = unseal(key, ref, row);
      if (plaintext === null) throw new SecretUnreadable(ref);
      redactor?.remember(plaintext);
      return plaintext;
    },
    destroyAll: (ownerId) => rows.deleteByOwner(ownerId),
    destroy: (ownerId, field) => rows.deleteField(ownerId, field),
  };
}

function wrongKey(): KeyProblem {
  return new KeyProblem(
    'wrong_key',
    'The stored secrets were encrypted with another key: put the former key back (HYPERORU_KEY_FILE or HYPERORU_KEY). Without it the secrets are lost and must be entered again in a new instance.',
  );
}
