import { isZero, type TraderId } from '@hyperoru/domain';
import { type SubmitOutcome, VenueUnavailable } from '@hyperoru/engine';
import type { HyperliquidApi } from './api.ts';
import type { Asset } from './assets.ts';
import type { SideNonces } from './nonces.ts';
import { leverageAction } from './order-action.ts';
import type { Wallet } from './signer.ts';
import { ACTIVE_ASSET, CLEARINGHOUSE_STATE } from './wire.ts';

export interface LeverageAccount {
  readonly traderId: TraderId;
  readonly address: string;
  readonly wallet: Wallet;
  readonly nonces: SideNonces;
}

/** How often a number that is taken is replaced by the next. */
const ATTEMPTS_MAX = 3;

/**
 * Makes the venue report the leverage for this asset: reads it, changes it if need be and reads it again. null when it does;
 * otherwise the outcome of an order that therefore must not leave. The margin mode stays as the account has it.
 * The leverage of an open position is never raised.
 */
export async function ensureLeverage(
  api: HyperliquidApi,
  account: LeverageAccount,
  asset: Asset,
  wanted: number,
): Promise<SubmitOutcome | null> {
  const read = () => api.info({ type: 'activeAssetData', user: account.address, coin: asset.coin }, ACTIVE_ASSET);
  try {
    const before = (await read()).leverage;
    if (before.value === wanted) return null;
    if (wanted > before.value && (await hasPosition(api, account, asset)))
      return refused(`The open ${asset.coin} position has leverage ${before.value}; it is not raised to ${wanted}.`);
    const said = await change(api, account, asset, { wanted, isCross: before.type === 'cross' && !asset.isIsolatedOnly });
    const after = (await read()).leverage;
    return after.value === wanted
      ? null
      : refused(`The venue reports leverage ${after.value} for ${asset.coin} instead of ${wanted}${said}.`);
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    return { kind: 'not_sent', cause: `The leverage could not be read: ${error.message}` };
  }
}

async function hasPosition(api: HyperliquidApi, { address }: LeverageAccount, { coin }: Asset): Promise<boolean> {
  const state = await api.info({ type: 'clearinghouseState', user: address }, CLEARINGHOUSE_STATE);
  return state.assetPositions.some(({ position }) => position.coin === coin && !isZero(position.szi));
}

/** Returns the venue's words when it refused; whether it worked is for the next read to say. */
async function change(
  api: HyperliquidApi,
  { wallet, nonces }: LeverageAccount,
  asset: Asset,
  { wanted, isCross }: { readonly wanted: number; readonly isCross: boolean },
): Promise<string> {
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const answer = await api.act(wallet, leverageAction(asset, wanted, isCross), { nonce: nonces.next() });
    if (answer.kind !== 'refused') return said;
    said = `: ${answer.text.replace(/\.$/, '')}`;
    if (!answer.text.startsWith('Invalid nonce')) return said;
  }
  return said;
}

const refused = (message: string): SubmitOutcome => ({ kind: 'rejected', code: 'leverage_not_set', message });
