import { type Alert, addMs, asId, type Binding, decimal, type RiskLimits, round, sub, type Trader } from '@hyperoru/domain';
import {
  createKeyedMutex,
  type EngineDeps,
  type ExchangePort,
  followVenue,
  type Ids,
  type JobRunner,
  type LaneLease,
  newRecoveryMemory,
  type OrderRequest,
  OrdersInFlight,
  ownerScope,
  type PromptRenderer,
  type ReadModel,
  type RecoveryMemory,
  recoverTrader,
  type Secrets,
  type Store,
  type VenueAccount,
  type VenueConnection,
  workLane,
} from '@hyperoru/engine';
import { expect } from 'vitest';
import { BTC } from '../factories/market.ts';
import { riskLimits, trader } from '../factories/traders.ts';
import type { ScriptedMarket } from '../paper/scripted-market.ts';
import type { FakeClock } from '../system/fake-clock.ts';
import { type MemoryLog, memoryLog } from '../system/memory-log.ts';
import { ProbedExchange } from './probed-exchange.ts';
import { PIPELINE_BALANCE, Records } from './records.ts';
import { type Reply, ScriptedModel } from './scripted-model.ts';

/** A trader with its binding, as tests handle it. */
export interface Bound {
  readonly trader: Trader;
  readonly binding: Binding;
}

/** Fills in `{{names}}` and refuses a name nobody gave; the real renderer has its own suite. */
const renderer: PromptRenderer = {
  validate: async () => [],
  render: async (template, variables) => {
    const missing = [...template.matchAll(/\{\{(\w+)\}\}/g)].find((match) => variables[match[1] ?? ''] === undefined);
    if (missing !== undefined)
      return { kind: 'refused', problems: [{ code: 'unknown_variable', message: `No ${missing[1]}.`, line: 1, column: 1 }] };
    return { kind: 'rendered', text: template.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => variables[name] ?? '') };
  },
};

const secrets: Secrets = {
  put: async () => undefined,
  reveal: async () => 'key',
  destroyAll: async () => undefined,
  destroy: async () => undefined,
};

/** The engine's own pauses are no longer than this; what waits longer is a limit. */
const PAUSE_MS_MAX = 500;

/** The durable side of a pipeline. */
export interface PipelineStore {
  readonly store: Store;
  readonly readModel: ReadModel;
  readonly jobs: JobRunner;
  close(): Promise<void>;
}

export interface PipelineParts {
  readonly opened: PipelineStore;
  readonly ids: Ids;
  readonly clock: FakeClock;
  readonly market: ScriptedMarket;
  readonly venue: ExchangePort;
}

/**
 * The engine between a store and a venue on virtual time. The venue outlives the engine: `crash` forgets everything the engine
 * had in memory, as a killed process does, and nothing of what was underway comes back.
 */
export class Pipeline {
  readonly clock: FakeClock;
  readonly model = new ScriptedModel();
  readonly alerts: Alert[] = [];
  readonly opened: PipelineStore;
  readonly market: ScriptedMarket;
  readonly exchange: ProbedExchange;
  readonly records: Records;
  /** Runs right before an order is marked as sent; may throw. */
  assertHeldFor: () => Promise<void> | void = () => undefined;
  log: MemoryLog = memoryLog();
  memory: RecoveryMemory = newRecoveryMemory();
  /** Puts something between the next process and what it depends on. */
  interpose: (deps: EngineDeps) => EngineDeps = (given) => given;
  deps: EngineDeps;
  readonly #ids: Ids;
  #connection: VenueConnection;
  #unfollow: () => void = () => undefined;
  #underway = new Set<Promise<unknown>>();

  constructor({ opened, ids, clock, market, venue }: PipelineParts) {
    this.opened = opened;
    this.#ids = ids;
    this.clock = clock;
    this.market = market;
    this.exchange = new ProbedExchange(venue);
    this.records = new Records(opened.store, ids);
    this.#connection = { exchange: this.exchange, market, quoteCurrency: 'USD', modelLimits: [], startBalance: PIPELINE_BALANCE };
    this.deps = this.#newProcess();
  }

  /** Ends the process where it stands and begins another one; `recover` is up to the test. */
  crash(): void {
    this.exchange.probe = () => null;
    this.deps = this.#newProcess();
  }

  #newProcess(): EngineDeps {
    this.#unfollow();
    this.#underway = new Set();
    this.memory = newRecoveryMemory();
    this.log = memoryLog();
    const underway = this.#underway;
    const mutex = createKeyedMutex();
    const deps = this.interpose({
      clock: this.clock,
      ids: this.#ids,
      log: this.log,
      store: this.opened.store,
      readModel: this.opened.readModel,
      secrets,
      passwords: { hash: async () => '', verify: async () => false },
      model: this.model,
      renderer,
      notifier: { notify: async (alert) => void this.alerts.push(alert) },
      venue: (name) => (name === 'paper' ? this.#connection : null),
      isScriptedBaseUrl: () => false,
      checkBaseUrl: () => ({ problem: null, origin: 'http://127.0.0.1:1', needsApiKey: false }),
      modelPriceUsd: () => '0.5',
      inFlight: new OrdersInFlight(),
      mutex: (key, work) => {
        const running = mutex(key, work);
        underway.add(running);
        const done = (): void => void underway.delete(running);
        running.then(done, done);
        return running;
      },
    });
    this.#unfollow = followVenue(deps, deps.venue('paper', 'paper') ?? this.#connection, () => undefined);
    return deps;
  }

  /** A trader on paper with 10,000, bound to a prompt for BTC and ETH. `model` is its name too. */
  async newTrader(change: { readonly risk?: Partial<RiskLimits>; readonly template?: string } = {}): Promise<Bound> {
    const id = this.#ids.uuid();
    const risk = riskLimits({ llmDailyBudgetUsd: null, ...change.risk });
    const created = trader({ id: asId(id), ownerId: this.records.ownerId, name: id, createdAt: this.clock.now(), risk });
    const own: Trader = created.llm === null ? created : { ...created, llm: { ...created.llm, model: id } };
    await this.exchange.openAccount(own.id, { startBalance: decimal(PIPELINE_BALANCE) });
    const binding = await this.records.insertTrader(own, change.template ?? 'Prices: {{market_prices}}', this.clock.now());
    return { trader: own, binding };
  }

  /** One manual trigger; returns its run. */
  async fire({ trader: own, binding }: Bound, eventId: string = this.#ids.uuid()) {
    return this.records.fire(this.deps, { trader: own, binding, eventId, at: this.clock.now() });
  }

  /** Works off the trader's lane and everything the venue's events started. */
  async work({ trader: own }: Bound, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const lease: LaneLease = {
      traderId: own.id,
      signal,
      retryCount: 0,
      epoch: 0,
      completeIn: async () => undefined,
      assertHeldFor: async () => this.assertHeldFor(),
    };
    await workLane(this.deps, lease);
    await this.idle();
  }

  /** Trigger → outcome with this reply of the model. */
  async run(bound: Bound, reply: Reply) {
    this.model.will(bound.trader.name, reply);
    const { run } = await this.fire(bound);
    await this.work(bound);
    return this.records.run(run.id);
  }

  /** One round of reconciliation as the engine makes it every few seconds, or at its start. */
  async reconcile({ trader: own }: Bound, options = { isStart: false }): Promise<void> {
    const current = await this.records.trader(own.id);
    await recoverTrader(this.deps, current, this.memory, options);
    await this.idle();
  }

  /** Lets time pass and reconciles every five seconds, as the engine does, or more seldom. */
  async pass(bound: Bound, seconds: number, everySeconds = 5): Promise<void> {
    for (let passed = 0; passed < seconds; passed += everySeconds) {
      await this.clock.advance(everySeconds * 1_000);
      await this.reconcile(bound);
    }
  }

  /** Moves a price, and waits until engine and venue have dealt with it. */
  async price(mark: string, which = BTC): Promise<void> {
    await this.market.setMark(which, mark);
    await this.idle();
  }

  /** The venue tells once more what it knows of an order and its fills, as after a reconnection. */
  async repeatEvent({ trader: own }: Bound, clientOrderId: string): Promise<void> {
    const order = await this.exchange.findOrder(own.id, clientOrderId);
    const fills = await this.exchange.fillsSince(own.id, own.createdAt);
    for (const fill of fills.filter((each) => each.clientOrderId === clientOrderId))
      this.exchange.tell({ kind: 'fill', traderId: own.id, fill });
    if (order !== null) this.exchange.tell({ kind: 'order', traderId: own.id, order });
    await this.idle();
  }

  /** Somebody else's order on the trader's account, at the market unless told otherwise. */
  async placeByHand(
    { trader: own }: Bound,
    change: Partial<Omit<OrderRequest, 'quantity'>> & { readonly quantity: string },
  ): Promise<string> {
    const side = change.side ?? 'buy';
    const price = decimal(side === 'buy' ? '60000' : '40000');
    const request: OrderRequest = {
      clientOrderId: `0xaa${this.#ids.hash(this.#ids.uuid()).slice(0, 30)}`,
      symbol: BTC,
      type: { kind: 'limit', price, timeInForce: 'ioc' },
      reduceOnly: false,
      leverage: 2,
      deadline: addMs(this.clock.now(), 5_000),
      nonce: 1,
      ...change,
      side,
      quantity: decimal(change.quantity),
    };
    const outcome = await this.exchange.venue.placeOrder(own.id, request);
    if (outcome.kind !== 'accepted') throw new Error(`Expected the venue to accept it, was ${JSON.stringify(outcome)}.`);
    await this.idle();
    return request.clientOrderId;
  }

  /** Waits for everything that events of the venue set off. */
  async idle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.allSettled([...this.#underway]);
  }

  /** Time passes only while the work pauses between two looks, so that a real database takes none. */
  async settled<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    work.then(done, done);
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      const { nextDueMs } = this.clock;
      if (!isDone && nextDueMs !== null && nextDueMs <= PAUSE_MS_MAX) await this.clock.advance(nextDueMs);
    }
    return work;
  }

  get connection(): VenueConnection {
    return this.#connection;
  }

  /** Requests of the trader that left for the venue, in order. */
  sentFor({ trader: own }: Bound): readonly OrderRequest[] {
    return this.exchange.sent.filter(({ traderId }) => traderId === own.id).map(({ request }) => request);
  }

  connectionAccount({ trader: own }: Bound): Promise<VenueAccount> {
    return this.exchange.account(own.id);
  }

  /** Outcomes of all runs of the trader, in the order of the alphabet. */
  async outcomes({ trader: own }: Bound): Promise<readonly (string | null)[]> {
    const page = await this.opened.readModel.listRuns(ownerScope(own.ownerId), { traderId: own.id }, { limit: 100, cursor: null });
    return page.items.map(({ outcome }) => outcome).sort();
  }

  /**
   * What must be true after every scenario: records and venue hold the same balance, positions and open orders, and every
   * finished run has one outcome.
   */
  async assertConsistent({ trader: own }: Bound): Promise<void> {
    await this.idle();
    const account = await this.exchange.account(own.id);
    expect(round(sub(decimal(await this.records.balance(own.id)), account.balance), 8), 'ledger − venue balance').toBe('0');
    const held = await this.records.positions(own.id);
    expect(held.map((each) => `${each.symbol} ${each.side === 'long' ? '' : '-'}${each.quantity}`).sort(), 'positions').toEqual(
      account.positions.map((each) => `${each.symbol} ${each.quantity}`).sort(),
    );
    const resting = (await this.exchange.openOrders(own.id)).map(({ clientOrderId }) => clientOrderId).sort();
    const known = (await this.records.openOrders(own.id)).filter(({ state }) => state === 'accepted' || state === 'partially_filled');
    expect(known.map(({ clientOrderId }) => clientOrderId).sort(), 'resting orders').toEqual(resting);
    const runs = await this.opened.readModel.listRuns(ownerScope(own.ownerId), { traderId: own.id }, { limit: 100, cursor: null });
    for (const run of runs.items) expect(run.state === 'finished', `outcome of run ${run.id}`).toBe(run.outcome !== null);
  }

  async close(): Promise<void> {
    await this.idle();
    this.#unfollow();
    await this.opened.close();
  }
}
