import {
  addMs,
  asId,
  type Binding,
  type BindingId,
  type DecisionId,
  type DecisionRecord,
  type ModelCall,
  type Order,
  type OrderId,
  type Prompt,
  type PromptId,
  type PromptVersion,
  type PromptVersionId,
  type Run,
  type RunId,
  type Trader,
  type TraderId,
  type TriggerId,
  type UserId,
} from '@hyperoru/domain';
import { type OwnerScope, ownerScope, type ReadModel, type Store, type User } from '@hyperoru/engine';
import { decision, plan } from '../factories/decisions.ts';
import { BTC } from '../factories/market.ts';
import { order } from '../factories/orders.ts';
import { trader } from '../factories/traders.ts';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { seededIds } from '../system/seeded-ids.ts';

/** What a suite is run against; one for all tests of a file. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly readModel: ReadModel;
  close(): Promise<void>;
}

/** Fresh ids for all tests of a file, the same in every run. */
export const worldIds = seededIds('store contract');

/** A user's trader with one prompt and one binding, stored. Tests never meet: each has its own. */
export interface StoreWorld {
  readonly owner: User;
  readonly scope: OwnerScope;
  readonly trader: Trader;
  readonly prompt: Prompt;
  readonly version: PromptVersion;
  readonly binding: Binding;
}

export function newUser(change: Partial<User> = {}): User {
  const id = asId<UserId>(worldIds.uuid());
  return { id, username: `user-${id}`, email: null, role: 'member', createdAt: FAKE_EPOCH, ...change };
}

export async function plantWorld(
  { store }: { readonly store: Pick<Store, 'transaction'> },
  change: { readonly trader?: Partial<Trader>; readonly owner?: User } = {},
): Promise<StoreWorld> {
  const owner = change.owner ?? newUser();
  const made = trader({ id: asId<TraderId>(worldIds.uuid()), ownerId: owner.id, ...change.trader });
  const promptId = asId<PromptId>(worldIds.uuid());
  const versionId = asId<PromptVersionId>(worldIds.uuid());
  const prompt: Prompt = {
    id: promptId,
    ownerId: owner.id,
    name: 'Momentum',
    currentVersionId: versionId,
    createdAt: FAKE_EPOCH,
    updatedAt: FAKE_EPOCH,
    deletedAt: null,
  };
  const version: PromptVersion = {
    id: versionId,
    promptId,
    number: 1,
    content: 'Decide on {{market_prices}}.',
    contentHash: worldIds.hash('v1'),
    createdAt: FAKE_EPOCH,
  };
  const binding: Binding = {
    id: asId<BindingId>(worldIds.uuid()),
    traderId: made.id,
    promptId,
    symbols: [BTC],
    triggers: [{ type: 'schedule', intervalSeconds: 60 }],
    params: { risk: 'low', size: 0.1, fast: true },
    enabled: true,
    createdAt: FAKE_EPOCH,
    updatedAt: FAKE_EPOCH,
    deletedAt: null,
  };
  await store.transaction(async (tx) => {
    if (change.owner === undefined) await tx.users.insert(owner, 'hash');
    await tx.traders.insert(made);
    await tx.prompts.insert(prompt, version);
    await tx.bindings.insert(binding);
  });
  return { owner, scope: ownerScope(owner.id), trader: made, prompt, version, binding };
}

/** A queued run of the world's binding; `at` ms after the epoch. */
export function runOf(world: StoreWorld, at = 0, change: Partial<Run> = {}): Run {
  const moment = addMs(FAKE_EPOCH, at);
  return {
    id: asId<RunId>(worldIds.uuid()),
    traderId: world.trader.id,
    trigger: {
      id: asId<TriggerId>(worldIds.uuid()),
      traderId: world.trader.id,
      bindingId: world.binding.id,
      cause: 'manual',
      eventId: `event ${at}`,
      at: moment,
    },
    state: 'queued',
    outcome: null,
    code: null,
    reason: null,
    createdAt: moment,
    startedAt: null,
    finishedAt: null,
    ...change,
  };
}

export function finishedRunOf(world: StoreWorld, at = 0, change: Partial<Run> = {}): Run {
  const moment = addMs(FAKE_EPOCH, at);
  return runOf(world, at, {
    state: 'finished',
    outcome: 'held',
    code: 'model_hold',
    reason: 'The model holds.',
    startedAt: moment,
    finishedAt: moment,
    ...change,
  });
}

export function modelCallOf(run: Run, step = 1, change: Partial<ModelCall> = {}): ModelCall {
  return {
    runId: run.id,
    step,
    model: 'test-model',
    baseUrl: 'http://127.0.0.1:1/v1',
    isScripted: false,
    context: { prices: [1, 2.5], note: null },
    contextHash: worldIds.hash('context'),
    promptText: 'Decide.',
    rawRequest: '{}',
    rawAnswer: '{"decisions":[]}',
    reasoning: null,
    promptTokens: 100,
    completionTokens: 20,
    costUsd: '0.0125',
    latencyMs: 900,
    errorCode: null,
    createdAt: run.createdAt,
    ...change,
  };
}

export function decisionOf(world: StoreWorld, run: Run, change: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    id: asId<DecisionId>(worldIds.uuid()),
    runId: run.id,
    traderId: world.trader.id,
    bindingId: world.binding.id,
    promptVersionId: world.version.id,
    index: 0,
    decision: decision(),
    plan: plan(),
    verdict: { status: 'approved', code: null, message: null },
    contextHash: worldIds.hash('context'),
    createdAt: run.createdAt,
    ...change,
  };
}

export function orderOf(world: StoreWorld, at = 0, change: Partial<Order> = {}): Order {
  const moment = addMs(FAKE_EPOCH, at);
  return order({
    id: asId<OrderId>(worldIds.uuid()),
    traderId: world.trader.id,
    decisionId: null,
    clientOrderId: `0x${worldIds.token(16)}`,
    createdAt: moment,
    updatedAt: moment,
    ...change,
  });
}
