import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** What the venue's client library asks a wallet to sign (EIP-712). */
export interface TypedData {
  readonly domain: { readonly name: string; readonly version: string; readonly chainId: number; readonly verifyingContract: string };
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Signs trading actions and nothing else. `address` is that of the key, lower case; on Hyperliquid that of the agent. */
export interface Wallet {
  readonly address: `0x${string}`;
  signTypedData(data: TypedData): Promise<`0x${string}`>;
}

const PRIVATE_KEY = /^0x[0-9a-fA-F]{64}$/;
const CONNECTION_ID = /^0x[0-9a-f]{64}$/;
/** Recovery number of an Ethereum signature. */
const RECOVERY_BASE = 27;

const typeHash = (type: string): Uint8Array => keccak_256(utf8ToBytes(type));
const word = (value: number): Uint8Array => hexToBytes(value.toString(16).padStart(64, '0'));

const AGENT_TYPE = typeHash('Agent(string source,bytes32 connectionId)');
/** The domain of every L1 action: name Exchange, version 1, chain 1337, contract 0. */
const DOMAIN = keccak_256(
  concatBytes(
    typeHash('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
    keccak_256(utf8ToBytes('Exchange')),
    keccak_256(utf8ToBytes('1')),
    word(1337),
    word(0),
  ),
);

/**
 * A wallet on a private key in memory. It signs L1 actions only: withdrawals, transfers and approvals have another domain and
 * are refused, whoever asks. Throws RangeError when the key is not 32 bytes of hex or no key of the curve.
 */
export function localWallet(privateKey: string): Wallet {
  if (!PRIVATE_KEY.test(privateKey)) throw new RangeError('Expected a private key of 0x and 64 hex digits.');
  const key = hexToBytes(privateKey.slice(2));
  if (!secp256k1.utils.isValidSecretKey(key)) throw new RangeError('Expected a private key of the curve secp256k1.');
  const publicKey = secp256k1.getPublicKey(key, false);
  const address: `0x${string}` = `0x${bytesToHex(keccak_256(publicKey.subarray(1)).subarray(12))}`;
  return {
    address,
    signTypedData: async (data) => {
      const signed = secp256k1.sign(agentDigest(data), key, { prehash: false, format: 'recovered' });
      const recovery = signed[0];
      if (recovery === undefined) throw new Error('Expected a signature with its recovery number.');
      return `0x${bytesToHex(signed.subarray(1))}${(RECOVERY_BASE + recovery).toString(16)}`;
    },
  };
}

function agentDigest({ domain, primaryType, message }: TypedData): Uint8Array {
  const { source, connectionId } = message;
  if (domain.name !== 'Exchange' || primaryType !== 'Agent' || (source !== 'a' && source !== 'b'))
    throw new Error(`Refused to sign "${domain.name}/${primaryType}": only trading actions are signed.`);
  if (typeof connectionId !== 'string' || !CONNECTION_ID.test(connectionId)) throw new Error('Expected the hash of an action.');
  const struct = keccak_256(concatBytes(AGENT_TYPE, keccak_256(utf8ToBytes(source)), hexToBytes(connectionId.slice(2))));
  return keccak_256(concatBytes(new Uint8Array([0x19, 0x01]), DOMAIN, struct));
}
