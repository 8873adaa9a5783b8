import {
  abs,
  add,
  type Decimal,
  decimal,
  div,
  initialMarginOf,
  isPositive,
  isZero,
  type MatchingPosition,
  max,
  mul,
  type Symbol,
  sub,
  unrealizedPnlOf,
  ZERO,
} from '@hyperoru/domain';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import { wire } from './numbers.ts';
import { fundingPaid } from './rows.ts';

const EMPTY_SUMMARY = { accountValue: '0.0', totalNtlPos: '0.0', totalRawUsd: '0.0', totalMarginUsed: '0.0' };

/** Answer of `clearinghouseState`: empty for an address the venue does not know, as for an agent's. */
export function clearinghouseState(venue: SimulatedVenue, accountId: string) {
  const account = venue.account(accountId);
  if (account === null) {
    return {
      marginSummary: EMPTY_SUMMARY,
      crossMarginSummary: EMPTY_SUMMARY,
      crossMaintenanceMarginUsed: '0.0',
      withdrawable: '0.0',
      assetPositions: [],
      time: venue.now(),
    };
  }
  const { equity, initial, maintenance, free } = venue.margin(accountId);
  const { positions } = account.state;
  const notional = sumOf(positions, (position) => mul(abs(position.quantity), markOf(venue, position.symbol)));
  const signed = sumOf(positions, (position) => mul(position.quantity, markOf(venue, position.symbol)));
  const summary = {
    accountValue: wire(equity),
    totalNtlPos: wire(notional),
    totalRawUsd: wire(sub(equity, signed)),
    totalMarginUsed: wire(initial),
  };
  return {
    marginSummary: summary,
    crossMarginSummary: summary,
    crossMaintenanceMarginUsed: wire(maintenance),
    withdrawable: wire(max(ZERO, free)),
    assetPositions: positions.map((position) => ({ type: 'oneWay', position: positionRow(venue, accountId, position) })),
    time: venue.now(),
  };
}

function positionRow(venue: SimulatedVenue, accountId: string, position: MatchingPosition) {
  const { symbol, quantity, averageEntryPrice, leverage } = position;
  const mark = markOf(venue, symbol);
  const unrealized = unrealizedPnlOf(position, mark);
  const liquidation = venue.liquidationPrice(accountId, symbol);
  const invested = div(mul(abs(quantity), averageEntryPrice), decimal(String(leverage)));
  const opened = venue.fillsOf(accountId).findLast((fill) => fill.symbol === symbol && isZero(fill.startPosition))?.at ?? 0;
  return {
    coin: symbol,
    szi: wire(quantity),
    leverage: {
      type: venue.leverageOf(accountId, symbol).isCross ? 'cross' : 'isolated',
      value: leverage,
      ...rawUsdOf(venue, accountId, position),
    },
    entryPx: wire(averageEntryPrice),
    positionValue: wire(mul(abs(quantity), mark)),
    unrealizedPnl: wire(unrealized),
    returnOnEquity: wire(div(unrealized, invested)),
    liquidationPx: liquidation === null ? null : wire(liquidation),
    marginUsed: wire(initialMarginOf(position, mark)),
    maxLeverage: venue.market.instrument(symbol)?.rules.instrument.leverageMax ?? 1,
    cumFunding: {
      allTime: wire(fundingPaid(venue, accountId, symbol, 0)),
      sinceOpen: wire(fundingPaid(venue, accountId, symbol, opened)),
      sinceChange: wire(fundingPaid(venue, accountId, symbol, opened)),
    },
  };
}

function rawUsdOf(venue: SimulatedVenue, accountId: string, position: MatchingPosition) {
  if (venue.leverageOf(accountId, position.symbol).isCross) return {};
  const mark = markOf(venue, position.symbol);
  return { rawUsd: wire(sub(initialMarginOf(position, mark), mul(position.quantity, mark))) };
}

/** Answer of `activeAssetData`. */
export function activeAssetData(venue: SimulatedVenue, accountId: string, symbol: Symbol) {
  const isKnown = venue.account(accountId) !== null;
  const { leverage, isCross } = isKnown ? venue.leverageOf(accountId, symbol) : { leverage: 20, isCross: true };
  const mark = markOf(venue, symbol);
  const free = isKnown ? max(ZERO, venue.margin(accountId).free) : ZERO;
  const available = wire(free);
  const size = isPositive(mark) ? div(mul(free, decimal(String(leverage))), mark) : ZERO;
  return {
    user: accountId,
    coin: symbol,
    leverage: isCross ? { type: 'cross', value: leverage } : { type: 'isolated', value: leverage, rawUsd: '0.0' },
    maxTradeSzs: [wire(size), wire(size)],
    availableToTrade: [available, available],
    markPx: wire(mark),
  };
}

const markOf = (venue: SimulatedVenue, symbol: Symbol): Decimal => venue.market.price(symbol)?.mark ?? ZERO;

const sumOf = (positions: readonly MatchingPosition[], value: (position: MatchingPosition) => Decimal): Decimal =>
  positions.reduce<Decimal>((sum, position) => add(sum, value(position)), ZERO);
