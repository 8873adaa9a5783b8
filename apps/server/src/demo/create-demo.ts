import { DEMO_PROMPT_MOMENTUM, DEMO_PROMPT_REVERSION } from '@hyperoru/adapters';
import { type PromptId, type Symbol, symbol, type TraderId } from '@hyperoru/domain';
import {
  createBinding,
  createPrompt,
  createTrader,
  DEMO_OWNER_ID,
  DEMO_OWNER_PASSWORD_HASH,
  demoOwner,
  type EngineDeps,
  listPeople,
  type OwnerScope,
  ownerScope,
  setExchange,
  setLlm,
  setRisk,
  setStatus,
  type UseCaseResult,
} from '@hyperoru/engine';

const DEMO_SETTING = 'demo.created';
/** The demo decides every few seconds; the cautious default would stop it within the first hour. */
const DEMO_ORDERS_PER_HOUR = 500;
/** Prompts searched for the demo's own. */
const PROMPTS_LOOKED_AT_MAX = 200;

interface DemoTrader {
  readonly name: string;
  readonly description: string;
  readonly model: string;
  readonly promptName: string;
  readonly prompt: string;
  readonly symbols: readonly Symbol[];
  readonly intervalSeconds: number;
}

const SCRIPTED_NOTE = 'Demo on paper: recorded real candles, simulated money, and a scripted rule in the place of a language model.';

const DEMO_TRADERS: readonly DemoTrader[] = [
  {
    name: 'Demo Momentum BTC',
    description: `${SCRIPTED_NOTE} Follows the trend.`,
    model: 'scripted-momentum',
    promptName: 'Demo momentum',
    prompt: DEMO_PROMPT_MOMENTUM,
    symbols: [symbol('BTC')],
    intervalSeconds: 15,
  },
  {
    name: 'Demo Reversion ETH',
    description: `${SCRIPTED_NOTE} Bets on the return to the mean.`,
    model: 'scripted-reversion',
    promptName: 'Demo mean reversion',
    prompt: DEMO_PROMPT_REVERSION,
    symbols: [symbol('ETH')],
    intervalSeconds: 20,
  },
];

/**
 * Creates the demo's traders through the same use cases a person goes through. They belong to `owner`, or to a placeholder
 * until the first person is set up. Returns false when this instance has had its demo already.
 */
export async function createDemo(
  deps: EngineDeps,
  options: { readonly owner: OwnerScope | null; readonly baseUrl: string; readonly isForced: boolean },
): Promise<boolean> {
  const isWanted = await deps.store.transaction(async (tx) => {
    const isDone = (await tx.journal.getSetting(DEMO_SETTING)) !== null;
    if (isDone && !options.isForced) return false;
    if (options.owner === null && (await tx.users.get(DEMO_OWNER_ID)) === null)
      await tx.users.insert(demoOwner(deps.clock.now()), DEMO_OWNER_PASSWORD_HASH);
    return true;
  });
  if (!isWanted) return false;
  // The demo's limits are the instance's own choice: nobody is there to be asked for a password.
  const scope = ownerScope(options.owner?.userId ?? DEMO_OWNER_ID, deps.clock.now());
  for (const demo of DEMO_TRADERS) await createDemoTrader(deps, scope, demo, options.baseUrl);
  await deps.store.transaction(async (tx) => {
    await tx.journal.putSetting(DEMO_SETTING, true);
    // Someone may have been set up meanwhile; the demo is theirs.
    const person = (await listPeople(tx)).find((user) => user.role === 'owner');
    if (options.owner === null && person !== undefined) await tx.traders.reassignOwner(DEMO_OWNER_ID, person.id);
  });
  return true;
}

/** Each step is skipped when an earlier start, killed half-way, has done it already. */
async function createDemoTrader(deps: EngineDeps, scope: OwnerScope, demo: DemoTrader, baseUrl: string): Promise<void> {
  const traderId = await demoTraderId(deps, scope, demo);
  done(await setLlm(deps, scope, { traderId, model: demo.model, baseUrl }));
  done(await setExchange(deps, scope, { traderId, venue: 'paper', environment: 'paper' }));
  done(await setRisk(deps, scope, { traderId, risk: { maxOrdersPerHour: DEMO_ORDERS_PER_HOUR } }));
  const bindings = await deps.store.transaction((tx) => tx.bindings.listByTrader(traderId));
  if (bindings.length === 0) {
    const promptId = await demoPromptId(deps, scope, demo);
    const triggers = [{ type: 'schedule', intervalSeconds: demo.intervalSeconds } as const];
    done(await createBinding(deps, scope, { traderId, promptId, symbols: demo.symbols, triggers, params: {}, enabled: true }));
  }
  done(await setStatus(deps, scope, { traderId, status: 'active' }));
}

async function demoTraderId(deps: EngineDeps, scope: OwnerScope, demo: DemoTrader): Promise<TraderId> {
  const live = await deps.store.transaction((tx) => tx.traders.listLive());
  const found = live.find((trader) => trader.ownerId === scope.userId && trader.name === demo.name);
  const traderId = found?.id ?? done(await createTrader(deps, scope, { name: demo.name, description: demo.description })).trader.id;
  await deps.store.transaction(async (tx) => {
    const trader = await tx.traders.lock(traderId);
    if (trader !== null && !trader.isDemo) await tx.traders.update({ ...trader, isDemo: true });
  });
  return traderId;
}

async function demoPromptId(deps: EngineDeps, scope: OwnerScope, demo: DemoTrader): Promise<PromptId> {
  const prompts = await deps.readModel.listPrompts(scope, { limit: PROMPTS_LOOKED_AT_MAX, cursor: null });
  const found = prompts.items.find((prompt) => prompt.name === demo.promptName && prompt.content === demo.prompt);
  return found?.id ?? done(await createPrompt(deps, scope, { name: demo.promptName, content: demo.prompt })).id;
}

/** The demo breaks no rule of the use cases; a refusal is a defect of ours. */
function done<T>(result: UseCaseResult<T>): T {
  if (!result.ok) throw new Error(`Expected the demo to be accepted, was refused: ${result.error.code} ${result.error.message}`);
  return result.value;
}
