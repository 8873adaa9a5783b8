import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { actionHash, addressOf, agentDigest, type TypedField, userDigest, type WireSignature } from './signing.ts';

/** Published test keys: never fund their addresses. */
export const MASTER_KEY = '0x0123456789012345678901234567890123456789012345678901234567890123';
export const AGENT_KEY = '0xe908f86dbb4d55ac876378565aafeabc187f6690f046459397b17d9b9a19688e';
export const MASTER = addressOf(MASTER_KEY);
export const AGENT = addressOf(AGENT_KEY);

/** Signs a digest. */
export function signDigest(privateKey: string, digest: Uint8Array): WireSignature {
  const bytes = secp256k1.sign(digest, hexToBytes(privateKey.slice(2)), { prehash: false, format: 'recovered' });
  return { r: `0x${bytesToHex(bytes.slice(1, 33))}`, s: `0x${bytesToHex(bytes.slice(33, 65))}`, v: 27 + (bytes[0] ?? 0) };
}

/** A body for /exchange, signed as an agent or master signs it. */
export function signedBody(
  privateKey: string,
  action: Readonly<Record<string, unknown>>,
  nonce: number,
  options: { readonly vaultAddress?: string; readonly expiresAfter?: number; readonly isTestnet?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const hash = actionHash(action, nonce, options.vaultAddress ?? null, options.expiresAfter ?? null);
  const signature = signDigest(privateKey, agentDigest(hash, options.isTestnet ?? false));
  const { vaultAddress, expiresAfter } = options;
  return { action, nonce, signature, ...(vaultAddress && { vaultAddress }), ...(expiresAfter && { expiresAfter }) };
}

interface TypedData {
  readonly domain: { readonly name?: string; readonly chainId?: number };
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** A local account as client libraries take it: `address` and `signTypedData`. */
export function testWallet(privateKey: string) {
  return {
    address: addressOf(privateKey) as `0x${string}`,
    signTypedData: (data: TypedData): Promise<`0x${string}`> => {
      const isAgent = data.primaryType === 'Agent';
      const digest = isAgent
        ? agentDigest(hexToBytes(String(data.message['connectionId']).slice(2)), data.message['source'] === 'b')
        : userDigest(data.primaryType, data.types[data.primaryType] ?? [], data.message, `0x${(data.domain.chainId ?? 1).toString(16)}`);
      const { r, s, v } = signDigest(privateKey, digest);
      const hex: `0x${string}` = `0x${r.slice(2)}${s.slice(2)}${v.toString(16)}`;
      return Promise.resolve(hex);
    },
  };
}
