import { activePositions, QUOTE_ASSET, type ShownPosition, shownPosition, type WalletSums, walletSums } from './account-shapes.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, symbolOfCall, symbolsOfCall } from './desk.ts';
import { notionalCapAt } from './symbols.ts';

const FEE_TIER = 0;

/** `GET /fapi/v3/balance` and `/fapi/v2/balance`. */
export function getBalance({ desk, accountId }: Call): Answer {
  const sums = walletSums(desk, accountId);
  const row = {
    accountAlias: accountId,
    asset: QUOTE_ASSET,
    balance: sums.wallet,
    crossWalletBalance: sums.wallet,
    crossUnPnl: sums.unrealized,
    availableBalance: sums.available,
    maxWithdrawAmount: sums.available,
    marginAvailable: true,
    updateTime: desk.venue.now(),
  };
  return [row];
}

/** `GET /fapi/v3/account`: only symbols with a position or an open order. */
export function getAccount({ desk, accountId }: Call): Answer {
  const sums = walletSums(desk, accountId);
  const assets = [{ asset: QUOTE_ASSET, ...assetPart(sums), updateTime: desk.venue.now() }];
  const positions = activePositions(desk, accountId).map((position) => ({
    symbol: position.symbol,
    positionSide: position.positionSide,
    positionAmt: position.positionAmt,
    unrealizedProfit: position.unRealizedProfit,
    isolatedMargin: position.isolatedMargin,
    notional: position.notional,
    isolatedWallet: position.isolatedWallet,
    initialMargin: position.initialMargin,
    maintMargin: position.maintMargin,
    updateTime: position.updateTime,
  }));
  return { ...totalPart(sums), assets, positions };
}

/** `GET /fapi/v2/account`: the older answer with every symbol and with leverage. */
export function getAccountV2({ desk, accountId }: Call): Answer {
  const sums = walletSums(desk, accountId);
  const assets = [{ asset: QUOTE_ASSET, ...assetPart(sums), marginAvailable: true, updateTime: desk.venue.now() }];
  const positions = desk.symbols.all().map((symbol) => {
    const position = shownPosition(desk, accountId, symbol);
    return {
      symbol: position.symbol,
      initialMargin: position.initialMargin,
      maintMargin: position.maintMargin,
      unrealizedProfit: position.unRealizedProfit,
      positionInitialMargin: position.initialMargin,
      openOrderInitialMargin: position.openOrderInitialMargin,
      leverage: String(position.leverage),
      isolated: position.isIsolated,
      entryPrice: position.entryPrice,
      breakEvenPrice: position.breakEvenPrice,
      maxNotional: position.maxNotionalValue,
      bidNotional: '0',
      askNotional: '0',
      positionSide: position.positionSide,
      positionAmt: position.positionAmt,
      notional: position.notional,
      isolatedWallet: position.isolatedWallet,
      updateTime: position.updateTime,
    };
  });
  return {
    feeTier: FEE_TIER,
    canTrade: true,
    canDeposit: true,
    canWithdraw: true,
    multiAssetsMargin: false,
    ...totalPart(sums),
    assets,
    positions,
  };
}

function totalPart(sums: WalletSums) {
  return {
    totalInitialMargin: sums.positionMargin,
    totalMaintMargin: sums.maintenance,
    totalWalletBalance: sums.wallet,
    totalUnrealizedProfit: sums.unrealized,
    totalMarginBalance: sums.margin,
    totalPositionInitialMargin: sums.positionMargin,
    totalOpenOrderInitialMargin: sums.orderMargin,
    totalCrossWalletBalance: sums.wallet,
    totalCrossUnPnl: sums.unrealized,
    availableBalance: sums.available,
    maxWithdrawAmount: sums.available,
  };
}

function assetPart(sums: WalletSums) {
  return {
    walletBalance: sums.wallet,
    unrealizedProfit: sums.unrealized,
    marginBalance: sums.margin,
    maintMargin: sums.maintenance,
    initialMargin: sums.positionMargin,
    positionInitialMargin: sums.positionMargin,
    openOrderInitialMargin: sums.orderMargin,
    crossWalletBalance: sums.wallet,
    crossUnPnl: sums.unrealized,
    availableBalance: sums.available,
    maxWithdrawAmount: sums.available,
  };
}

/** `GET /fapi/v3/positionRisk`: only symbols with a position or an open order, without leverage. */
export function getPositionRisk(call: Call): Answer {
  const symbols = symbolsOfCall(call);
  if (symbols instanceof ApiError) return symbols;
  const names = new Set<string>(symbols.map((symbol) => symbol.name));
  return activePositions(call.desk, call.accountId)
    .filter((position) => names.has(position.symbol))
    .map((position) => ({
      ...riskPart(position),
      marginAsset: QUOTE_ASSET,
      initialMargin: position.initialMargin,
      maintMargin: position.maintMargin,
      positionInitialMargin: position.initialMargin,
      openOrderInitialMargin: position.openOrderInitialMargin,
      adl: 0,
      bidNotional: '0',
      askNotional: '0',
    }));
}

/** `GET /fapi/v2/positionRisk`: every symbol, with leverage. */
export function getPositionRiskV2(call: Call): Answer {
  const symbols = symbolsOfCall(call);
  if (symbols instanceof ApiError) return symbols;
  return symbols.map((symbol) => {
    const position = shownPosition(call.desk, call.accountId, symbol);
    return {
      ...riskPart(position),
      marginType: position.isIsolated ? 'isolated' : 'cross',
      isAutoAddMargin: 'false',
      leverage: String(position.leverage),
      maxNotionalValue: position.maxNotionalValue,
    };
  });
}

function riskPart(position: ShownPosition) {
  return {
    symbol: position.symbol,
    positionSide: position.positionSide,
    positionAmt: position.positionAmt,
    entryPrice: position.entryPrice,
    breakEvenPrice: position.breakEvenPrice,
    markPrice: position.markPrice,
    unRealizedProfit: position.unRealizedProfit,
    liquidationPrice: position.liquidationPrice,
    isolatedMargin: position.isolatedMargin,
    notional: position.notional,
    isolatedWallet: position.isolatedWallet,
    updateTime: position.updateTime,
  };
}

/** `GET /fapi/v1/symbolConfig`: where leverage and margin type of a symbol stand. */
export function getSymbolConfig(call: Call): Answer {
  const symbols = symbolsOfCall(call);
  if (symbols instanceof ApiError) return symbols;
  return symbols.map(({ name, extras }) => {
    const { leverage, isCross } = call.desk.venue.leverageOf(call.accountId, name);
    return {
      symbol: name,
      marginType: isCross ? 'CROSSED' : 'ISOLATED',
      isAutoAddMargin: 'false',
      leverage,
      maxNotionalValue: notionalCapAt(extras.brackets, leverage),
    };
  });
}

/** `GET /fapi/v1/accountConfig`. */
export function getAccountConfig({ desk, accountId, apiKey }: Call): Answer {
  return {
    feeTier: FEE_TIER,
    canTrade: desk.keys.get(apiKey)?.canTrade !== false,
    canDeposit: true,
    canWithdraw: true,
    dualSidePosition: desk.modes.isHedge(accountId),
    updateTime: 0,
    multiAssetsMargin: false,
    tradeGroupId: -1,
  };
}

/** `GET /fapi/v1/commissionRate`. */
export function getCommissionRate(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const { makerFeeRate, takerFeeRate } = symbol.instrument;
  return { symbol: symbol.name, makerCommissionRate: makerFeeRate, takerCommissionRate: takerFeeRate, rpiCommissionRate: makerFeeRate };
}

/** `GET /fapi/v1/leverageBracket`. */
export function getLeverageBracket(call: Call): Answer {
  const symbols = symbolsOfCall(call);
  if (symbols instanceof ApiError) return symbols;
  return symbols.map(({ name, instrument, extras }) => ({
    symbol: name,
    brackets: extras.brackets.map((one, index) => ({
      bracket: index + 1,
      initialLeverage: Math.min(one.initialLeverage, instrument.leverageMax),
      notionalCap: Number(one.notionalCap),
      notionalFloor: Number(one.notionalFloor),
      maintMarginRatio: Number(one.maintMarginRatio),
      cum: Number(one.cum),
    })),
  }));
}

/** `GET /sapi/v1/account/apiRestrictions`: what the key of the request may do. */
export function getApiRestrictions({ desk, apiKey }: Call): Answer {
  const key = desk.keys.get(apiKey);
  if (key === null) return apiError(-2014);
  return {
    ipRestrict: key.ips !== undefined,
    createTime: 0,
    enableReading: true,
    enableWithdrawals: key.canWithdraw === true,
    enableInternalTransfer: false,
    permitsUniversalTransfer: false,
    enableMargin: false,
    enableFutures: key.canTrade !== false,
    enableVanillaOptions: false,
    enableSpotAndMarginTrading: false,
    enablePortfolioMarginTrading: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
  };
}
