import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretRef, SecretRow } from '@hyperoru/engine';
import { KEY_BYTES, keyCheck, type MasterKey } from './master-key.ts';

/** Version of the envelope's format that is written. */
export const ENVELOPE_VERSION = 1;

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D: 96-bit random IV, 128-bit tag. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts under a fresh data key, which is wrapped by the master key. Both ciphertexts are bound to the place of the row. */
export function seal(key: MasterKey, ref: SecretRef, plaintext: string): SecretRow {
  const dataKey = randomBytes(KEY_BYTES);
  const iv = randomBytes(IV_BYTES);
  const wrapIv = randomBytes(IV_BYTES);
  const clear = Buffer.from(plaintext, 'utf8');
  try {
    return {
      ownerId: ref.ownerId,
      field: ref.field,
      origin: ref.origin,
      keyId: keyCheck(key),
      wrappedDataKey: new Uint8Array(Buffer.concat([wrapIv, encrypt(key, wrapIv, binding(ref, ENVELOPE_VERSION, 'data-key'), dataKey)])),
      iv: new Uint8Array(iv),
      ciphertext: new Uint8Array(encrypt(dataKey, iv, binding(ref, ENVELOPE_VERSION, 'value'), clear)),
      version: ENVELOPE_VERSION,
    };
  } finally {
    dataKey.fill(0);
    clear.fill(0);
  }
}

/** The plaintext, or null when the row was changed, moved, or sealed with another key. */
export function unseal(key: MasterKey, ref: SecretRef, row: SecretRow): string | null {
  if (row.version !== ENVELOPE_VERSION || row.iv.length !== IV_BYTES) return null;
  const wrapIv = row.wrappedDataKey.subarray(0, IV_BYTES);
  const dataKey = decrypt(key, wrapIv, binding(ref, row.version, 'data-key'), row.wrappedDataKey.subarray(IV_BYTES));
  if (dataKey === null || dataKey.length !== KEY_BYTES) return null;
  const clear = decrypt(dataKey, row.iv, binding(ref, row.version, 'value'), row.ciphertext);
  dataKey.fill(0);
  const text = clear?.toString('utf8') ?? null;
  clear?.fill(0);
  return text;
}

/** Associated data: table, owner, field, origin, version and purpose, each with its length, so that no two places share it. */
function binding(ref: SecretRef, version: number, purpose: 'data-key' | 'value'): Buffer {
  const parts = ['secrets', ref.ownerId, ref.field, ref.origin, String(version), purpose];
  return Buffer.from(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'utf8');
}

function encrypt(key: Uint8Array, iv: Uint8Array, associated: Buffer, clear: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, iv: Uint8Array, associated: Buffer, sealed: Uint8Array): Buffer | null {
  if (iv.length !== IV_BYTES || sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    // The tag does not fit: the only way this can fail.
    return null;
  }
}
