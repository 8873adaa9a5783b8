import { type Decision, decimal, isOpen, type TraderId } from '@hyperoru/domain';
import {
  cancelOrder,
  closePosition,
  deleteTrader,
  disarmKillSwitch,
  fireTrigger,
  ownerScope,
  placeManualOrder,
  setStatus,
  useKillSwitch,
  type WantedStatus,
} from '@hyperoru/engine';
import { BTC, decision } from '@hyperoru/testkit';
import type { Process, World } from './world.ts';

/** What a person asks of the process; from a good answer on the witness holds it to its word. */
export async function setStatusByHand(world: World, process: Process, traderId: TraderId, status: WantedStatus): Promise<void> {
  if (status === 'active') world.witness.resumed(traderId);
  const begunAtMs = world.scheduler.nowMs;
  const result = await setStatus(process.deps, world.scope, { traderId, status });
  if (result.ok && status !== 'active') world.witness.stopped(traderId, status, begunAtMs);
}

export async function remove(world: World, process: Process, traderId: TraderId): Promise<void> {
  const begunAtMs = world.scheduler.nowMs;
  const result = await deleteTrader(process.deps, world.scope, { traderId });
  if (result.ok) world.witness.stopped(traderId, 'deletion', begunAtMs);
}

export async function kill(world: World, process: Process, traderId: TraderId): Promise<void> {
  const ofAll = world.draw.chance(0.3);
  const begunAtMs = world.scheduler.nowMs;
  const result = await useKillSwitch(process.deps, world.scope, { traderId: ofAll ? null : traderId, reason: 'Enough.' });
  if (!result.ok) return;
  for (const stopped of result.value.traders) world.witness.stopped(stopped.traderId, 'the kill switch', begunAtMs);
  if (result.value.finishedAt === null || result.value.disarmedAt !== null) return;
  world.sometimes('a kill was carried out');
  for (const { traderId: killed } of result.value.traders) world.witness.saidFlat(killed);
}

export async function disarm(world: World, process: Process, traderId: TraderId): Promise<void> {
  const provenNow = ownerScope(world.scope.userId, process.deps.clock.now());
  await disarmKillSwitch(process.deps, provenNow, { traderId: world.draw.chance(0.5) ? null : traderId });
}

export async function closeOne(world: World, process: Process, traderId: TraderId): Promise<void> {
  const [position] = await process.deps.store.transaction((tx) => tx.portfolio.listOpenPositions(traderId));
  if (position !== undefined) await closePosition(process.deps, world.scope, { positionId: position.id });
}

/** The same key comes again now and then. A person's own order goes out for a paused trader too. */
export async function orderByHand(world: World, process: Process, traderId: TraderId): Promise<void> {
  const wanted: Decision = decision({
    operation: world.draw.oneOf(['buy', 'sell', 'close'] as const),
    symbol: BTC,
    portion: decimal('0.05'),
    leverage: 2,
  });
  world.witness.resumed(traderId);
  const result = await placeManualOrder(process.deps, world.scope, { traderId, key: `key-${world.draw.whole(1, 9)}`, decision: wanted });
  if (result.ok) world.sometimes('an order by hand was answered');
}

export async function cancelOne(world: World, process: Process, traderId: TraderId): Promise<void> {
  const open = await process.deps.store.transaction((tx) => tx.orders.listOpen(traderId));
  const order = open.find(({ state }) => isOpen(state));
  if (order !== undefined) await cancelOrder(process.deps, world.scope, { orderId: order.id });
}

/** The same event arrives again and again. */
export async function repeatTrigger(world: World, process: Process, traderId: TraderId): Promise<void> {
  const eventId = `event-${world.draw.whole(1, 3)}`;
  await process.deps.store.transaction(async (tx) => {
    const trader = await tx.traders.get(traderId);
    const [binding] = await tx.bindings.listByTrader(traderId);
    if (trader === null || binding === undefined) return;
    await fireTrigger(process.deps, tx, { trader, binding, cause: 'signal', eventId, at: process.deps.clock.now() });
  });
}
