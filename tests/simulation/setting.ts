import { decimal } from '@hyperoru/domain';

/** Where every trader of a seed begins, quote currency. */
export const START_BALANCE = decimal('10000');
/** The largest total notional of every trader, quote currency. */
export const ENTRY_CAP = decimal('15000');
