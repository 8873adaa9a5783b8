import type { DecisionId, Environment, OrderId, OrderPurpose } from '@hyperoru/domain';
import type { Ids } from '../ports/ids.ts';

/** Marks our orders at a venue: `Hy` in hex. */
const PREFIX = '4879';
const ENVIRONMENT_BYTE: Readonly<Record<Environment, string>> = { paper: '70', testnet: '74', mainnet: '6d' };
const HASH_DIGITS = 26;

/**
 * Identity of one leg of a decision. `attempt` counts protective orders that replace each other; an entry has attempt 0 only.
 * The client order id has 128 bits as `0x` + 32 hex digits: prefix, environment, hash. Both venues accept the form.
 */
export function orderIdentity(
  ids: Ids,
  leg: { readonly cause: DecisionId | string; readonly purpose: OrderPurpose; readonly attempt: number; readonly environment: Environment },
): { readonly id: OrderId; readonly clientOrderId: string } {
  const id = ids.derived('order', leg.cause, leg.purpose, String(leg.attempt)) as OrderId;
  const hash = ids.hash(`client-order/${id}`).slice(0, HASH_DIGITS);
  return { id, clientOrderId: `0x${PREFIX}${ENVIRONMENT_BYTE[leg.environment]}${hash}` };
}

/** True for an id that an instance of this program made in this environment: ours, or a second instance's on the same account. */
export const hasOurPrefix = (clientOrderId: string | null, environment: Environment): boolean =>
  clientOrderId?.startsWith(`0x${PREFIX}${ENVIRONMENT_BYTE[environment]}`) === true;
