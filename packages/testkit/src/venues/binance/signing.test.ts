import { readFileSync } from 'node:fs';
import { timestamp } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import type { WireAnswer } from '../core/transport.ts';
import { BinanceVenue } from './binance-venue.ts';
import { isPercentEncoded, isSignedBy, type SigningKey, signedText } from './signing.ts';
import { API_KEY } from './test-client.ts';

interface Vectors {
  readonly hmac: readonly { readonly id: string; readonly secret: string; readonly payload: string; readonly signature: string }[];
  readonly ed25519: readonly {
    readonly id: string;
    readonly publicKeyPem: string;
    readonly payload: string;
    readonly signatureBase64: string;
  }[];
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('../vectors/binance-signing.json', import.meta.url), 'utf8'));
const signed = [
  ...vectors.hmac.map(({ id, secret, payload, signature }) => ({ id, key: hmacKey(secret), payload, signature })),
  ...vectors.ed25519.map(({ id, publicKeyPem, payload, signatureBase64 }) => ({
    id,
    key: { kind: 'ed25519', publicKeyPem } satisfies SigningKey,
    payload,
    signature: signatureBase64,
  })),
];

function hmacKey(secret: string): SigningKey {
  return { kind: 'hmac', secret };
}

/** The byte at `at` replaced by another one of the same alphabet. */
function changed(text: string, at: number): string {
  const byte = text.charAt(at);
  return text.slice(0, at) + (byte === '1' ? '2' : '1') + text.slice(at + 1);
}

describe('signatures', () => {
  it('are all eight public vectors', () => {
    expect(signed).toHaveLength(8);
  });

  it.each(signed)('accept $id as published', ({ key, payload, signature }) => {
    expect(isSignedBy(key, payload, signature)).toBe(true);
  });

  it.each(signed)('refuse $id with any one byte of the payload changed', ({ key, payload, signature }) => {
    for (let at = 0; at < payload.length; at += 1) expect(isSignedBy(key, changed(payload, at), signature)).toBe(false);
  });

  it.each(signed)('refuse $id with any one byte of the signature changed', ({ key, payload, signature }) => {
    for (let at = 0; at < signature.length; at += 1) expect(isSignedBy(key, payload, changed(signature, at))).toBe(false);
  });

  it.each(signed)('refuse $id cut short', ({ key, payload, signature }) => {
    expect(isSignedBy(key, payload, signature.slice(0, -1))).toBe(false);
    expect(isSignedBy(key, payload.slice(0, -1), signature)).toBe(false);
    expect(isSignedBy(key, payload, '')).toBe(false);
  });

  it('take hex of either case', () => {
    const [first] = vectors.hmac;
    expect(first !== undefined && isSignedBy(hmacKey(first.secret), first.payload, first.signature.toUpperCase())).toBe(true);
  });
});

describe('the signed text', () => {
  it('is query and body joined without a separator and without the signature', () => {
    expect(signedText('a=1&b=2', 'c=3&signature=ff')).toEqual({ payload: 'a=1&b=2c=3', signature: 'ff' });
    expect(signedText('a=1&signature=f%2Bf%3D', '')).toEqual({ payload: 'a=1', signature: 'f+f=' });
    expect(signedText('', 'signature=ff')).toEqual({ payload: '', signature: 'ff' });
  });

  it('has no signature when there are two, none, or one that is not percent-encoding', () => {
    expect(signedText('a=1&signature=ff', 'signature=ff').signature).toBeNull();
    expect(signedText('a=1', '').signature).toBeNull();
    expect(signedText('a=1&signature=%f', '').signature).toBeNull();
  });

  it('is percent-encoded', () => {
    expect(isPercentEncoded('symbol=%EF%BC%91')).toBe(true);
    expect(isPercentEncoded('symbol=１')).toBe(false);
  });
});

/** Sends the payload of a vector at its own time, split between query and body where the published example splits it. */
function send(vector: (typeof signed)[number], payload = vector.payload, signature = vector.signature): number | undefined {
  const at = Number(/timestamp= ?(\d+)/.exec(payload)?.[1]);
  const signing = vector.key;
  const dialect = new BinanceVenue({
    now: () => timestamp(at),
    accounts: [{ id: 'a', deposit: '1000', keys: [{ apiKey: API_KEY, signing }] }],
  });
  const cut = payload.includes('GTCquantity') ? payload.indexOf('quantity') : payload.length;
  const encoded = encodeURIComponent(signature);
  const [query, body] =
    cut === payload.length
      ? [`${payload}&signature=${encoded}`, '']
      : [payload.slice(0, cut), `${payload.slice(cut)}&signature=${encoded}`];
  const request = { method: 'POST', path: `/fapi/v1/order?${query}`, headers: { 'x-mbx-apikey': API_KEY }, body, ip: '127.0.0.1' };
  return codeOf(dialect.handle(request).run());
}

const codeOf = ({ reply }: WireAnswer): number | undefined => JSON.parse(reply?.body ?? '{}').code;

describe('the venue', () => {
  const overRest = signed.filter(({ id }) => !id.includes('/ws-'));

  it.each(overRest)('lets $id through over the wire, and refuses it with -1022 when one byte differs', (vector) => {
    expect(send(vector)).not.toBe(-1022);
    expect(send(vector, vector.payload.replace('quantity=1', 'quantity=2'))).toBe(-1022);
    expect(send(vector, vector.payload, changed(vector.signature, 7))).toBe(-1022);
  });

  it('refuses text that is not percent-encoded, however well it is signed', () => {
    const raw = signed.find(({ id }) => id === 'spot-docs/ws-non-ascii');
    expect(raw !== undefined && isSignedBy(raw.key, raw.payload, raw.signature)).toBe(true);
    expect(raw !== undefined && send(raw)).toBe(-1022);
  });
});
