import { encode } from '@msgpack/msgpack';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** An ECDSA signature as it travels: `r` and `s` as 0x-hex of up to 32 bytes, `v` 27 or 28. */
export interface WireSignature {
  readonly r: string;
  readonly s: string;
  readonly v: number;
}

/** One field of an EIP-712 struct. */
export interface TypedField {
  readonly name: string;
  readonly type: string;
}

const L1_DOMAIN = { name: 'Exchange', chainId: 1337n };
const USER_DOMAIN_NAME = 'HyperliquidSignTransaction';
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
const AGENT_FIELDS: readonly TypedField[] = [
  { name: 'source', type: 'string' },
  { name: 'connectionId', type: 'bytes32' },
];
const WORD_BYTES = 32;

/** keccak256(msgpack(action) ‖ nonce ‖ vault ‖ expiry): what the agent struct carries as `connectionId`. The order of keys counts. */
export function actionHash(action: unknown, nonce: number, vaultAddress: string | null, expiresAfter: number | null): Uint8Array {
  const vault = vaultAddress === null ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), hexBytes(vaultAddress));
  const expiry = expiresAfter === null ? new Uint8Array() : concatBytes(Uint8Array.of(0), uint64(expiresAfter));
  return keccak_256(concatBytes(encode(action), uint64(nonce), vault, expiry));
}

/** Digest of an action of the exchange: source `a` on mainnet, `b` on testnet. */
export function agentDigest(connectionId: Uint8Array, isTestnet: boolean): Uint8Array {
  const message = { source: isTestnet ? 'b' : 'a', connectionId: `0x${bytesToHex(connectionId)}` };
  return typedDigest(L1_DOMAIN, 'Agent', AGENT_FIELDS, message);
}

/** Digest of an action that only the master key signs. */
export function userDigest(
  primaryType: string,
  fields: readonly TypedField[],
  message: Readonly<Record<string, unknown>>,
  signatureChainId: string,
): Uint8Array {
  return typedDigest({ name: USER_DOMAIN_NAME, chainId: BigInt(signatureChainId) }, primaryType, fields, message);
}

/** The address whose key made the signature, lower case; null when there is none. */
export function recoverAddress(digest: Uint8Array, { r, s, v }: WireSignature): string | null {
  try {
    const signature = new secp256k1.Signature(BigInt(r), BigInt(s), v - 27);
    const point = signature.recoverPublicKey(digest).toBytes(false);
    return `0x${bytesToHex(keccak_256(point.slice(1)).slice(-20))}`;
  } catch {
    // Numbers outside the curve: nobody signed this.
    return null;
  }
}

/** The address of a private key, lower case. */
export function addressOf(privateKey: string): string {
  const point = secp256k1.getPublicKey(hexBytes(privateKey), false);
  return `0x${bytesToHex(keccak_256(point.slice(1)).slice(-20))}`;
}

function typedDigest(
  domain: { readonly name: string; readonly chainId: bigint },
  primaryType: string,
  fields: readonly TypedField[],
  message: Readonly<Record<string, unknown>>,
): Uint8Array {
  const separator = keccak_256(
    concatBytes(keccakOf(DOMAIN_TYPE), keccakOf(domain.name), keccakOf('1'), uint256(domain.chainId), new Uint8Array(WORD_BYTES)),
  );
  const typeText = `${primaryType}(${fields.map(({ name, type }) => `${type} ${name}`).join(',')})`;
  const words = fields.map(({ name, type }) => word(type, message[name]));
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), separator, keccak_256(concatBytes(keccakOf(typeText), ...words))));
}

function word(type: string, value: unknown): Uint8Array {
  if (type === 'string') return keccakOf(String(value));
  if (type === 'bool') return uint256(value === true ? 1n : 0n);
  if (type === 'bytes32') return hexBytes(String(value));
  if (type === 'address') return concatBytes(new Uint8Array(12), hexBytes(String(value)));
  return uint256(BigInt(String(value)));
}

const keccakOf = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));
const hexBytes = (text: string): Uint8Array => hexToBytes(text.slice(2).toLowerCase());
const uint256 = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(2 * WORD_BYTES, '0'));

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
