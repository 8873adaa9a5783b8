import { type Symbol, symbol as symbolNamed } from '@hyperoru/domain';
import type { VenueChange } from '../core/records.ts';
import { activeAssetData, clearinghouseState } from './account-answers.ts';
import { frontendOpenOrders, type InfoDesk, shownFills } from './info.ts';
import { allMids, assetContext, bestBidAsk, candleRow, HYPERLIQUID_INTERVAL_MS, l2Book } from './market-answers.ts';
import { fillRow, fundingRow, sideOf, updateRow } from './rows.ts';
import { isAddress, isJsonObject } from './shapes.ts';

/** One message of a stream. */
export interface StreamMessage {
  readonly channel: string;
  readonly data: unknown;
}

/** What a client asked to hear; addresses are lower case. */
export interface Subscription {
  /** The request as it is told back and compared. */
  readonly echo: Readonly<Record<string, unknown>>;
  readonly type: string;
  readonly user: string | null;
  readonly coin: string | null;
  readonly interval: string | null;
}

const SNAPSHOT_FILLS_MAX = 2000;
const USER_TYPES = new Set(['orderUpdates', 'userFills', 'userEvents', 'userFundings', 'clearinghouseState', 'openOrders', 'notification']);
const COIN_TYPES = new Set(['l2Book', 'bbo', 'trades', 'candle', 'activeAssetCtx']);

/** null when the venue does not offer such a subscription. */
export function parseSubscription(desk: InfoDesk, value: unknown): Subscription | null {
  if (!isJsonObject(value)) return null;
  const type = String(value['type']);
  const user = isAddress(value['user']) ? value['user'].toLowerCase() : null;
  const coin = typeof value['coin'] === 'string' && desk.coins.byName(value['coin']) !== null ? value['coin'] : null;
  const interval = typeof value['interval'] === 'string' ? value['interval'] : null;
  const isKnown =
    type === 'allMids' ||
    (USER_TYPES.has(type) && user !== null) ||
    (COIN_TYPES.has(type) && coin !== null) ||
    (type === 'activeAssetData' && user !== null && coin !== null);
  if (!isKnown || (type === 'candle' && (interval === null || HYPERLIQUID_INTERVAL_MS[interval] === undefined))) return null;
  const echo = user === null ? value : { ...value, user };
  return { echo, type, user, coin, interval };
}

/** What a fresh subscription hears first; null when it starts with silence. */
export function snapshotOf(desk: InfoDesk, subscription: Subscription): StreamMessage | null {
  const { venue } = desk;
  const user = subscription.user ?? '';
  switch (subscription.type) {
    case 'userFills': {
      const fills = [...shownFills(venue, user)].reverse().slice(0, SNAPSHOT_FILLS_MAX).map(fillRow);
      return { channel: 'userFills', data: { isSnapshot: true, user, fills } };
    }
    case 'userFundings': {
      const payments = venue.account(user) === null ? [] : venue.fundingOf(user);
      return { channel: 'userFundings', data: { isSnapshot: true, user, fundings: payments.map(flatFunding) } };
    }
    case 'trades':
      return { channel: 'trades', data: [] };
    case 'orderUpdates':
    case 'userEvents':
    case 'notification':
      return null;
    default:
      return stateMessage(desk, subscription);
  }
}

/** What a change means to a subscription; null when nothing. */
export function messageOf(desk: InfoDesk, subscription: Subscription, change: VenueChange): StreamMessage | null {
  if (change.kind === 'restart' || change.kind === 'instrument') return null;
  if (change.kind === 'price') return USER_TYPES.has(subscription.type) ? null : priceMessage(desk, subscription, change.symbol);
  if (subscription.type === 'trades') return tradeMessage(subscription, change);
  if (subscription.user !== change.accountId || isHiddenEvent(desk, change)) return null;
  const { user } = subscription;
  switch (subscription.type) {
    case 'orderUpdates':
      return change.kind === 'order' ? { channel: 'orderUpdates', data: [updateRow(change.order)] } : null;
    case 'userFills':
      return change.kind === 'fill' ? { channel: 'userFills', data: { user, fills: [fillRow(change.fill)] } } : null;
    case 'userFundings':
      return change.kind === 'funding' ? { channel: 'userFundings', data: { user, fundings: [flatFunding(change.funding)] } } : null;
    case 'userEvents':
      return userEvent(change);
    case 'clearinghouseState':
    case 'openOrders':
    case 'activeAssetData':
      return stateMessage(desk, subscription);
    default:
      return null;
  }
}

function stateMessage(desk: InfoDesk, subscription: Subscription): StreamMessage | null {
  const { venue, coins } = desk;
  const { type, user } = subscription;
  const coin = subscription.coin === null ? null : coins.byName(subscription.coin);
  if (type === 'allMids') return { channel: type, data: { mids: allMids(venue, coins) } };
  if (type === 'clearinghouseState' && user !== null)
    return { channel: type, data: { dex: '', user, clearinghouseState: clearinghouseState(venue, user) } };
  if (type === 'openOrders' && user !== null) return { channel: type, data: { dex: '', user, orders: frontendOpenOrders(venue, user) } };
  if (coin === null) return null;
  const symbol = symbolNamed(coin.name);
  if (type === 'l2Book') return { channel: type, data: l2Book(venue, coin) };
  if (type === 'bbo') return { channel: type, data: bestBidAsk(venue, coin) };
  if (type === 'activeAssetCtx') return { channel: type, data: { coin: coin.name, ctx: assetContext(venue, coin) } };
  if (type === 'activeAssetData' && user !== null) return { channel: type, data: activeAssetData(venue, user, symbol) };
  return type === 'candle' ? candleMessage(desk, subscription, symbol) : null;
}

function priceMessage(desk: InfoDesk, subscription: Subscription, symbol: Symbol): StreamMessage | null {
  const isOther = subscription.coin !== null && subscription.coin !== symbol;
  return isOther || subscription.type === 'trades' ? null : stateMessage(desk, subscription);
}

function candleMessage({ venue }: InfoDesk, { interval }: Subscription, symbol: Symbol): StreamMessage | null {
  const intervalMs = interval === null ? undefined : HYPERLIQUID_INTERVAL_MS[interval];
  if (interval === null || intervalMs === undefined) return null;
  const now = venue.now();
  const bar = venue.candles.bars(symbol, intervalMs, now - 2 * intervalMs, now).at(-1);
  return bar === undefined ? null : { channel: 'candle', data: candleRow(bar, symbol, interval, intervalMs) };
}

function tradeMessage(subscription: Subscription, change: VenueChange): StreamMessage | null {
  if (change.kind !== 'fill' || change.fill.symbol !== subscription.coin) return null;
  const { fill } = change;
  const row = fillRow(fill);
  const users = [fill.accountId, '0x0000000000000000000000000000000000000000'];
  const trade = { coin: row.coin, side: sideOf(fill.side), px: row.px, sz: row.sz, hash: row.hash, time: row.time, tid: row.tid, users };
  return { channel: 'trades', data: [trade] };
}

/** `userEvents` speaks on channel `user`. */
function userEvent(change: VenueChange): StreamMessage | null {
  switch (change.kind) {
    case 'fill':
      return { channel: 'user', data: { fills: [fillRow(change.fill)] } };
    case 'funding':
      return { channel: 'user', data: { funding: flatFunding(change.funding) } };
    case 'liquidation':
      return {
        channel: 'user',
        data: {
          liquidation: {
            lid: 0,
            liquidator: '0x0000000000000000000000000000000000000000',
            liquidated_user: change.accountId,
            liquidated_ntl_pos: String(Number(change.quantity) * Number(change.price)),
            liquidated_account_value: '0.0',
          },
        },
      };
    case 'order': {
      const isByVenue =
        change.order.status === 'canceled' && !['canceled_by_request', 'replaced', 'ioc_rest_canceled'].includes(change.order.reason ?? '');
      return isByVenue ? { channel: 'user', data: { nonUserCancel: [{ coin: change.order.symbol, oid: change.order.id }] } } : null;
    }
    default:
      return null;
  }
}

function isHiddenEvent({ venue }: InfoDesk, change: VenueChange): boolean {
  if (change.kind === 'order') return venue.isHidden(change.order, 'events');
  if (change.kind !== 'fill' || change.fill.orderId === null) return false;
  const order = venue.order(change.fill.orderId);
  return order !== null && venue.isHidden(order, 'events');
}

function flatFunding(payment: Parameters<typeof fundingRow>[0]) {
  const { coin, usdc, szi, fundingRate, nSamples } = fundingRow(payment).delta;
  return { time: payment.at, coin, usdc, szi, fundingRate, nSamples };
}
