import type { EntryPlan } from '../decisions/plan.ts';
import { add, gt, lte, neg } from '../money/decimal.ts';
import { type Denied, deny } from './denial.ts';
import type { InstanceExposure } from './exposure.ts';
import type { InstanceLimits } from './instance-limits.ts';

/** The caps over all traders; null = within them. */
export function checkInstance(plan: EntryPlan, limits: InstanceLimits | null, exposure: InstanceExposure): Denied | null {
  if (limits === null) return deny('limits_unreadable', 'The stored limits of the instance are not in a form that can be read.');
  const { maxLeverage, maxTotalNotional, maxDailyLoss, maxOrdersPerMinute } = limits;
  if (maxLeverage !== null && plan.leverage > maxLeverage)
    return deny('instance_leverage_exceeded', `Leverage ${plan.leverage} exceeds the instance's limit of ${maxLeverage}.`);
  if (exposure.unpriced.length > 0)
    return deny(
      'quote_missing',
      `Something is open in ${exposure.unpriced.join(', ')} without a price, so the instance's sums are not known.`,
    );
  const total = add(exposure.totalNotional, plan.notional);
  if (maxTotalNotional !== null && gt(total, maxTotalNotional))
    return deny('instance_notional_exceeded', `All traders together would hold ${total}, the instance's limit is ${maxTotalNotional}.`);
  if (maxDailyLoss !== null && lte(exposure.pnlToday, neg(maxDailyLoss))) {
    const message = `Today's result of all traders is ${exposure.pnlToday}, the instance's daily loss limit is ${maxDailyLoss}.`;
    return deny('instance_daily_loss_reached', message);
  }
  if (exposure.entriesLastMinute < maxOrdersPerMinute) return null;
  const message = `${exposure.entriesLastMinute} entries of all traders left within a minute, the instance's limit is ${maxOrdersPerMinute}.`;
  return deny('order_budget_exceeded', message);
}
