import { createHmac, createPublicKey, verify } from 'node:crypto';

/** What the venue knows of a key to verify its signatures: the shared secret, or the public half. */
export type SigningKey = { readonly kind: 'hmac'; readonly secret: string } | { readonly kind: 'ed25519'; readonly publicKeyPem: string };

/** The text that is signed and the signature that came with it. */
export interface SignedText {
  readonly payload: string;
  /** null when there is none or more than one. */
  readonly signature: string | null;
}

const SIGNATURE = /(?:^|&)signature=([^&]*)/g;
/** What percent-encoding may leave, and a stray space, which the venue's own published example has. */
const PERCENT_ENCODED = /^[ -~]*$/;

/** Payload = query string ‖ body as they came over the wire, without a separator and without the signature. */
export function signedText(query: string, body: string): SignedText {
  const signatures = [...query.matchAll(SIGNATURE), ...body.matchAll(SIGNATURE)].map((match) => match[1] ?? '');
  const [signature] = signatures;
  return {
    payload: query.replaceAll(SIGNATURE, '') + body.replaceAll(SIGNATURE, ''),
    signature: signatures.length === 1 && signature !== undefined ? percentDecoded(signature) : null,
  };
}

/** HMAC-SHA256 in hex of either case, Ed25519 in canonical base64. */
export function isSignedBy(key: SigningKey, payload: string, signature: string): boolean {
  if (key.kind === 'hmac') return createHmac('sha256', key.secret).update(payload, 'utf8').digest('hex') === signature.toLowerCase();
  const bytes = Buffer.from(signature, 'base64');
  return bytes.toString('base64') === signature && verify(null, Buffer.from(payload, 'utf8'), createPublicKey(key.publicKeyPem), bytes);
}

/** REST signs the percent-encoded text: a payload with other characters is never valid. */
export const isPercentEncoded = (payload: string): boolean => PERCENT_ENCODED.test(payload);

/** null when the text is not percent-encoding. */
export function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
