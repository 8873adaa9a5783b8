/** How orders of ours are marked, as those who look on know it: not by the code that is judged. */
const OUR_PREFIX = '0x4879';

export const isMarkedOurs = (clientOrderId: string | null): boolean => clientOrderId?.startsWith(OUR_PREFIX) === true;
