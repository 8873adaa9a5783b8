import { isZero } from '@hyperoru/domain';
import { type ActionAnswer, type ActionDesk, act, refusal } from './actions.ts';
import type { Budgets } from './budgets.ts';
import type { ExchangeShape } from './shapes.ts';
import { actionHash, agentDigest, recoverAddress } from './signing.ts';
import { mustDeposit, unknownSigner } from './texts.ts';
import { isUserSigned, recoverUserSigner } from './user-signed.ts';

/** What /exchange works on. */
export interface ExchangeDesk extends ActionDesk {
  readonly budgets: Budgets;
  readonly isTestnet: boolean;
  /** Vaults and sub-accounts, each with its master. */
  readonly vaults: ReadonlyMap<string, string>;
  /** Finds the signer of a request; a simulation may know it without the cryptography. */
  readonly recover: (request: ExchangeShape, isTestnet: boolean) => string | null;
}

/** The address whose key signed the request; null when the signature belongs to nobody. */
export function recoverSigner(request: ExchangeShape, isTestnet: boolean): string | null {
  const type = String(request.signed['type']);
  if (isUserSigned(type)) return recoverUserSigner(type, request.signed, request.signature, isTestnet);
  const hash = actionHash(request.signed, request.nonce, request.vaultAddress, request.expiresAfter);
  return recoverAddress(agentDigest(hash, isTestnet), request.signature);
}

/** The number of requests an action counts as. */
export function batchSize(request: ExchangeShape): number {
  const { action } = request;
  if (action.type === 'order') return Math.max(1, action.orders.length);
  if (action.type === 'cancel' || action.type === 'cancelByCloid') return Math.max(1, action.cancels.length);
  return action.type === 'batchModify' ? Math.max(1, action.modifies.length) : 1;
}

/** Checks who signed, when and with which nonce, then carries the action out. */
export function exchange(desk: ExchangeDesk, request: ExchangeShape): ActionAnswer {
  const { venue, signers, budgets } = desk;
  const now = venue.now();
  const signer = desk.recover(request, desk.isTestnet);
  if (signer === null) return refusal('Unable to recover signer.');
  const accountId = accountOf(desk, signer, request);
  if (accountId === null) return refusal(unknownSigner(signer));
  const account = venue.account(accountId);
  if (account === null || (account.isRevoked && signer !== accountId)) return refusal(unknownSigner(signer));
  if (request.expiresAfter !== null && request.expiresAfter < now)
    return refusal(`Action expired: expiresAfter ${request.expiresAfter} < ${now}`);
  const badNonce = signers.takeNonce(signer, request.nonce, now);
  if (badNonce !== null) return refusal(badNonce);
  if (isZero(account.state.deposits)) return refusal(mustDeposit(accountId));
  const isCancel = request.action.type === 'cancel' || request.action.type === 'cancelByCloid';
  const exhausted = budgets.takeRequests(accountId, batchSize(request), { volume: account.volume, isCancel, now });
  return exhausted === null ? act(desk, accountId, request.action) : refusal(exhausted);
}

/** The account a signer may act for in this request; agents may not do what the master signs. */
function accountOf(desk: ExchangeDesk, signer: string, request: ExchangeShape): string | null {
  const isMaster = desk.venue.account(signer) !== null;
  const master = isMaster ? signer : desk.signers.masterOf(signer, desk.venue.now());
  if (isUserSigned(String(request.signed['type']))) return isMaster ? signer : null;
  if (request.vaultAddress === null || master === null) return master;
  return desk.vaults.get(request.vaultAddress) === master ? request.vaultAddress : null;
}
