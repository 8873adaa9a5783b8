import {
  DEFAULT_INSTANCE_LIMITS,
  decimal,
  type Exposure,
  type InstanceExposure,
  type InstanceLimits,
  type Stakes,
  ZERO,
} from '@hyperoru/domain';
import { FAKE_EPOCH } from '../system/fake-clock.ts';

/** Nothing is open. */
export function stakes(change: Partial<Stakes> = {}): Stakes {
  return { totalNotional: ZERO, longNotional: ZERO, shortNotional: ZERO, symbols: [], unpriced: [], ...change };
}

/** Nothing at stake, nothing lost, nothing sent; a balance of 10,000 at its peak. */
export function exposure(change: Partial<Exposure> = {}): Exposure {
  return {
    now: FAKE_EPOCH,
    isKilled: false,
    isReduceOnly: false,
    stakes: stakes(),
    position: null,
    holding: null,
    maintenanceMarginRate: decimal('0.005'),
    pnlToday: ZERO,
    peakBalance: decimal('10000'),
    balance: decimal('10000'),
    lastLossAt: null,
    entriesLastHour: 0,
    instance: instanceExposure(),
    ...change,
  };
}

/** No trader has anything open, lost or sent. */
export function instanceExposure(change: Partial<InstanceExposure> = {}): InstanceExposure {
  return { totalNotional: ZERO, pnlToday: ZERO, entriesLastMinute: 0, unpriced: [], ...change };
}

/** The default limits of an instance, with what the test changes. */
export function instanceLimits(change: Partial<InstanceLimits> = {}): InstanceLimits {
  return { ...DEFAULT_INSTANCE_LIMITS, ...change };
}
