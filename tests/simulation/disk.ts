import {
  type Binding,
  type Decimal,
  decimal,
  INSTANCE_LIMITS_SETTING,
  type InstanceLimits,
  type Order,
  type Prompt,
  type PromptVersion,
  type Symbol,
  type Timestamp,
  type Trader,
  type TraderId,
} from '@hyperoru/domain';
import type { Ids, JobRunner, Log, ReadModel, Store, User } from '@hyperoru/engine';
import { MemoryDatabase, type MemoryProcess } from '@hyperoru/testkit';
import type { Draw } from './draw.ts';
import { type Excuses, STORE_ERROR_MS } from './excuses.ts';
import type { Life } from './life.ts';
import type { Books } from './oracle.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimClock } from './sim-clock.ts';
import type { Trouble } from './swarm.ts';

/** What a broken connection to the database says. */
class StoreBroken extends Error {
  constructor(point: string) {
    super(`The connection to the database broke at ${point}.`);
    this.name = 'StoreBroken';
  }
}

/** What the disk needs of the world around it. */
export interface DiskWorld {
  readonly ids: Ids;
  readonly draw: Draw;
  readonly scheduler: Scheduler;
  /** The clock of those who only look on. */
  readonly wallClock: SimClock;
  strikes(trouble: Trouble, share: number): boolean;
  readonly excuses: Excuses;
  end(life: Life, kind: 'crash'): void;
  note(what: string): void;
  sometimes(situation: string): void;
  report(rule: string, message: string): void;
}

const DELAY_MS = { from: 1, to: 1_500 } as const;
/** Share of the transactions that take time before their end, so that others come between, also where nothing was written. */
const COMMIT_WAIT_SHARE = 0.15;
const CALLS_AT_ONE_MOMENT_MAX = 20_000;
/** Shorter ones are part of every day. */
const DELAY_EXCUSED_MS = 3;
const PRIVATE: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The durable records of a seed, with the trouble that the way to them can have. */
export class Disk {
  readonly #world: DiskWorld;
  readonly #database: MemoryDatabase;
  readonly #processes = new Map<Life, MemoryProcess>();
  /** Calls at one moment, to notice a process that goes round in circles without taking time. */
  #round = { atMs: 0, calls: 0 };

  constructor(world: DiskWorld) {
    this.#world = world;
    this.#database = new MemoryDatabase({ ids: world.ids });
  }

  open(life: Life, clock: SimClock): { readonly store: Store; readonly readModel: ReadModel; readonly jobs: JobRunner } {
    const opened = this.#database.open({ clock, log: PRIVATE, onCall: (point) => this.#reach(life, point) });
    this.#processes.set(life, opened);
    return opened;
  }

  crash(life: Life): void {
    this.#processes.get(life)?.crash();
    this.#processes.delete(life);
  }

  powerLoss(): void {
    this.#database.powerLoss();
    this.#processes.clear();
  }

  async furnishOwner(user: User, limits: InstanceLimits): Promise<void> {
    await this.#calm().transaction(async (tx) => {
      await tx.users.insert(user, 'hash');
      await tx.journal.putSetting(INSTANCE_LIMITS_SETTING, { ...limits });
    });
  }

  /** What is stored, for those who only look on. */
  get tables(): MemoryDatabase['tables'] {
    return this.#database.tables;
  }

  /** The first records of a trader, written while nothing can go wrong yet. */
  async furnish(first: {
    readonly trader: Trader;
    readonly prompt: Prompt;
    readonly version: PromptVersion;
    readonly binding: Binding;
    readonly deposit: Decimal;
    readonly at: Timestamp;
  }): Promise<void> {
    const { trader, prompt, version, binding, deposit, at } = first;
    await this.#calm().transaction(async (tx) => {
      await tx.traders.insert(trader);
      await tx.prompts.insert(prompt, version);
      await tx.bindings.insert(binding);
      const id = `deposit-${trader.id}`;
      await tx.portfolio.insertLedgerEntry({
        id,
        traderId: trader.id,
        kind: 'deposit',
        amount: deposit,
        symbol: null,
        fillId: null,
        positionId: null,
        at,
      });
    });
  }

  /** The trader is asked nothing more; what runs, ends. */
  async endSchedules(traderId: TraderId): Promise<void> {
    await this.#calm().transaction(async (tx) => {
      for (const binding of await tx.bindings.listByTrader(traderId)) await tx.bindings.update({ ...binding, enabled: false });
    });
  }

  /** The order as it would be there after a power loss at this moment. */
  durableOrder(clientOrderId: string): Order | null {
    const { orders } = this.#database.tables;
    return orders.find(null, orders.rule('orders_client_order_id'), clientOrderId);
  }

  /** An order of the trader in the symbol whose fate is not known, as it would be there after a power loss. */
  unknownIn(traderId: TraderId, symbol: Symbol): Order | null {
    const { orders, ordersOpen } = this.#database.tables;
    const isDoubtful = (order: Order) => order.traderId === traderId && order.symbol === symbol && order.state === 'unknown';
    return orders.indexed(null, ordersOpen).find(isDoubtful) ?? null;
  }

  trader(id: TraderId): Trader | null {
    return this.#database.tables.traders.get(null, id);
  }

  traders(): readonly Trader[] {
    return this.#database.tables.traders.all(null);
  }

  /** Codes of the alerts that nobody took note of. */
  openAlerts(traderId: TraderId): readonly string[] {
    const alerts = this.#database.tables.alerts.all(null);
    return alerts.filter((alert) => alert.traderId === traderId && alert.acknowledgedAt === null).map(({ code }) => code);
  }

  /** Everything the verdict needs of one trader. */
  async books(traderId: TraderId): Promise<Books> {
    const { tables } = this.#database;
    return this.#calm().transaction(async (tx) => {
      const trader = await tx.traders.get(traderId);
      if (trader === null) throw new Error(`Expected trader ${traderId} to be stored.`);
      const positions = await tx.portfolio.listOpenPositions(traderId);
      const needsStop = new Set<Symbol>();
      for (const position of positions)
        if ((await tx.safety.getProtection(position.id))?.isRequired === true) needsStop.add(position.symbol);
      return {
        trader,
        orders: tables.orders.all(null).filter((order) => order.traderId === traderId),
        fills: tables.fills.all(null).filter((fill) => fill.traderId === traderId),
        positions,
        balance: decimal(await tx.portfolio.balance(traderId)),
        openRuns: (await tx.runs.listOpen(traderId)).map(({ createdAt }) => createdAt),
        openAlerts: this.openAlerts(traderId),
        needsStop,
      };
    });
  }

  #calm(): Store {
    return this.#database.open({ clock: this.#world.wallClock, log: PRIVATE });
  }

  #reach(life: Life, point: string): Promise<void> | undefined {
    const world = this.#world;
    if (!life.isAlive) return undefined;
    if (this.#goesRound()) {
      world.report('bug', `more than ${CALLS_AT_ONE_MOMENT_MAX} calls of the store at one moment, the last one ${point}`);
      world.end(life, 'crash');
      return undefined;
    }
    if (world.scheduler.nowMs < life.frozenUntilMs) return new Promise((resolve) => world.scheduler.afterIn(life, 0, resolve));
    if (world.strikes('crash_at_store', 0.0006)) {
      world.sometimes('crash at a call of the store');
      world.end(life, 'crash');
      return undefined;
    }
    if (world.strikes('store_error', 0.0008)) {
      world.note(`store error at ${point}`);
      world.sometimes('error of the store');
      world.excuses.give(null, STORE_ERROR_MS);
      throw new StoreBroken(point);
    }
    const takesTime = point === 'transaction.sync' || (point === 'transaction.commit' && world.draw.chance(COMMIT_WAIT_SHARE));
    if (!takesTime && !world.strikes('store_delay', 0.01)) return undefined;
    const ms = world.strikes('store_delay', 0.1) ? world.draw.between(DELAY_MS.from, DELAY_MS.to) : world.draw.between(0.2, 3);
    if (ms > DELAY_EXCUSED_MS) world.excuses.give(null, ms);
    return new Promise((resolve) => world.scheduler.afterIn(life, ms, resolve));
  }

  /** Whoever goes round without taking time would hold the world up for ever. */
  #goesRound(): boolean {
    const { nowMs } = this.#world.scheduler;
    this.#round = { atMs: nowMs, calls: nowMs === this.#round.atMs ? this.#round.calls + 1 : 1 };
    return this.#round.calls > CALLS_AT_ONE_MOMENT_MAX;
  }
}
