import {
  type AccountState,
  accountMargin,
  initialMarginOf,
  liquidationPriceOf,
  type MatchingMarket,
  markOf,
  max,
  round,
  unrealizedPnlOf,
  ZERO,
} from '@hyperoru/domain';
import type { VenueAccount } from '@hyperoru/engine';

/** For reading only: the engine itself compares with the exact price. */
const LIQUIDATION_PRICE_PLACES = 2;

/** The account at the marks of the market. */
export function toVenueAccount(state: AccountState, market: MatchingMarket): VenueAccount {
  const { equity, free } = accountMargin(state, market);
  const positions = state.positions.map((position) => {
    const markPrice = markOf(market, position.symbol);
    const liquidationPrice = liquidationPriceOf(state, position.symbol, market);
    return {
      symbol: position.symbol,
      quantity: position.quantity,
      averageEntryPrice: position.averageEntryPrice,
      markPrice,
      unrealizedPnl: unrealizedPnlOf(position, markPrice),
      margin: initialMarginOf(position, markPrice),
      leverage: position.leverage,
      liquidationPrice: liquidationPrice === null ? null : round(liquidationPrice, LIQUIDATION_PRICE_PLACES),
    };
  });
  return { balance: state.balance, equity, available: max(ZERO, free), positions };
}
