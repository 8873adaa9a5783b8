import {
  type GuardedEntry,
  nextProtectionStep,
  type Order,
  type OrderId,
  type ProtectionStep,
  type ProtectivePurpose,
  type Symbol,
  type Timestamp,
  type Trader,
  type TraderId,
  WITHDRAWN_REASON,
  ZERO,
} from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { nextAttempt } from '../execution/make-intents.ts';
import { insertIntent, moveOrder, noteReason } from '../execution/store-order.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';
import { type Guarded, readGuarded } from './read-guarded.ts';
import type { VenueLook } from './venue-look.ts';

const PURPOSES: readonly ProtectivePurpose[] = ['stop_loss', 'take_profit'];
/** What is missing comes before what is too much. */
const RANKS: Readonly<Record<ProtectionStep['kind'], number>> = { send: 0, wait: 1, drop: 2, withdraw: 3 };

/** What one pass over a symbol has done so far. */
export interface Pass {
  /** What the venue reported before the pass; null = it was not asked. */
  readonly look: VenueLook | null;
  /** Orders that were canceled. */
  readonly tried: Set<OrderId>;
  /** Entries and purposes that are left alone until the next pass. */
  readonly settled: Set<string>;
  /** When a stop was first found missing. */
  missingSince: Timestamp | null;
}

/** A step as it was stored, to be carried out now. */
export interface StoredStep {
  readonly step: ProtectionStep;
  readonly purpose: ProtectivePurpose;
  readonly entry: Order;
  readonly trader: Trader;
  /** What is to be sent or canceled; it is on disk. */
  readonly order: Order;
  /** Names entry and purpose in {@link Pass.settled}. */
  readonly key: string;
}

/**
 * The next step for a symbol, stored before it is carried out: the intent that will be sent, the note that an order is taken back. A
 * refused protective order stays as an intent while it waits, so that its entry is looked after, also after a restart, and nothing
 * is entered in the symbol. null when all is as it should be.
 */
export async function storeNextStep(deps: EngineDeps, traderId: TraderId, symbol: Symbol, pass: Pass): Promise<StoredStep | null> {
  return deps.store.transaction(async (tx) => {
    const guarded = await readGuarded(tx, traderId, symbol);
    const now = deps.clock.now();
    const [next] = stepsOf(guarded, pass, now).sort((a, b) => RANKS[a.step.kind] - RANKS[b.step.kind]);
    if (next === undefined) return null;
    const order = await store(deps, tx, { ...next, guarded, now });
    return { ...next, entry: next.of.entry, trader: guarded.trader, order };
  });
}

interface Found {
  readonly step: ProtectionStep;
  readonly purpose: ProtectivePurpose;
  readonly of: GuardedEntry;
  readonly key: string;
}

function stepsOf(guarded: Guarded, pass: Pass, now: Timestamp): Found[] {
  const found: Found[] = [];
  for (const purpose of PURPOSES) {
    for (const of of guarded.entries) {
      const key = `${of.entry.id}/${purpose}`;
      if (pass.settled.has(key)) continue;
      const needed = expected(guarded.needed.get(of.entry.id), `a part of the position for entry ${of.entry.id}`);
      const step = nextProtectionStep({ guarded: of, purpose, needed, now, isShown: shownBy(pass.look), tried: pass.tried });
      if (step !== null) found.push({ step, purpose, of, key });
    }
  }
  return found;
}

/** A look tells nothing about an order that changed after it began. */
function shownBy(look: VenueLook | null): (order: Order) => boolean | null {
  if (look === null) return () => null;
  const shown = new Set(look.openOrders.map(({ clientOrderId }) => clientOrderId));
  return (order) => shown.has(order.clientOrderId) || (order.updatedAt < look.at ? false : null);
}

async function store(
  deps: EngineDeps,
  tx: StoreTx,
  { step, of, guarded, now }: Found & { readonly guarded: Guarded; readonly now: Timestamp },
): Promise<Order> {
  const { trader } = guarded;
  if (step.kind === 'withdraw') return noteReason(deps, tx, { order: step.leg, reason: WITHDRAWN_REASON, trader });
  if (step.kind === 'drop') {
    const reason =
      of.entry.filledQuantity === ZERO ? 'The entry ended without a fill.' : 'The position was closed before this order was needed.';
    return (await moveOrder(deps, tx, { order: step.leg, to: 'dropped', change: { reason }, trader })) ?? step.leg;
  }
  if (step.intent !== null) return step.intent;
  const order = { ...nextAttempt(deps.ids, step.template, step.attempt, now), quantity: step.quantity };
  await insertIntent(tx, order, trader);
  return order;
}
