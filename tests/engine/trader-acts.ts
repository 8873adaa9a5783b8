import { asId, decimal, type Run, type RunId, type TraderId, type TriggerId, timestamp } from '@hyperoru/domain';
import { createBinding, createPrompt, newRecoveryMemory, type OwnerScope, recoverTrader, traderCard } from '@hyperoru/engine';
import { BTC, type EngineWorld, valueOf } from './engine-world.ts';

/** Stores a finished run of the trader, as the pipeline would. */
export async function addRun(
  world: EngineWorld,
  scope: OwnerScope,
  traderId: TraderId,
  outcome: Run['outcome'],
  reason: string | null = null,
): Promise<RunId> {
  const { deps, clock } = world;
  const id = asId<RunId>(deps.ids.uuid());
  const promptId = valueOf(await createPrompt(deps, scope, { name: 'P', content: 'Decide.' })).id;
  const input = { traderId, promptId, symbols: [BTC], triggers: [], params: {}, enabled: true };
  const { binding } = valueOf(await createBinding(deps, scope, input));
  const trigger = {
    id: asId<TriggerId>(deps.ids.uuid()),
    traderId,
    bindingId: binding.id,
    cause: 'manual' as const,
    eventId: id,
    at: clock.now(),
  };
  const run: Run = {
    id,
    traderId,
    trigger,
    state: 'finished',
    outcome,
    code: outcome,
    reason,
    createdAt: clock.now(),
    startedAt: clock.now(),
    finishedAt: clock.now(),
  };
  await deps.store.transaction((tx) => tx.runs.insert(run));
  return id;
}

/** The same object, but with some of its methods replaced. */
export function replaced<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

let orders = 0;
/** Buys at the market and books the fills, as the pipeline would. */
export async function buy(world: EngineWorld, scope: OwnerScope, traderId: TraderId, quantity: string): Promise<void> {
  orders += 1;
  const exchange = world.deps.venue('paper', 'paper')?.exchange;
  await exchange?.placeOrder(traderId, {
    clientOrderId: `0x${String(orders).padStart(32, '0')}`,
    symbol: BTC,
    side: 'buy',
    type: { kind: 'limit', price: decimal('60000'), timeInForce: 'ioc' },
    quantity: decimal(quantity),
    reduceOnly: false,
    leverage: 2,
    nonce: 1,
    deadline: timestamp(world.clock.now() + 30_000),
  });
  const trader = valueOf(await traderCard(world.deps, scope, { traderId })).trader;
  await recoverTrader(world.deps, trader, newRecoveryMemory(), { isStart: false });
}

/** Origins of the secrets that the vault holds for a trader. */
export const secretsOf = (world: EngineWorld, traderId: TraderId): readonly string[] =>
  [...world.secretRows.rows.values()].filter((row) => row.ownerId === traderId).map((row) => row.origin);
