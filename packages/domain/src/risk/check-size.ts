import type { EntryPlan } from '../decisions/plan.ts';
import { add, gt } from '../money/decimal.ts';
import { type Denied, deny } from './denial.ts';
import { type Exposure, opposes } from './exposure.ts';
import type { RiskLimits } from './limits.ts';

/** How much, at what leverage, beside what is open already; null = within the limits. */
export function checkSize(plan: EntryPlan, limits: RiskLimits, exposure: Exposure): Denied | null {
  const { stakes } = exposure;
  const denied = checkHolding(plan, limits, exposure);
  if (denied !== null) return denied;
  if (gt(plan.notional, limits.maxOrderNotional))
    return deny('order_notional_exceeded', `The order's notional ${plan.notional} exceeds the limit of ${limits.maxOrderNotional}.`);
  if (stakes.unpriced.length > 0)
    return deny('quote_missing', `Something is open in ${stakes.unpriced.join(', ')} without a price, so the exposure is not known.`);
  const total = add(stakes.totalNotional, plan.notional);
  if (gt(total, limits.maxTotalNotional))
    return deny('total_notional_exceeded', `The total notional would be ${total}, the limit is ${limits.maxTotalNotional}.`);
  const side = plan.side === 'buy' ? 'long' : 'short';
  const sameSide = add(side === 'long' ? stakes.longNotional : stakes.shortNotional, plan.notional);
  if (limits.maxSameDirectionNotional !== null && gt(sameSide, limits.maxSameDirectionNotional)) {
    const message = `The ${side} notional would be ${sameSide}, the limit is ${limits.maxSameDirectionNotional}.`;
    return deny('same_direction_exceeded', message);
  }
  if (!stakes.symbols.includes(plan.symbol) && stakes.symbols.length >= limits.maxOpenPositions)
    return deny('positions_exceeded', `${stakes.symbols.length} positions are open, the limit is ${limits.maxOpenPositions}.`);
  return null;
}

/** Leverage belongs to the position, not to the order: an entry never changes that of an open one. */
function checkHolding(plan: EntryPlan, limits: RiskLimits, { position, holding }: Exposure): Denied | null {
  if (plan.leverage > limits.maxLeverage)
    return deny('leverage_exceeded', `Leverage ${plan.leverage} exceeds the limit of ${limits.maxLeverage}.`);
  if (holding !== null && opposes(holding, plan.side))
    return deny('opposite_position', `The venue holds ${holding.quantity} ${plan.symbol}, which must be closed first.`);
  const other = [position, holding].find((each) => each !== null && each.leverage !== plan.leverage) ?? null;
  if (other !== null)
    return deny('leverage_conflict', `The open position has leverage ${other.leverage}, the decision wants ${plan.leverage}.`);
  return null;
}
