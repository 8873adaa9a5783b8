import type { OrderCreateBody } from '@hyperoru/contracts';
import { type Decision, decimal, type ProtectiveLevel, symbol } from '@hyperoru/domain';
import type { z } from 'zod';

type Body = z.infer<typeof OrderCreateBody>;

/** A person's order in the vocabulary of every decision. */
export function decisionOf(body: Body): Decision {
  const limit = body.limit_price === undefined ? null : decimal(body.limit_price);
  return {
    operation: body.operation,
    symbol: symbol(body.symbol),
    portion: body.portion === undefined ? null : decimal(body.portion),
    leverage: body.leverage ?? null,
    takeProfit: levelOf(body.take_profit),
    stopLoss: levelOf(body.stop_loss),
    maxPrice: body.operation === 'buy' ? limit : null,
    minPrice: body.operation === 'sell' ? limit : null,
    timeInForce: body.time_in_force,
    confidence: null,
    reason: body.reason,
  };
}

function levelOf(level: Body['stop_loss']): ProtectiveLevel | null {
  if (level === undefined) return null;
  return 'price' in level ? { kind: 'price', price: decimal(level.price) } : { kind: 'pct', pct: decimal(level.pct) };
}
