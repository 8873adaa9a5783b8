import { isOpen, type Order, type Symbol, type Timestamp, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { sendOrder } from '../execution/send-order.ts';
import { settleOrder } from '../execution/settle-order.ts';
import { VenueUnavailable } from '../ports/exchange.ts';
import { type Pass, type StoredStep, storeNextStep } from './next-protective.ts';
import { onProtectionRefused } from './on-protection-refused.ts';
import type { VenueLook } from './venue-look.ts';

/** Steps per pass; what is left then is done by the next one. */
const STEPS_MAX = 24;

export interface ProtectionPass {
  /** Whether anything was sent or canceled, so that the venue has to be looked at again. */
  readonly hasActed: boolean;
  /** Since when a stop was missing; null = none was. */
  readonly missingSince: Timestamp | null;
}

/**
 * Brings stops and take-profits of a symbol to what the position needs: missing ones are placed first, what is too much or belongs
 * to a position that is over is taken away after. Safe to repeat at any moment. With a `look`, orders the venue does not show
 * protect nothing; without one nothing is read before a stop is placed.
 */
export async function protectSymbol(
  deps: EngineDeps,
  connection: VenueConnection,
  { traderId, symbol, look }: { readonly traderId: TraderId; readonly symbol: Symbol; readonly look: VenueLook | null },
): Promise<ProtectionPass> {
  return deps.mutex(`protection/${traderId}`, async () => {
    const pass: Pass = { look, tried: new Set(), settled: new Set(), missingSince: null };
    let hasActed = false;
    for (let count = 0; count < STEPS_MAX; count++) {
      const next = await storeNextStep(deps, traderId, symbol, pass);
      if (next === null) break;
      if (next.purpose === 'stop_loss' && (next.step.kind === 'send' || next.step.kind === 'wait')) pass.missingSince ??= deps.clock.now();
      await carryOut(deps, connection, next, pass);
      hasActed ||= next.step.kind !== 'drop';
    }
    return { hasActed, missingSince: pass.missingSince };
  });
}

async function carryOut(deps: EngineDeps, connection: VenueConnection, next: StoredStep, pass: Pass): Promise<void> {
  const { step, order, key } = next;
  switch (step.kind) {
    case 'send': {
      const sent = await sendOrder(deps, connection, order.id, { generation: null, quantity: step.quantity });
      if (isOpen(sent.state) || sent.state === 'filled') {
        // Whether it is there is for the venue to show.
        if (sent.state === 'unknown' || sent.state === 'sent') pass.settled.add(key);
        return;
      }
      deps.log.warn('protection.rejected', { orderId: sent.id, purpose: next.purpose, reason: sent.reason });
      // No byte left: at once again would end the same way.
      if (sent.state === 'dropped' || sent.state === 'intent') pass.settled.add(key);
      return;
    }
    case 'wait':
      pass.settled.add(key);
      return onProtectionRefused(deps, connection, next);
    case 'withdraw':
      pass.tried.add(order.id);
      return withdraw(deps, connection, order);
    case 'drop':
      return;
  }
}

/** A cancel of unknown outcome is made again by the next pass, for the order stays marked and open. */
async function withdraw(deps: EngineDeps, connection: VenueConnection, order: Order): Promise<void> {
  try {
    await connection.exchange.cancelOrder(order.traderId, order.clientOrderId);
    await settleOrder(deps, connection, order);
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    deps.log.warn('protection.not_withdrawn', { orderId: order.id, traderId: order.traderId, message: error.message });
  }
}
