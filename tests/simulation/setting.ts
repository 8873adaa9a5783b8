import { DEFAULT_INSTANCE_LIMITS, decimal, type InstanceLimits } from '@hyperoru/domain';
import type { Draw } from './draw.ts';

/** Where every trader of a seed begins, quote currency. */
export const START_BALANCE = decimal('10000');
/** The largest total notional of every trader, quote currency. */
export const ENTRY_CAP = decimal('15000');

/** Shares of the seeds in which the instance has a limit that its traders reach. */
const TIGHT_BUDGET_SHARE = 0.08;
const TIGHT_CAP_SHARE = 0.1;

/** The limits of the instance of a seed. */
export const drawLimits = (draw: Draw): InstanceLimits => ({
  ...DEFAULT_INSTANCE_LIMITS,
  maxOrdersPerMinute: draw.chance(TIGHT_BUDGET_SHARE) ? draw.whole(1, 4) : DEFAULT_INSTANCE_LIMITS.maxOrdersPerMinute,
  maxTotalNotional: draw.chance(TIGHT_CAP_SHARE) ? decimal(String(draw.whole(3_000, 14_000))) : null,
});
