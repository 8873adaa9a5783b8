import { recoverAddress, type TypedField, userDigest, type WireSignature } from './signing.ts';

/** Actions that only the master key signs, each with the fields of its EIP-712 struct. */
const FIELDS: Readonly<Record<string, { readonly name: string; readonly fields: readonly (readonly [string, string])[] }>> = {
  approveAgent: {
    name: 'ApproveAgent',
    fields: [
      ['hyperliquidChain', 'string'],
      ['agentAddress', 'address'],
      ['agentName', 'string'],
      ['nonce', 'uint64'],
    ],
  },
  approveBuilderFee: {
    name: 'ApproveBuilderFee',
    fields: [
      ['hyperliquidChain', 'string'],
      ['maxFeeRate', 'string'],
      ['builder', 'address'],
      ['nonce', 'uint64'],
    ],
  },
  usdSend: {
    name: 'UsdSend',
    fields: [
      ['hyperliquidChain', 'string'],
      ['destination', 'string'],
      ['amount', 'string'],
      ['time', 'uint64'],
    ],
  },
  withdraw3: {
    name: 'Withdraw',
    fields: [
      ['hyperliquidChain', 'string'],
      ['destination', 'string'],
      ['amount', 'string'],
      ['time', 'uint64'],
    ],
  },
};

export const isUserSigned = (type: string): boolean => Object.hasOwn(FIELDS, type);

/** The address that signed the action; null when none did, or when the action names the other network. */
export function recoverUserSigner(
  type: string,
  action: Readonly<Record<string, unknown>>,
  signature: WireSignature,
  isTestnet: boolean,
): string | null {
  const known = FIELDS[type];
  const chainId = action['signatureChainId'];
  if (known === undefined || typeof chainId !== 'string' || !/^0x[0-9a-f]{1,16}$/i.test(chainId)) return null;
  if (action['hyperliquidChain'] !== (isTestnet ? 'Testnet' : 'Mainnet')) return null;
  const fields: readonly TypedField[] = known.fields.map(([name, kind]) => ({ name, type: kind }));
  const message = { ...action, agentName: action['agentName'] ?? '' };
  return recoverAddress(userDigest(`HyperliquidTransaction:${known.name}`, fields, message, chainId), signature);
}
