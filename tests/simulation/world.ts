import { asId, type DecisionRecord, decimal, type InstanceLimits, type Symbol, type UserId } from '@hyperoru/domain';
import {
  createEngine,
  createKeyedMutex,
  type Engine,
  type EngineDeps,
  type ExchangePort,
  OrdersInFlight,
  type OwnerScope,
  ownerScope,
  type VenueConnection,
} from '@hyperoru/engine';
import { BTC, ETH, SeededRandom, SimulatedVenue, seededIds, venueInstrument } from '@hyperoru/testkit';
import { Answers } from './answers.ts';
import { watchBare } from './bare-watch.ts';
import { Disk } from './disk.ts';
import { Draw } from './draw.ts';
import { Excuses, RETURN_MS } from './excuses.ts';
import { Freshness } from './freshness.ts';
import { Life, never } from './life.ts';
import { Scheduler } from './scheduler.ts';
import { Secrecy } from './secrecy.ts';
import { drawLimits, START_BALANCE } from './setting.ts';
import { BinanceSide } from './sides/binance-side.ts';
import { HyperliquidSide } from './sides/hyperliquid-side.ts';
import { PlainSide } from './sides/plain-side.ts';
import type { ArrivedOrder, Side, SideWorld } from './sides/side.ts';
import { SimClock, worldTime } from './sim-clock.ts';
import { SimMarket } from './sim-market.ts';
import { SimModel } from './sim-model.ts';
import { drawSwarm, type Swarm, type Trouble } from './swarm.ts';
import { Trace } from './trace.ts';
import { judgeWanted } from './wanted.ts';
import { Witness } from './witness.ts';

const PRICES = { [BTC]: '50000', [ETH]: '3000' };
/** Share of seeds in which the adapter for Hyperliquid trades; signatures take their time. */
const HYPERLIQUID_SHARE = 0.05;
const BINANCE_SHARE = 0.1;
const BOOT_MS = { from: 300, to: 4_000 } as const;
/** What trouble with the venue, the disk or the lane is called. */
const EXPECTED_ERRORS = ['VenueUnavailable', 'StoreBroken', 'LeaseLost'] as const;
const ERROR_LENGTH_MAX = 600;
/** Longer than a lease lasts. */
const FROZEN_MS = { from: 8_000, to: 30_000 } as const;
const WOKEN_MS = { from: 500, to: 15_000 } as const;
/** A process that cannot start is tried again this often; more is a bug, not bad luck. */
const BOOTS_MAX = 200;

/** One running process. */
export interface Process {
  readonly life: Life;
  readonly deps: EngineDeps;
  readonly clock: SimClock;
  readonly engine: Engine;
}

/** Everything of one seed: time, venue, disk, and the process that lives, dies and comes back. */
export class World {
  readonly random: SeededRandom;
  readonly draw: Draw;
  readonly scheduler: Scheduler;
  readonly side: Side;
  readonly venue: SimulatedVenue;
  readonly disk: Disk;
  readonly trace: Trace;
  readonly witness: Witness;
  readonly excuses: Excuses;
  readonly answers = new Answers();
  readonly freshness: Freshness;
  readonly secrecy: Secrecy;
  readonly limits: InstanceLimits;
  readonly ids: ReturnType<typeof seededIds>;
  readonly scope: OwnerScope;
  readonly reached = new Set<string>();
  /** The clock of those who only look on. */
  readonly wallClock: SimClock;
  /** The trouble of this seed; none once it has become calm. */
  swarm: Swarm;
  readonly drawnSwarm: Swarm;
  /** The one that is up and can be asked; null while there is none. */
  process: Process | null = null;
  life = new Life(0);
  readonly #lives: Life[] = [];
  boots = 0;
  isVenueDown = false;
  isBlind = false;
  /** Prices move no more, so that nothing happens that could not be known yet when the verdict is spoken. */
  isStill = false;
  /** Models want nothing any more. */
  isQuiet = false;

  constructor(seed: number, options: { readonly keepsTrace: boolean; readonly without: ReadonlySet<Trouble> }) {
    this.random = new SeededRandom(seed);
    // The first numbers of near seeds are alike.
    for (let skipped = 0; skipped < 8; skipped++) this.random.next();
    this.draw = new Draw(this.random);
    this.drawnSwarm = drawSwarm(this.draw, options.without);
    this.swarm = this.drawnSwarm;
    this.scheduler = new Scheduler(this.random);
    this.wallClock = new SimClock(this.scheduler, new Life(0), 0);
    this.trace = new Trace(options.keepsTrace);
    this.ids = seededIds(seed);
    this.scope = ownerScope(asId<UserId>(this.ids.uuid()), null);
    this.excuses = new Excuses(this.scheduler);
    this.limits = drawLimits(this.draw);
    this.side = this.#newSide(seed);
    this.venue = this.side.venue;
    this.disk = new Disk(this);
    this.witness = new Witness(this.scheduler, this.venue, {
      durableOrder: (clientOrderId) => this.disk.durableOrder(clientOrderId),
      laneEpoch: (traderId) => this.disk.tables.sequences.get(null, traderId)?.laneEpoch ?? 0,
      accountOf: (traderId) => this.side.accountOf(traderId),
      unknownIn: (traderId, symbol) => this.disk.unknownIn(traderId, symbol),
      limits: this.limits,
    });
    this.freshness = new Freshness(this);
    this.secrecy = new Secrecy(this);
    this.venue.faults.onHit = (fault, { accountId }) => this.excuses.hit(accountId, fault);
    watchBare(this);
    this.venue.onChange((change) => {
      if (change.kind === 'order')
        this.note(`venue order ${change.order.clientOrderId} ${change.order.status} ${change.order.filledQuantity}`);
      if (change.kind === 'fill') {
        this.witness.filled(change.fill);
        this.note(`venue fill ${change.fill.id} ${change.fill.symbol} ${change.fill.side} ${change.fill.quantity}`);
      }
    });
  }

  /** One process is up, and none that was frozen is still to wake. */
  get isSettled(): boolean {
    return this.process !== null && this.#lives.filter(({ isAlive }) => isAlive).length === 1;
  }

  note(what: string): void {
    this.trace.note(this.scheduler.nowMs, what);
  }

  report(rule: string, message: string): void {
    this.witness.report(rule, message);
  }

  /** A situation that the seeds together must have met. */
  sometimes(situation: string): void {
    this.reached.add(situation);
  }

  /** True when this trouble happens now; `share` is what its full strength means at this occasion. */
  strikes(trouble: Trouble, share: number): boolean {
    return this.swarm[trouble] > 0 && this.draw.chance(this.swarm[trouble] * share);
  }

  /** Starts a process on what is on the disk; it recovers before it works. */
  boot(): void {
    this.boots += 1;
    if (this.boots > BOOTS_MAX) throw new Error(`Expected at most ${BOOTS_MAX} starts of the process.`);
    const life = new Life(this.boots);
    this.life = life;
    this.#lives.push(life);
    this.process = null;
    this.note(`boot ${this.boots}`);
    const start = async (): Promise<void> => {
      const process = await this.#newProcess(life);
      if (!life.isAlive) return;
      await process.engine.recover();
      await process.engine.start();
      if (this.life === life) this.process = process;
      this.excuses.give(null, 0);
      this.note(`up ${life.number}`);
    };
    start().catch((error: unknown) => {
      this.note(`boot failed ${String(error)}`);
      this.#expectTrouble('the start', error instanceof Error ? (error.stack ?? error.message) : String(error));
      this.end(life, 'crash');
    });
  }

  /** Ends the process where it stands; another one comes up a little later. */
  crash(kind: 'crash' | 'power_loss'): void {
    this.end(this.life, kind);
  }

  /** Ends one life; with the power all lives end. Who was the last one is followed by another. */
  end(life: Life, kind: 'crash' | 'power_loss'): void {
    if (!life.isAlive) return;
    this.note(`${kind} ${life.number}`);
    this.sometimes(kind);
    life.die();
    if (kind === 'power_loss') {
      for (const each of this.#lives) each.die();
      this.disk.powerLoss();
    } else this.disk.crash(life);
    if (this.life.isAlive) return;
    this.process = null;
    const awaited = this.life;
    this.scheduler.after(this.draw.between(BOOT_MS.from, BOOT_MS.to), () => {
      if (this.life === awaited) this.boot();
    });
  }

  /** The machine stops the process for longer than its leases last; another one takes over, then the old one wakes up and goes on for a while. */
  freeze(): void {
    const frozen = this.life;
    if (!frozen.isAlive || this.process === null) return;
    const forMs = this.draw.between(FROZEN_MS.from, FROZEN_MS.to);
    frozen.frozenUntilMs = this.scheduler.nowMs + forMs;
    // Rows it holds stay held until it wakes up.
    this.excuses.give(null, forMs + RETURN_MS);
    this.scheduler.after(forMs + this.draw.between(WOKEN_MS.from, WOKEN_MS.to), () => this.end(frozen, 'crash'));
    this.boot();
  }

  #newSide(seed: number): Side {
    const world: SideWorld = {
      scheduler: this.scheduler,
      draw: this.draw,
      ids: this.ids,
      isDown: () => this.isVenueDown,
      lateness: () => this.#lateness(),
      arrived: (order) => this.#arrived(order),
    };
    const protocol = this.draw.between(0, 1);
    if (protocol < HYPERLIQUID_SHARE) return new HyperliquidSide(world, seed, PRICES);
    if (protocol < HYPERLIQUID_SHARE + BINANCE_SHARE) return new BinanceSide(world, seed, PRICES);
    const instruments = [instrumentOf(BTC, '0.5', '0.001'), instrumentOf(ETH, '0.1', '0.01')];
    const options = { now: () => worldTime(this.scheduler), instruments, prices: PRICES, seed, clientIds: 'unique_for_ever' } as const;
    return new PlainSide(world, new SimulatedVenue(options));
  }

  #arrived(order: ArrivedOrder): void {
    this.witness.arrived(order);
    const stored = this.disk.durableOrder(order.clientOrderId);
    const decision = this.#decisionOf(order.clientOrderId)?.decision ?? null;
    if (stored === null || decision === null) return;
    const { equity } = this.venue.margin(this.side.accountOf(stored.traderId));
    for (const [rule, message] of judgeWanted(order, stored, { decision, equity })) this.witness.report(rule, message);
  }

  /** The stored decision behind an order; null without one. */
  #decisionOf(clientOrderId: string): DecisionRecord | null {
    const id = this.disk.durableOrder(clientOrderId)?.decisionId ?? null;
    return id === null ? null : this.disk.tables.decisions.get(null, id);
  }

  #lateness(): number {
    const ms = this.strikes('event_late', 0.3) ? this.draw.between(100, 8_000) : 0;
    if (ms > 0) this.excuses.give(null, ms);
    return ms;
  }

  async #newProcess(life: Life): Promise<Process> {
    const { scheduler, draw, venue } = this;
    const clock = new SimClock(scheduler, life, this.strikes('clock_skew', 1) ? draw.whole(-800, 800) : 0);
    const log = this.#log(life);
    const connected = await this.side.connect({ life, clock, log });
    const market = new SimMarket({ side: this.side, clock, scheduler, draw, life, isBlind: () => this.isBlind });
    const exchange = this.#mayDieAtSend(connected, { life, clock, market });
    const connection: VenueConnection = { exchange, market, quoteCurrency: 'USD', modelLimits: [], startBalance: START_BALANCE };
    const handle = this.disk.open(life, clock);
    const deps: EngineDeps = {
      clock,
      ids: this.ids,
      log,
      store: handle.store,
      readModel: handle.readModel,
      secrets: NO_SECRETS,
      passwords: { hash: async () => '', verify: async () => false },
      model: new SimModel({
        scheduler,
        draw,
        venue,
        life,
        side: this.side,
        swarm: () => this.swarm,
        isQuiet: () => this.isQuiet,
        answers: this.answers,
      }),
      renderer: RENDERER,
      notifier: { notify: async (alert) => this.note(`alert ${alert.code}`) },
      venue: (name) => (name === this.side.exchange.venue ? connection : null),
      isScriptedBaseUrl: () => false,
      checkBaseUrl: () => ({ problem: null, origin: 'http://127.0.0.1:1', needsApiKey: false }),
      modelPriceUsd: () => '0',
      inFlight: new OrdersInFlight(),
      mutex: createKeyedMutex(),
    };
    return { life, deps, clock, engine: createEngine(deps, { jobs: handle.jobs, connections: [connection] }) };
  }

  /** The process may end right before an order leaves, and right after, before anyone hears the answer. */
  #mayDieAtSend(
    exchange: ExchangePort,
    { life, clock, market }: { readonly life: Life; readonly clock: SimClock; readonly market: SimMarket },
  ): ExchangePort {
    const placeOrder: ExchangePort['placeOrder'] = async (traderId, request) => {
      if (life.isAlive && this.strikes('crash_at_send', 0.08)) {
        this.sometimes('crash before an order left');
        this.end(life, 'crash');
        return never();
      }
      this.witness.left(traderId, request);
      const sender = { now: clock.now(), priceAgeMs: (symbol: Symbol) => market.priceAgeMs(symbol) };
      if (this.venue.now() <= request.deadline) this.freshness.left(request, this.#decisionOf(request.clientOrderId), sender);
      const answer = exchange.placeOrder(traderId, request);
      if (life.isAlive && this.strikes('crash_at_send', 0.08)) {
        this.sometimes('crash after an order left');
        this.end(life, 'crash');
        return never();
      }
      const outcome = await answer;
      this.note(`answer ${request.clientOrderId} ${outcome.kind}`);
      return outcome;
    };
    return {
      placeOrder,
      openAccount: (traderId, options) => exchange.openAccount(traderId, options),
      closeAccount: (traderId) => exchange.closeAccount(traderId),
      cancelOrder: (traderId, id) => exchange.cancelOrder(traderId, id),
      findOrder: (traderId, id) => exchange.findOrder(traderId, id),
      openOrders: (traderId) => exchange.openOrders(traderId),
      account: (traderId) => exchange.account(traderId),
      fillsSince: (traderId, since) => exchange.fillsSince(traderId, since),
      fundingSince: (traderId, since) => exchange.fundingSince(traderId, since),
      onEvent: (listener) => exchange.onEvent(listener),
    };
  }

  /** An error that no trouble of the venue or the disk explains is a bug. */
  #expectTrouble(where: string, error: string): void {
    if (!EXPECTED_ERRORS.some((name) => error.includes(name))) this.witness.report('bug', `${where}: ${error.slice(0, ERROR_LENGTH_MAX)}`);
  }

  #log(life: Life): EngineDeps['log'] {
    const note = (level: string) => (event: string, fields?: Readonly<Record<string, unknown>>) => {
      if (!life.isAlive) return;
      this.note(`${level} ${event}`);
      this.secrecy.heard('the log', JSON.stringify(fields ?? {}));
      this.reached.add(`log ${event}`);
      if (level === 'error') this.#expectTrouble(event, String(fields?.['error'] ?? ''));
    };
    return { debug: () => undefined, info: note('info'), warn: note('warn'), error: note('error') };
  }
}

const NO_SECRETS: EngineDeps['secrets'] = {
  put: async () => undefined,
  reveal: async () => null,
  destroy: async () => undefined,
  destroyAll: async () => undefined,
};

/** Templates are not what is tried here. */
const RENDERER: EngineDeps['renderer'] = {
  validate: async () => [],
  render: async (_template, variables) => ({ kind: 'rendered', text: variables['market_prices'] ?? '' }),
};

const instrumentOf = (name: Symbol, priceIncrement: string, sizeIncrement: string) =>
  venueInstrument(name, {
    priceIncrement: decimal(priceIncrement),
    sizeIncrement: decimal(sizeIncrement),
    quantityMin: decimal(sizeIncrement),
    book: { levelNotional: decimal('4000'), levels: 5 },
  });
