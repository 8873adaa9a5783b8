import type { TraderId } from '@hyperoru/domain';

/** The name under which whoever sets a trader up or takes it down is alone. */
export const setUpLane = (traderId: TraderId): string => `trader-set-up/${traderId}`;
