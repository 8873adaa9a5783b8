import { asId, type BindingId, type DecisionId, type FillId, type OrderId, type PositionId, type TraderId } from '@hyperoru/domain';

/** A readable id: `testId<TraderId>(7)` ends in 7. The number is 0 to 999,999,999,999. */
export function testId<T extends ReturnType<typeof asId>>(number: number): T {
  return asId<T>(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);
}

/** The trader that factories use unless told otherwise. */
export const TEST_TRADER_ID = testId<TraderId>(1);
export const TEST_BINDING_ID = testId<BindingId>(2);
export const TEST_DECISION_ID = testId<DecisionId>(3);
export const TEST_ORDER_ID = testId<OrderId>(4);
export const TEST_FILL_ID = testId<FillId>(5);
export const TEST_POSITION_ID = testId<PositionId>(6);
