import { createHmac } from 'node:crypto';
import { KeyProblem } from './key-problem.ts';

export const KEY_BYTES = 32;

/** The key that wraps every data key: 32 bytes, in memory only here and in the vault. */
export type MasterKey = Uint8Array;

/** Text of a key file or of the environment → key. Throws KeyProblem unless it is exactly 32 bytes in base64. */
export function parseMasterKey(text: string, where: string): MasterKey {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (key.length !== KEY_BYTES || key.toString('base64') !== trimmed)
    throw new KeyProblem(
      'key_invalid',
      `${where} does not hold a key: expected ${KEY_BYTES} bytes as base64 on one line (44 characters). Restore the key from your backup of it.`,
    );
  return new Uint8Array(key);
}

/**
 * A value that shows which key this is without telling anything about it: HMAC-SHA256 of a fixed text, 32 hex digits.
 * Stored beside what the key protects, it lets a start with another key be refused.
 */
export function keyCheck(key: MasterKey): string {
  return createHmac('sha256', key).update('hyperoru key check 1').digest('hex').slice(0, 32);
}
