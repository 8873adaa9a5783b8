import {
  type AccountState,
  type BookModel,
  type Decimal,
  decimal,
  type MatchedOrder,
  type MatchingMarket,
  type MatchingRequest,
  type MatchingRules,
  type OrderSide,
  type Symbol,
  symbol,
  type TimeInForce,
  type Timestamp,
  timestamp,
} from '@hyperoru/domain';

export const TEST_BTC: Symbol = symbol('BTC');
export const TEST_ETH: Symbol = symbol('ETH');
/** 2021-01-01T00:30:00Z: half an hour from the funding boundaries on both sides. */
export const TEST_MARKET_TIME: Timestamp = timestamp(1_609_461_000_000);

/** Rules with round numbers: spread 2, levels 1 apart, 1 unit of notional 50,000 per level, no slippage, fees 0.045 % and 0.015 %. */
export function testRules(
  changes: { readonly symbol?: Symbol; readonly book?: Partial<BookModel>; readonly maintenanceMarginRate?: Decimal } = {},
): MatchingRules {
  return {
    instrument: {
      symbol: changes.symbol ?? TEST_BTC,
      quoteCurrency: 'USD',
      priceIncrement: decimal('0.5'),
      sizeIncrement: decimal('0.001'),
      quantityMin: decimal('0.002'),
      notionalMin: decimal('10'),
      leverageMax: 40,
      maintenanceMarginRate: changes.maintenanceMarginRate ?? decimal('0.0125'),
      takerFeeRate: decimal('0.00045'),
      makerFeeRate: decimal('0.00015'),
    },
    book: {
      halfSpreadBps: decimal('0.2'),
      levelStepBps: decimal('0.2'),
      levelNotional: decimal('50000'),
      levels: 5,
      triggerSlippageBps: decimal('0'),
      liquidationSlippageBps: decimal('0'),
      ...changes.book,
    },
    fundingRatePerHour: decimal('0.0000125'),
  };
}

/** A market with BTC and ETH under {@link testRules} at the marks given. */
export function testMarket(
  marks: { readonly BTC?: string; readonly ETH?: string },
  changes: { readonly rules?: MatchingRules; readonly marketTime?: Timestamp; readonly now?: Timestamp } = {},
): MatchingMarket {
  const rules = [changes.rules ?? testRules(), testRules({ symbol: TEST_ETH })];
  return {
    rules: new Map(rules.map((one) => [one.instrument.symbol, one])),
    marks: new Map(Object.entries(marks).map(([name, mark]) => [symbol(name), decimal(mark)])),
    marketTime: changes.marketTime ?? TEST_MARKET_TIME,
    now: changes.now ?? timestamp(1_000_000),
  };
}

let requests = 0;

/** A request with a fresh client order id and a deadline far away; IOC limit unless a type is given. */
export function limitRequest(
  side: OrderSide,
  quantity: string,
  price: string,
  changes: Partial<MatchingRequest> & { readonly timeInForce?: TimeInForce } = {},
): MatchingRequest {
  const { timeInForce = 'ioc', ...rest } = changes;
  requests += 1;
  return {
    clientOrderId: `c${requests}`,
    symbol: TEST_BTC,
    side,
    type: { kind: 'limit', price: decimal(price), timeInForce },
    quantity: decimal(quantity),
    reduceOnly: false,
    leverage: 10,
    deadline: timestamp(2_000_000),
    ...rest,
  };
}

/** A reduce-only stop-loss or take-profit. */
export function triggerRequest(
  side: OrderSide,
  quantity: string,
  trigger: 'stop_loss' | 'take_profit',
  triggerPrice: string,
  changes: Partial<MatchingRequest> = {},
): MatchingRequest {
  const type = { kind: 'trigger', trigger, triggerPrice: decimal(triggerPrice) } as const;
  return { ...limitRequest(side, quantity, triggerPrice), type, reduceOnly: true, ...changes };
}

export const orderIn = (state: AccountState, clientOrderId: string): MatchedOrder | null =>
  state.orders.find((order) => order.clientOrderId === clientOrderId) ?? null;
