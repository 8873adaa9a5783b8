import { gte, isPositive, lte, mul, neg, sub } from '../money/decimal.ts';
import { addMs, toIso } from '../time/timestamp.ts';
import { type Denied, deny } from './denial.ts';
import type { Exposure } from './exposure.ts';
import type { RiskLimits } from './limits.ts';

const MINUTE_MS = 60_000;

/**
 * The breakers: what was lost today and since the peak, the pause after a loss, and the number of entries; null = none is
 * tripped. All of it comes from the records, so a restart resets nothing.
 */
export function checkPace(limits: RiskLimits, exposure: Exposure): Denied | null {
  return checkLosses(limits, exposure) ?? checkCooldown(limits, exposure) ?? checkFrequency(limits, exposure);
}

function checkLosses({ maxDailyLoss, maxDrawdown }: RiskLimits, { pnlToday, peakBalance, balance }: Exposure): Denied | null {
  if (maxDailyLoss !== null && lte(pnlToday, neg(maxDailyLoss)))
    return deny('daily_loss_reached', `Today's result is ${pnlToday}, the daily loss limit is ${maxDailyLoss}.`);
  const fall = sub(peakBalance, balance);
  if (maxDrawdown !== null && isPositive(fall) && gte(fall, mul(peakBalance, maxDrawdown))) {
    const message = `The balance fell from ${peakBalance} to ${balance}, the limit is the share ${maxDrawdown} of the peak.`;
    return deny('drawdown_reached', message);
  }
  return null;
}

function checkCooldown({ cooldownMinutes }: RiskLimits, { lastLossAt, now }: Exposure): Denied | null {
  if (lastLossAt === null || now - lastLossAt >= cooldownMinutes * MINUTE_MS) return null;
  return deny('cooling_down', `After the last loss nothing is entered until ${toIso(addMs(lastLossAt, cooldownMinutes * MINUTE_MS))}.`);
}

function checkFrequency({ maxOrdersPerHour }: RiskLimits, { entriesLastHour }: Exposure): Denied | null {
  if (entriesLastHour < maxOrdersPerHour) return null;
  return deny('orders_per_hour_exceeded', `${entriesLastHour} entries in the last hour, the limit is ${maxOrdersPerHour}.`);
}
