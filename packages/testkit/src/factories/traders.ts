import { DEFAULT_RISK_LIMITS, decimal, type Position, type RiskLimits, type Trader, type UserId, ZERO } from '@hyperoru/domain';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { TEST_DECISION_ID, TEST_POSITION_ID, TEST_TRADER_ID, testId } from './ids.ts';
import { BTC } from './market.ts';

/** The default limits of a new trader, with what the test changes. */
export function riskLimits(change: Partial<RiskLimits> = {}): RiskLimits {
  return { ...DEFAULT_RISK_LIMITS, ...change };
}

/** Long 1 BTC since 100. */
export function position(change: Partial<Position> = {}): Position {
  return {
    id: TEST_POSITION_ID,
    traderId: TEST_TRADER_ID,
    symbol: BTC,
    side: 'long',
    quantity: decimal('1'),
    enteredQuantity: decimal('1'),
    averageEntryPrice: decimal('100'),
    averageExitPrice: null,
    leverage: 1,
    realizedPnl: ZERO,
    fees: ZERO,
    funding: ZERO,
    openedByDecisionId: TEST_DECISION_ID,
    openedAt: FAKE_EPOCH,
    closedAt: null,
    closedBy: null,
    ...change,
  };
}

/** An active paper trader with a model that needs no key. */
export function trader(change: Partial<Trader> = {}): Trader {
  return {
    id: TEST_TRADER_ID,
    ownerId: testId<UserId>(9),
    name: 'Trend',
    description: '',
    isActive: true,
    activatedAt: FAKE_EPOCH,
    generation: 1,
    isReduceOnly: false,
    isDemo: false,
    llm: { model: 'test-model', baseUrl: 'http://127.0.0.1:1/v1', hasApiKey: false, keyFingerprint: null, isScripted: false },
    exchange: { venue: 'paper', environment: 'paper' },
    risk: riskLimits(),
    createdAt: FAKE_EPOCH,
    deletedAt: null,
    ...change,
  };
}
