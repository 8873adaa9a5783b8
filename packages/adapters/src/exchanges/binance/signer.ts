import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** Signs requests; the only place that holds the secret. `apiKey` travels with every request and is as secret. */
export interface Signer {
  readonly apiKey: string;
  /** The value of `signature`, ready for a query string. */
  sign(payload: string): Promise<string>;
}

/**
 * A signer on a secret in memory: HMAC-SHA256 for a plain secret, Ed25519 or RSA (PKCS#1 v1.5, SHA-256) for a private key in PEM.
 * Throws RangeError when the PEM is no such key.
 */
export function localSigner(apiKey: string, secret: string): Signer {
  if (!secret.includes('PRIVATE KEY'))
    return { apiKey, sign: async (payload) => createHmac('sha256', secret).update(payload, 'utf8').digest('hex') };
  const key = privateKey(secret);
  const hash = key.asymmetricKeyType === 'rsa' ? 'sha256' : null;
  return { apiKey, sign: async (payload) => encodeURIComponent(sign(hash, Buffer.from(payload, 'utf8'), key).toString('base64')) };
}

function privateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause may quote the key.
    throw new RangeError('Expected a private key in PEM form.');
  }
  if (key.asymmetricKeyType !== 'ed25519' && key.asymmetricKeyType !== 'rsa') throw new RangeError('Expected an Ed25519 or RSA key.');
  return key;
}

export type Parameters = Readonly<Record<string, string | number>>;

/** Parameters as a query string, in the order given. */
export const queryOf = (parameters: Parameters): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
