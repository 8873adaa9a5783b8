import { asId, type Binding, type Prompt, type PromptVersion, type Trader, type TraderId } from '@hyperoru/domain';
import { BTC, ETH, riskLimits, trader as traderWith } from '@hyperoru/testkit';
import { judgeTrail } from './audit-trail.ts';
import { metIn } from './met.ts';
import { type Finding, judge, judgeAbsent, judgeKills, judgeRuns } from './oracle.ts';
import { livePeople } from './people.ts';
import { livePrices } from './prices.ts';
import { ENTRY_CAP, START_BALANCE } from './setting.ts';
import { WORLD_BEGIN } from './sim-clock.ts';
import { NO_TROUBLE, type Trouble } from './swarm.ts';
import { standingFaults } from './venue-trouble.ts';
import { World } from './world.ts';

const TROUBLE_MS = { from: 30_000, to: 80_000 } as const;
/** Longer than any doubt lasts: deadline, margin, looks, the minute's sweep, and the pause after refused protection. */
const CALM_MS = 120_000;
/** Longer than anything is on its way: requests, answers and events. Prices still move while it lasts. */
const SETTLING_MS = 12_000;
/** How much of it prices move in a seed that is watched to its end: what an event does not tell is found within a minute. */
const MOVING_MS = 40_000;
/** Share of the seeds whose calm is watched to its end: what has become right has to stay right. */
const WATCHED_SHARE = 0.1;
/** Between two looks whether everything has become right. */
const LOOK_MS = 4_000;
const HAPPENINGS_MAX = 300_000;

export interface SeedResult {
  readonly seed: number;
  readonly hash: string;
  readonly problems: readonly string[];
  readonly reached: readonly string[];
  readonly troubles: readonly Trouble[];
  readonly hits: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly entries: number;
  readonly boots: number;
  readonly trace: readonly string[];
}

export interface SeedOptions {
  readonly keepsTrace?: boolean;
  /** Trouble to leave out, to find what a failure needs. */
  readonly without?: ReadonlySet<Trouble>;
}

/** One seed from begin to verdict; everything in it follows from the number. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const world = new World(seed, { keepsTrace: options.keepsTrace ?? false, without: options.without ?? new Set() });
  try {
    await live(world);
  } catch (error) {
    world.witness.report('bug', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { faults, books } = world.venue;
  return {
    seed,
    hash: world.trace.digest(),
    problems: world.witness.problems,
    reached: [...world.reached, `through ${world.side.name}`, ...new Set(faults.hits.map((kind) => `fault ${kind}`))],
    troubles: (Object.keys(world.drawnSwarm) as Trouble[]).filter((trouble) => world.drawnSwarm[trouble] > 0),
    hits: countOf(faults.hits),
    orders: books.orders.all().length,
    entries: world.witness.entriesLeft,
    boots: world.boots,
    trace: world.trace.lines,
  };
}

async function live(world: World): Promise<void> {
  const { scheduler, draw } = world;
  const traderIds = await furnish(world);
  for (const fault of standingFaults(world.swarm)) world.venue.inject(fault);
  livePrices(world);
  world.boot();
  const troubleMs = draw.between(TROUBLE_MS.from, TROUBLE_MS.to);
  livePeople(world, traderIds, troubleMs);
  await scheduler.run(troubleMs, HAPPENINGS_MAX);
  calmDown(world);
  for (const id of traderIds) await world.disk.endSchedules(id);
  const isWatched = draw.chance(WATCHED_SHARE);
  const endMs = troubleMs + CALM_MS;
  await scheduler.run(troubleMs + (isWatched ? MOVING_MS : SETTLING_MS), HAPPENINGS_MAX);
  world.isStill = true;
  if (isWatched) await scheduler.run(endMs, HAPPENINGS_MAX);
  for (;;) {
    await scheduler.run(Math.min(endMs, scheduler.nowMs + LOOK_MS), HAPPENINGS_MAX);
    const findings = await verdict(world, traderIds);
    const isRight = findings.length === 0 && world.isSettled;
    if (!isRight && scheduler.nowMs < endMs) continue;
    for (const [rule, message] of findings) world.witness.report(rule, message);
    world.secrecy.search(world.disk.tables);
    for (const situation of metIn(world.disk.tables)) world.sometimes(situation);
    return;
  }
}

/** What does not hold at this moment. */
async function verdict(world: World, traderIds: readonly TraderId[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const id of traderIds) findings.push(...judge(world, await world.disk.books(id)));
  return [
    ...findings,
    ...judgeKills(world.disk.tables),
    ...judgeAbsent(world.disk.tables),
    ...judgeRuns(world.disk.tables),
    ...judgeTrail(world.disk.tables, world.ids),
  ];
}

function calmDown(world: World): void {
  world.note('calm');
  world.swarm = NO_TROUBLE;
  world.isQuiet = true;
  world.isVenueDown = false;
  world.isBlind = false;
  world.venue.faults.clear();
  world.venue.changeInstrument(world.side.symbolAt(BTC), { isHalted: false });
}

/** The owner, one to three traders with an account each, and a schedule that asks them often. */
async function furnish(world: World): Promise<readonly [TraderId, ...TraderId[]]> {
  await world.disk.furnishOwner(
    { id: world.scope.userId, username: 'ada', email: null, role: 'owner', createdAt: WORLD_BEGIN },
    world.limits,
  );
  const ids: TraderId[] = [];
  for (let count = world.draw.oneOf([1, 1, 2, 3] as const); count > 0; count--) ids.push(await addTrader(world, ids.length));
  const [first, ...others] = ids;
  if (first === undefined) throw new Error('Expected at least one trader.');
  return [first, ...others];
}

async function addTrader(world: World, index: number): Promise<TraderId> {
  const { draw, ids } = world;
  const at = WORLD_BEGIN;
  const risk = riskLimits({
    llmDailyBudgetUsd: null,
    maxDailyLoss: null,
    maxDrawdown: null,
    maxOrdersPerHour: 1_000,
    maxTotalNotional: ENTRY_CAP,
    requireStopLoss: true,
    onExternalActivity: draw.oneOf(['adopt', 'ignore', 'alarm'] as const),
  });
  const trader: Trader = traderWith({
    id: asId(ids.uuid()),
    ownerId: world.scope.userId,
    name: `Trader ${index}`,
    createdAt: at,
    risk,
    exchange: world.side.exchange,
  });
  const promptId = asId<Prompt['id']>(ids.uuid());
  const version: PromptVersion = { id: asId(ids.uuid()), promptId, number: 1, content: 'Go.', contentHash: 'hash', createdAt: at };
  const prompt: Prompt = {
    id: promptId,
    ownerId: trader.ownerId,
    name: `Prompt ${index}`,
    currentVersionId: version.id,
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  const binding: Binding = {
    id: asId(ids.uuid()),
    traderId: trader.id,
    promptId,
    symbols: [BTC, ETH],
    triggers: [{ type: 'schedule', intervalSeconds: draw.whole(5, 12) }],
    params: {},
    enabled: true,
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  world.side.addAccount(trader.id, START_BALANCE);
  await world.disk.furnish({ trader, prompt, version, binding, deposit: START_BALANCE, at });
  return trader.id;
}

function countOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
