import { type Decimal, symbol as symbolNamed, timestamp, toNumber } from '@hyperoru/domain';
import type { VenueOrderRecord } from '../core/records.ts';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import type { CoinList } from './instruments.ts';
import { type OrderStatusEntry, placeOne, placeOrders } from './place-orders.ts';
import type { ActionShape, ModifyShape } from './shapes.ts';
import { AGENT_LIFE_DEFAULT_MS, AGENT_LIFE_MAX_MS, type Signers } from './signers.ts';
import { NOT_CANCELED } from './texts.ts';

/** What actions work on. */
export interface ActionDesk {
  readonly venue: SimulatedVenue;
  readonly coins: CoinList;
  readonly signers: Signers;
}

export type ActionAnswer =
  | { readonly status: 'ok'; readonly response: { readonly type: string; readonly data?: { readonly statuses: readonly unknown[] } } }
  | { readonly status: 'err'; readonly response: string };

const DONE: ActionAnswer = { status: 'ok', response: { type: 'default' } };
export const refusal = (response: string): ActionAnswer => ({ status: 'err', response });
const withStatuses = (type: string, statuses: readonly unknown[]): ActionAnswer => ({
  status: 'ok',
  response: { type, data: { statuses } },
});

/** Taken and forgotten; whatever moves money out of an account is refused. */
const WITHOUT_EFFECT = new Set(['approveBuilderFee', 'setReferrer', 'reserveRequestWeight', 'agentSetAbstraction']);
/** A dead man's switch must lie this far ahead, ms. */
const SCHEDULE_AHEAD_MS = 5000;
/** Traded volume from which the dead man's switch may be used, USD. */
export const SCHEDULE_VOLUME_MIN = 1_000_000;
const AGENT_NAME_MAX = 16;

/** Carries an action out for the account it was signed for. */
export function act(desk: ActionDesk, accountId: string, action: ActionShape): ActionAnswer {
  const { venue, coins } = desk;
  switch (action.type) {
    case 'order':
      if (action.orders.length === 0) return refusal('Order batch is empty.');
      return withStatuses('order', placeOrders(venue, coins, accountId, action));
    case 'cancel':
      return withStatuses(
        'cancel',
        action.cancels.map(({ asset, oid }) => cancelOne(desk, accountId, asset, venue.order(oid))),
      );
    case 'cancelByCloid':
      return withStatuses(
        'cancel',
        action.cancels.map(({ asset, cloid }) => cancelOne(desk, accountId, asset, venue.orderByClientId(accountId, cloid))),
      );
    case 'modify': {
      const entry = action.modifies.map((one) => modifyOne(desk, accountId, one))[0];
      return typeof entry === 'object' && 'error' in entry ? refusal(entry.error) : DONE;
    }
    case 'batchModify':
      return withStatuses(
        'order',
        action.modifies.map((one) => modifyOne(desk, accountId, one)),
      );
    case 'updateLeverage':
      return updateLeverage(desk, accountId, action);
    case 'updateIsolatedMargin':
      return coins.byAsset(action.asset) === null ? refusal('Order has invalid asset.') : DONE;
    case 'scheduleCancel':
      return scheduleCancel(venue, accountId, action.time);
    case 'approveAgent':
      return approveAgent(desk, accountId, action);
    case 'noop':
      return DONE;
    case 'other':
      return WITHOUT_EFFECT.has(action.name) ? DONE : refusal(`Action ${action.name} is not available here.`);
  }
}

function cancelOne({ venue, coins }: ActionDesk, accountId: string, asset: number, order: VenueOrderRecord | null): unknown {
  const isSame = order !== null && order.accountId === accountId && order.symbol === coins.byAsset(asset)?.name;
  return isSame && venue.cancel(accountId, order.id) === 'canceled' ? 'success' : { error: `${NOT_CANCELED} asset=${asset}` };
}

function modifyOne(desk: ActionDesk, accountId: string, { id, order, isAlways }: ModifyShape): OrderStatusEntry {
  const { venue, coins } = desk;
  const known = typeof id === 'number' ? venue.order(id) : venue.orderByClientId(accountId, id);
  const isLive = known !== null && known.accountId === accountId && venue.books.orders.isLive(known);
  if (!isLive) return { error: 'Cannot modify canceled or filled order' };
  const isPassive = !('tpsl' in order.type) && (order.type.tif === 'Alo' || order.type.tif === 'Gtc');
  if (!isPassive && !isAlways) return { error: 'Cannot modify into an order that may execute.' };
  venue.cancel(accountId, known.id, 'replaced');
  return placeOne(venue, coins, accountId, order, { grouping: 'na', parentId: null }).entry;
}

function updateLeverage(
  { venue, coins }: ActionDesk,
  accountId: string,
  action: { readonly asset: number; readonly isCross: boolean; readonly leverage: number },
): ActionAnswer {
  const coin = coins.byAsset(action.asset);
  if (coin === null) return refusal('Order has invalid asset.');
  const result = venue.setLeverage(accountId, symbolNamed(coin.name), { leverage: action.leverage, isCross: action.isCross });
  if (result.kind === 'set') return DONE;
  if (result.code === 'invalid_leverage') return refusal('Invalid leverage value');
  if (result.code === 'position_open') return refusal('Cannot switch leverage type with open position.');
  return refusal(`${action.isCross ? 'Cross' : 'Isolated'} position does not have sufficient margin available to decrease leverage.`);
}

function scheduleCancel(venue: SimulatedVenue, accountId: string, time: number | null): ActionAnswer {
  if (time === null) {
    venue.setCancelAt(accountId, null);
    return DONE;
  }
  const volume: Decimal = venue.books.account(accountId).volume;
  if (toNumber(volume) < SCHEDULE_VOLUME_MIN) {
    return refusal(
      `Cannot set scheduled cancel time until enough volume traded. Required: $${SCHEDULE_VOLUME_MIN}. Traded: $${toNumber(volume).toFixed(2)}.`,
    );
  }
  if (time < venue.now() + SCHEDULE_AHEAD_MS) return refusal('Scheduled cancel time too early, must be at least 5 seconds from now.');
  venue.setCancelAt(accountId, timestamp(time));
  return DONE;
}

function approveAgent(
  { venue, signers }: ActionDesk,
  accountId: string,
  { agentAddress, agentName }: { readonly agentAddress: string; readonly agentName: string | null },
): ActionAnswer {
  const [, base = '', until] = /^(.*?)(?: valid_until (\d{1,15}))?$/.exec(agentName ?? '') ?? [];
  if (base.length > AGENT_NAME_MAX) return refusal('Extra agent name too long.');
  const now = venue.now();
  const validUntil = until === undefined ? now + AGENT_LIFE_DEFAULT_MS : Number(until);
  if (validUntil <= now || validUntil > now + AGENT_LIFE_MAX_MS) return refusal('Invalid agent valid_until.');
  const account = venue.books.account(accountId);
  if (account.isRevoked) {
    // A new key ends the revocation of the old ones, which stay dead.
    signers.removeAgentsOf(accountId);
    venue.books.accounts.set(accountId, { ...account, isRevoked: false });
  }
  const text = signers.approve({ address: agentAddress, master: accountId, name: base === '' ? null : base, validUntil }, now);
  return text === null ? DONE : refusal(text);
}
