import { decimal, type Fill, type Order, ZERO } from '@hyperoru/domain';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { TEST_DECISION_ID, TEST_FILL_ID, TEST_ORDER_ID, TEST_TRADER_ID } from './ids.ts';
import { BTC } from './market.ts';

/** The stored intent of an entry: buy 1 BTC at 100 or better. */
export function order(change: Partial<Order> = {}): Order {
  return {
    id: TEST_ORDER_ID,
    traderId: TEST_TRADER_ID,
    decisionId: TEST_DECISION_ID,
    venue: 'paper',
    environment: 'paper',
    clientOrderId: '0x48797000000000000000000000000001',
    venueOrderId: null,
    symbol: BTC,
    side: 'buy',
    purpose: 'entry',
    type: { kind: 'limit', price: decimal('100'), timeInForce: 'ioc' },
    quantity: decimal('1'),
    reduceOnly: false,
    leverage: 1,
    state: 'intent',
    filledQuantity: ZERO,
    averagePrice: null,
    deadline: null,
    nonce: null,
    epoch: null,
    reason: null,
    createdAt: FAKE_EPOCH,
    sentAt: null,
    updatedAt: FAKE_EPOCH,
    ...change,
  };
}

/** Bought 1 BTC at 100 as taker without a fee. */
export function fill(change: Partial<Fill> = {}): Fill {
  return {
    id: TEST_FILL_ID,
    traderId: TEST_TRADER_ID,
    orderId: TEST_ORDER_ID,
    clientOrderId: '0x48797000000000000000000000000001',
    tradeId: 't1',
    symbol: BTC,
    side: 'buy',
    price: decimal('100'),
    quantity: decimal('1'),
    fee: ZERO,
    liquidity: 'taker',
    isLiquidation: false,
    filledAt: FAKE_EPOCH,
    marketTime: FAKE_EPOCH,
    ...change,
  };
}
