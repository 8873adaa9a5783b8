import { symbol as symbolNamed, ZERO } from '@hyperoru/domain';
import type { VenueFillRecord, VenueOrderRecord } from '../core/records.ts';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import { activeAssetData, clearinghouseState } from './account-answers.ts';
import type { Budgets } from './budgets.ts';
import { userFees } from './fee-answers.ts';
import type { CoinList } from './instruments.ts';
import {
  allMids,
  assetContext,
  candleRow,
  HYPERLIQUID_INTERVAL_MS,
  l2Book,
  marginTable,
  meta,
  SPOT_CONTEXTS,
  SPOT_META,
} from './market-answers.ts';
import { fillRow, frontendRow, fundingRow, openOrderRow, statusRow } from './rows.ts';
import { isAddress, isCloid, isJsonObject } from './shapes.ts';
import type { Signers } from './signers.ts';

const FILLS_MAX = 2000;
const ROWS_MAX = 500;
const HISTORY_MAX = 2000;

/** What info requests read. */
export interface InfoDesk {
  readonly venue: SimulatedVenue;
  readonly coins: CoinList;
  readonly signers: Signers;
  readonly budgets: Budgets;
}

type Json = Readonly<Record<string, unknown>>;
/** undefined = the request has not the shape of its type. */
type Answer = (desk: InfoDesk, request: Json) => unknown;

/** Answers that need an address; it is lower case and may be one the venue does not know. */
const USER_ANSWERS: Readonly<Record<string, (desk: InfoDesk, user: string, request: Json) => unknown>> = {
  clearinghouseState: ({ venue }, user) => clearinghouseState(venue, user),
  openOrders: ({ venue }, user) => shownOpen(venue, user).map(openOrderRow),
  frontendOpenOrders: ({ venue }, user) => frontendOpenOrders(venue, user),
  userFills: ({ venue }, user) => [...shownFills(venue, user)].reverse().slice(0, FILLS_MAX).map(fillRow),
  userFillsByTime: ({ venue }, user, request) => {
    const range = rangeOf(request);
    if (range === null) return undefined;
    const fills = shownFills(venue, user).filter((fill) => fill.at >= range.from && fill.at <= range.to);
    return fills.slice(0, FILLS_MAX).map(fillRow);
  },
  userFees: ({ venue, coins }) => {
    const first = coins.coins[0];
    const instrument = first === undefined ? undefined : venue.market.instrument(symbolNamed(first.name))?.rules.instrument;
    return userFees(instrument?.takerFeeRate ?? '0.00045', instrument?.makerFeeRate ?? '0.00015');
  },
  orderStatus: ({ venue }, user, request) => orderStatus(venue, user, request['oid']),
  historicalOrders: ({ venue }, user) => {
    const orders = venue.books.orders.all().filter((order) => order.accountId === user && !venue.isHidden(order, 'history'));
    return orders
      .slice(-HISTORY_MAX)
      .reverse()
      .map((order) => statusRow(order));
  },
  userFunding: ({ venue }, user, request) => {
    const range = rangeOf(request);
    if (range === null) return undefined;
    const payments = venue.account(user) === null ? [] : venue.fundingOf(user, range.from);
    return payments
      .filter((payment) => payment.at <= range.to)
      .slice(0, ROWS_MAX)
      .map(fundingRow);
  },
  activeAssetData: ({ venue, coins }, user, request) => {
    const coin = coins.byName(String(request['coin']));
    return coin === null ? undefined : activeAssetData(venue, user, symbolNamed(coin.name));
  },
  userRateLimit: ({ venue, budgets }, user) => {
    const volume = venue.account(user)?.volume ?? ZERO;
    const cap = budgets.capOf(volume);
    const used = budgets.usedBy(user);
    return { cumVlm: volume, nRequestsUsed: used, nRequestsCap: cap, nRequestsSurplus: Math.max(0, cap - used) };
  },
  extraAgents: ({ signers, venue }, user) =>
    signers
      .agentsOf(user, venue.now())
      .filter((agent) => agent.name !== null)
      .map(({ name, address, validUntil }) => ({ name, address, validUntil })),
  userRole: ({ venue, signers }, user) => {
    const master = signers.masterOf(user, venue.now());
    if (master !== null) return { role: 'agent', data: { user: master } };
    return { role: venue.account(user) === null ? 'missing' : 'user' };
  },
  userAbstraction: () => 'disabled',
  maxBuilderFee: () => 0,
  portfolio: ({ venue }, user) => portfolio(venue, user),
  subAccounts: () => null,
  spotClearinghouseState: () => ({ balances: [] }),
  referral: () => null,
};

const MARKET_ANSWERS: Readonly<Record<string, Answer>> = {
  meta: ({ coins }) => meta(coins),
  metaAndAssetCtxs: ({ venue, coins }) => [meta(coins), coins.coins.map((coin) => assetContext(venue, coin))],
  allMids: ({ venue, coins }) => allMids(venue, coins),
  l2Book: ({ venue, coins }, request) => {
    if (typeof request['coin'] !== 'string') return undefined;
    const coin = coins.byName(request['coin']);
    return coin === null ? null : l2Book(venue, coin);
  },
  candleSnapshot: ({ venue, coins }, request) => candleSnapshot(venue, coins, request['req']),
  fundingHistory: () => [],
  predictedFundings: () => [],
  exchangeStatus: ({ venue }) => ({ time: venue.now(), specialStatuses: null }),
  perpDexs: () => [null],
  marginTable: (_, request) => (typeof request['id'] === 'number' ? marginTable(request['id']) : undefined),
  spotMeta: () => SPOT_META,
  spotMetaAndAssetCtxs: () => [SPOT_META, SPOT_CONTEXTS],
  outcomeMeta: () => ({ outcomes: [], questions: [] }),
};

/** Answers an info request; undefined when the venue could not deserialize it. */
export function answerInfo(desk: InfoDesk, request: Json): unknown {
  const type = String(request['type']);
  // Only the core dex exists here; another one is unknown to the venue.
  if (typeof request['dex'] === 'string' && request['dex'] !== '') return undefined;
  const forMarket = Object.hasOwn(MARKET_ANSWERS, type) ? MARKET_ANSWERS[type] : undefined;
  if (forMarket !== undefined) return forMarket(desk, request);
  const forUser = Object.hasOwn(USER_ANSWERS, type) ? USER_ANSWERS[type] : undefined;
  const { user } = request;
  return forUser === undefined || !isAddress(user) ? undefined : forUser(desk, user.toLowerCase(), request);
}

export const frontendOpenOrders = (venue: SimulatedVenue, user: string) =>
  shownOpen(venue, user).map((order) => frontendRow(order, venue.books.orders.childrenOf(order.id)));

/** Fills an account may see, oldest first. */
export const shownFills = (venue: SimulatedVenue, user: string): readonly VenueFillRecord[] =>
  venue.fillsOf(user).filter((fill) => {
    const order = fill.orderId === null ? null : venue.order(fill.orderId);
    return order === null || !venue.isHidden(order, 'fills');
  });

/** Newest first, as the venue lists them. */
const shownOpen = (venue: SimulatedVenue, user: string): readonly VenueOrderRecord[] =>
  venue.account(user) === null ? [] : [...venue.openOrders(user)].reverse().filter((order) => !venue.isHidden(order, 'open_orders'));

function orderStatus(venue: SimulatedVenue, user: string, id: unknown): unknown {
  if (!isCloid(id) && typeof id !== 'number') return undefined;
  const order = typeof id === 'number' ? venue.order(id) : venue.orderByClientId(user, id.toLowerCase());
  if (order === null || order.accountId !== user || venue.isHidden(order, 'lookup')) return { status: 'unknownOid' };
  return { status: 'order', order: statusRow(order, venue.books.orders.childrenOf(order.id)) };
}

function candleSnapshot(venue: SimulatedVenue, coins: CoinList, request: unknown): unknown {
  if (!isJsonObject(request)) return undefined;
  const { coin, interval } = request;
  const range = rangeOf(request);
  const intervalMs = typeof interval === 'string' ? HYPERLIQUID_INTERVAL_MS[interval] : undefined;
  if (typeof coin !== 'string' || typeof interval !== 'string' || intervalMs === undefined || range === null) return undefined;
  if (coins.byName(coin) === null) return [];
  const from = Math.floor(range.from / intervalMs) * intervalMs;
  return venue.candles.bars(symbolNamed(coin), intervalMs, from, range.to).map((bar) => candleRow(bar, coin, interval, intervalMs));
}

function rangeOf(request: Json): { readonly from: number; readonly to: number } | null {
  const [from, to] = [request['startTime'], request['endTime'] ?? Number.MAX_SAFE_INTEGER];
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : null;
}

function portfolio(venue: SimulatedVenue, user: string): unknown {
  const value = clearinghouseState(venue, user).marginSummary.accountValue;
  const data = { accountValueHistory: [[venue.now(), value]], pnlHistory: [[venue.now(), '0.0']], vlm: '0.0' };
  return ['day', 'week', 'month', 'allTime', 'perpDay', 'perpWeek', 'perpMonth', 'perpAllTime'].map((period) => [period, data]);
}
