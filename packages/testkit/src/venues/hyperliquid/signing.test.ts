import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { actionHash, addressOf, agentDigest, recoverAddress, type TypedField, userDigest, type WireSignature } from './signing.ts';

type Json = Readonly<Record<string, unknown>>;

/** A published vector; which fields it has depends on its kind. */
interface Vector {
  readonly id: string;
  readonly kind: 'l1' | 'l1hash' | 'agent' | 'userSigned';
  readonly action: Json;
  readonly nonce: number;
  readonly vaultAddress: string | null;
  readonly expiresAfter: number | null;
  readonly isTestnet: boolean;
  readonly connectionId: string;
  readonly primaryType: string;
  readonly types: readonly TypedField[];
  readonly message: Json;
  readonly signatureChainId: string;
  readonly r: string;
  readonly s: string;
  readonly v: number;
  readonly signer: string;
  readonly hash: string;
  readonly privateKey: string;
}

const file = new URL('../vectors/hyperliquid-signing.json', import.meta.url);
const { vectors }: { vectors: readonly Vector[] } = JSON.parse(readFileSync(file, 'utf8'));
const signed = vectors.filter((vector) => vector.kind !== 'l1hash');

function digestOf(vector: Vector): Uint8Array {
  if (vector.kind === 'agent') return agentDigest(hexToBytes(vector.connectionId.slice(2)), vector.isTestnet);
  if (vector.kind === 'userSigned') return userDigest(vector.primaryType, vector.types, vector.message, vector.signatureChainId);
  return agentDigest(actionHash(vector.action, vector.nonce, vector.vaultAddress, vector.expiresAfter), vector.isTestnet);
}

const signerOf = (vector: Vector): string | null => recoverAddress(digestOf(vector), signatureOf(vector));
const signatureOf = ({ r, s, v }: Vector): WireSignature => ({ r, s, v });

/** The text with one hex digit or character of its middle changed. */
function oneOff(text: string): string {
  const at = Math.floor(text.length / 2) + 1;
  const next = text[at] === '1' ? '2' : '1';
  return text.slice(0, at) + next + text.slice(at + 1);
}

/** Every leaf of the value changed, one at a time. */
function changedLeaves(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [value.startsWith('0x') ? oneOff(value) : `${value}1`];
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'boolean') return [!value];
  if (Array.isArray(value)) return value.flatMap((item, index) => changedLeaves(item).map((changed) => value.with(index, changed)));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => changedLeaves(item).map((changed) => ({ ...value, [key]: changed })));
}

/** The vector with one thing changed, everything that is signed and the signature itself. */
function changes(vector: Vector): readonly Vector[] {
  const signature = [
    { ...vector, r: oneOff(vector.r) },
    { ...vector, s: oneOff(vector.s) },
    { ...vector, v: vector.v === 27 ? 28 : 27 },
  ];
  if (vector.kind === 'agent') {
    return [...signature, { ...vector, connectionId: oneOff(vector.connectionId) }, { ...vector, isTestnet: !vector.isTestnet }];
  }
  if (vector.kind === 'userSigned') {
    const messages = changedLeaves(vector.message).map((message) => ({ ...vector, message: message as Json }));
    return [...signature, ...messages, { ...vector, signatureChainId: '0x1' }, { ...vector, primaryType: `${vector.primaryType}2` }];
  }
  return [
    ...signature,
    ...changedLeaves(vector.action).map((action) => ({ ...vector, action: action as Json })),
    { ...vector, nonce: vector.nonce + 1 },
    { ...vector, isTestnet: !vector.isTestnet },
    { ...vector, vaultAddress: vector.vaultAddress === null ? `0x${'1'.repeat(40)}` : oneOff(vector.vaultAddress) },
    { ...vector, expiresAfter: (vector.expiresAfter ?? 0) + 1 },
  ];
}

describe('signatures of the venue', () => {
  it('are read from all 46 public vectors', () => {
    expect(vectors).toHaveLength(46);
    expect(signed).toHaveLength(41);
  });

  it.each(signed.map((vector) => [vector.id, vector] as const))('gives the signer of %s', (_, vector) => {
    expect(signerOf(vector)).toBe(vector.signer);
    expect(addressOf(vector.privateKey)).toBe(vector.signer);
  });

  it.each(vectors.filter((vector) => vector.kind === 'l1hash').map((vector) => [vector.id, vector] as const))('hashes %s', (_, vector) => {
    expect(`0x${bytesToHex(actionHash(vector.action, vector.nonce, vector.vaultAddress, vector.expiresAfter))}`).toBe(vector.hash);
  });

  it.each(signed.map((vector) => [vector.id, vector] as const))('gives another signer for %s with one thing changed', (_, vector) => {
    const changed = changes(vector);
    expect(changed.length).toBeGreaterThanOrEqual(5);
    for (const one of changed) expect(signerOf(one)).not.toBe(vector.signer);
  });

  it('counts the order of keys', () => {
    const action = { type: 'cancel', cancels: [{ a: 1, o: 2 }] };
    const reordered = { cancels: [{ a: 1, o: 2 }], type: 'cancel' };
    expect(bytesToHex(actionHash(action, 1, null, null))).not.toBe(bytesToHex(actionHash(reordered, 1, null, null)));
  });

  it('has no signer outside the curve', () => {
    expect(recoverAddress(new Uint8Array(32), { r: '0x0', s: '0x0', v: 27 })).toBeNull();
    expect(recoverAddress(new Uint8Array(32), { r: `0x${'f'.repeat(64)}`, s: '0x1', v: 28 })).toBeNull();
  });
});
