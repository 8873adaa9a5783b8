import { createHash } from 'node:crypto';
import type { Ids } from '@hyperoru/engine';

/** Ids that a seed determines: the n-th call gives the same value in every run. `hash` and `derived` are the real rules. */
export function seededIds(seed: string | number): Ids {
  let calls = 0;
  const next = (bytes: number): Buffer => {
    const blocks: Buffer[] = [];
    calls += 1;
    for (let block = 0; block * 32 < bytes; block++) blocks.push(sha256(`${seed}|${calls}|${block}`));
    return Buffer.concat(blocks).subarray(0, bytes);
  };
  return {
    uuid: () => uuidOf(next(16), 0x40),
    derived: (...parts) => uuidOf(sha256(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')).subarray(0, 16), 0x80),
    hash: (text) => sha256(text).toString('hex'),
    token: (bytes) => next(bytes).toString('base64url'),
    random: () => next(6).readUIntBE(0, 6) / 281_474_976_710_656,
  };
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

function uuidOf(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | version, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
