import { type Decision, decimal, type EntryPlan } from '@hyperoru/domain';
import { BTC } from './market.ts';

/** Buy BTC with a tenth of the balance, stop-loss 2 %, take-profit 4 % away. */
export function decision(change: Partial<Decision> = {}): Decision {
  return {
    operation: 'buy',
    symbol: BTC,
    portion: decimal('0.1'),
    leverage: null,
    takeProfit: { kind: 'pct', pct: decimal('4') },
    stopLoss: { kind: 'pct', pct: decimal('2') },
    maxPrice: null,
    minPrice: null,
    timeInForce: 'ioc',
    confidence: null,
    reason: 'The trend is up.',
    ...change,
  };
}

/** Buys 0.02 BTC for at most 50,000: notional 1,000, margin 500. */
export function plan(change: Partial<EntryPlan> = {}): EntryPlan {
  return {
    kind: 'entry',
    symbol: BTC,
    side: 'buy',
    quantity: decimal('0.02'),
    limitPrice: decimal('50000'),
    timeInForce: 'ioc',
    leverage: 2,
    notional: decimal('1000'),
    margin: decimal('500'),
    referencePrice: decimal('50000'),
    stopLossPrice: decimal('49000'),
    takeProfitPrice: decimal('52000'),
    ...change,
  };
}
