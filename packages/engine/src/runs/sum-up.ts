import { type DecisionRecord, gt, isOpen, type Order, ZERO } from '@hyperoru/domain';
import { DROP_REASONS } from '../execution/send-order.ts';
import type { RunEnd } from './finish-run.ts';

/** The one outcome of a run from all its decisions: what reached the venue counts most, then failures, denials, holds. */
export function sumUp(results: readonly { readonly record: DecisionRecord; readonly order: Order | null }[]): RunEnd {
  const orders = results.flatMap(({ order }) => (order === null ? [] : [order]));
  const unknown = orders.find((order) => order.state === 'unknown');
  if (unknown !== undefined)
    return {
      outcome: 'traded',
      code: 'order_unknown',
      reason: `The venue did not confirm the order in ${unknown.symbol}; it is being looked for.`,
    };
  const done = orders.filter((order) => gt(order.filledQuantity, ZERO) || isOpen(order.state));
  if (done.length > 0) return { outcome: 'traded', code: null, reason: null };
  const rejected = orders.find((order) => order.state === 'rejected');
  if (rejected !== undefined)
    return {
      outcome: 'failed',
      code: 'order_rejected',
      reason: `The venue rejected the order in ${rejected.symbol}: ${rejected.reason ?? 'no reason given'}`,
    };
  const dropped = orders.find((order) => order.state === 'dropped');
  if (dropped !== undefined) return endOfDropped(dropped);
  if (orders.length > 0)
    return { outcome: 'held', code: 'not_filled', reason: 'The market moved beyond the order’s price limit; nothing was filled.' };
  const denied = results.find(({ record }) => record.verdict.status === 'denied')?.record;
  if (denied !== undefined) return { outcome: 'denied', code: denied.verdict.code, reason: denied.verdict.message };
  return {
    outcome: 'held',
    code: 'strategy_held',
    reason: results[0]?.record.decision?.reason || 'The strategy wants nothing to be done.',
  };
}

/** What we dropped ourselves was denied at the last moment; else not a byte of it could leave. */
function endOfDropped({ reason }: Order): RunEnd {
  const denial = Object.entries(DROP_REASONS).find(([, text]) => text === reason);
  if (denial !== undefined) return { outcome: 'denied', code: denial[0], reason };
  return { outcome: 'failed', code: 'order_not_sent', reason: `The order did not leave: ${reason ?? 'no reason given'}` };
}
