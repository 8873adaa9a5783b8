import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Ids } from '@hyperoru/engine';

/** 2^48: six random bytes are a uniform integer below it, exact in a float64. */
const RANDOM_RANGE = 281_474_976_710_656;
const TOKEN_BYTES_MAX = 1024;

/** Identity and randomness from the operating system's generator. */
export const systemIds: Ids = {
  uuid: () => randomUUID(),
  derived: (...parts) => derivedUuid(parts),
  hash: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  token: (bytes) => {
    if (!Number.isInteger(bytes) || bytes < 1 || bytes > TOKEN_BYTES_MAX)
      throw new RangeError(`Expected 1 to ${TOKEN_BYTES_MAX} bytes, was ${bytes}.`);
    return randomBytes(bytes).toString('base64url');
  },
  random: () => randomBytes(6).readUIntBE(0, 6) / RANDOM_RANGE,
};

/**
 * RFC 9562 version 8 UUID from SHA-256 over the parts, each prefixed with its length in bytes,
 * so that ('ab', 'c') and ('a', 'bc') differ. The rule never changes: order identity rests on it.
 */
function derivedUuid(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part, 'utf8')}:`).update(part, 'utf8');
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
