import type { Decision, EntryPlan, ExitPlan } from '@hyperoru/domain';
import { arePlain, type Pursued } from './pursue.ts';
import type { Situation } from './situation.ts';

/**
 * What an approved order must obey, written a second time from the documentation: whole numbers instead of our decimals, and
 * the answer as JSON.parse sees it instead of our reader.
 */
const PLACES = 40;
const UNIT = 10n ** BigInt(PLACES);
const DECISIONS_MAX = 20;

/** Amounts as whole numbers of 1e-40. */
function fixed(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  if (fraction.length > PLACES) throw new Error(`Expected at most ${PLACES} places, was ${text}.`);
  const value = BigInt(whole + fraction.padEnd(PLACES, '0'));
  return text.startsWith('-') ? -value : value;
}

const times = (a: bigint, b: bigint): bigint => (a * b) / UNIT;
const largest = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a));
const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** Sentences about what is wrong with what came of an answer; none = all in order. */
export function problemsOf(text: string, situation: Situation, pursued: Pursued): readonly string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  if (pursued.invalid !== null) return [];
  const wanted = readPlainly(text);
  expect(wanted !== null, 'a valid answer is one JSON value');
  expect(pursued.decisions.length <= DECISIONS_MAX, 'at most 20 decisions');
  for (const { reason } of pursued.decisions)
    expect(reason.length <= 20_000 && !/\p{Surrogate}/u.test(reason) && !reason.includes('\0'), 'a reason can be stored');
  const traded = pursued.approved.map(({ plan }) => plan.symbol);
  expect(new Set(traded).size === traded.length, 'one order per symbol');
  for (const { decision, plan } of pursued.approved) {
    const words = (wanted ?? [])
      .filter((each) => each['symbol'] === plan.symbol && each['operation'] !== 'hold')
      .map((each) => each['operation']);
    expect(words.length === 1 && meaning(words[0]) === decision.operation, `the answer itself says ${decision.operation} ${plan.symbol}`);
    expect(arePlain(plan), 'numbers are plain decimals');
    if (plan.kind === 'exit') checkExit(plan, situation, expect);
    else checkEntryPlan(plan, decision, situation, expect);
  }
  return problems;
}

type Expect = (holds: boolean, what: string) => void;

function checkExit(plan: ExitPlan, { positions, listed, limits }: Situation, expect: Expect): void {
  const held = positions.find((each) => each.symbol === plan.symbol);
  const listing = listed.get(plan.symbol);
  if (held === undefined || listing === undefined) {
    expect(false, 'an exit has a position');
    return;
  }
  const [quantity, all, limit, mark] = [plan.quantity, held.quantity, plan.limitPrice, listing.quote.mark].map(fixed) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  expect(plan.side === (held.side === 'long' ? 'sell' : 'buy'), 'an exit reduces');
  expect(quantity > 0n && quantity <= all, 'an exit is at most the position');
  expect(quantity === all || isMultiple(quantity, listing.instrument.sizeIncrement), 'size increment of an exit');
  const touch = fixed(plan.side === 'buy' ? listing.quote.ask : listing.quote.bid);
  const reach =
    largest(times(mark, fixed(limits.trader.maxPriceDeviation)), distance(touch, mark)) + fixed(listing.instrument.priceIncrement);
  expect(limit > 0n && distance(limit, mark) <= reach, 'an exit stays within the collar or at the touch');
}

function checkEntryPlan(plan: EntryPlan, decision: Decision, situation: Situation, expect: Expect): void {
  const listing = situation.listed.get(plan.symbol);
  if (listing === undefined) {
    expect(false, 'the symbol is listed');
    return;
  }
  const { trader } = situation.limits;
  expect(situation.bound.includes(plan.symbol), 'the symbol is bound');
  expect(trader.allowedSymbols === null || trader.allowedSymbols.includes(plan.symbol), 'the symbol is allowed');
  expect(plan.side === decision.operation, 'the side is the decision’s');
  const [quantity, limit] = [fixed(plan.quantity), fixed(plan.limitPrice)];
  expect(
    quantity >= fixed(listing.instrument.quantityMin) && isMultiple(quantity, listing.instrument.sizeIncrement),
    'size increment and minimum',
  );
  expect(limit > 0n && isMultiple(limit, listing.instrument.priceIncrement), 'price increment');
  checkCaps(plan, situation, expect);
  checkLevels(plan, situation, expect);
  if (plan.side === 'buy' && decision.maxPrice !== null) expect(limit <= fixed(decision.maxPrice), 'never above max_price');
  if (plan.side === 'sell' && decision.minPrice !== null) expect(limit >= fixed(decision.minPrice), 'never below min_price');
}

function checkCaps(plan: EntryPlan, situation: Situation, expect: Expect): void {
  const { trader, instance } = situation.limits;
  const listing = situation.listed.get(plan.symbol);
  const exposure = situation.exposureOf(plan.symbol);
  if (instance === null || listing === undefined) {
    expect(false, 'limits that cannot be read permit nothing');
    return;
  }
  const { quote, instrument } = listing;
  // A sell may fill above its limit: it is judged at the dearest price in sight.
  const price = plan.side === 'buy' ? fixed(plan.limitPrice) : largest(fixed(plan.limitPrice), fixed(quote.bid), fixed(quote.mark));
  const notional = times(fixed(plan.quantity), price);
  const within = (value: bigint, cap: string | null, what: string): void => expect(cap === null || value <= fixed(cap), what);
  const { leverage } = plan;
  expect(Number.isInteger(leverage) && leverage >= 1, 'whole leverage');
  expect(leverage <= Math.min(trader.maxLeverage, instrument.leverageMax, instance.maxLeverage ?? Infinity), 'leverage within all caps');
  const held = situation.positions.find((each) => each.symbol === plan.symbol);
  expect(
    held === undefined || (held.leverage === leverage && held.side === (plan.side === 'buy' ? 'long' : 'short')),
    'same leverage and side as the position',
  );
  within(notional, trader.maxOrderNotional, 'notional of the order');
  const heldNotional = situation.positions.map((each) =>
    times(fixed(each.quantity), fixed(situation.listed.get(each.symbol)?.quote.mark ?? '0')),
  );
  const total = heldNotional.reduce((all, each) => all + each, notional);
  within(total, trader.maxTotalNotional, 'notional of the trader');
  const sameSide = situation.positions.flatMap((each, index) =>
    (each.side === 'long') === (plan.side === 'buy') ? [heldNotional[index] ?? 0n] : [],
  );
  within(
    sameSide.reduce((all, each) => all + each, notional),
    trader.maxSameDirectionNotional,
    'notional of one side',
  );
  within(fixed(exposure.instance.totalNotional) + notional, instance.maxTotalNotional, 'notional of the instance');
  expect(held !== undefined || situation.positions.length < trader.maxOpenPositions, 'number of positions');
  expect(notional <= fixed(situation.available) * BigInt(Math.trunc(leverage)), 'margin within the available balance');
  expect(!exposure.isKilled && !exposure.isReduceOnly, 'neither killed nor reduce-only');
  expect(trader.maxDailyLoss === null || fixed(exposure.pnlToday) > -fixed(trader.maxDailyLoss), 'daily loss');
  expect(
    trader.maxDrawdown === null || times(fixed(exposure.peakBalance), UNIT - fixed(trader.maxDrawdown)) < fixed(exposure.balance),
    'drawdown',
  );
  expect(
    exposure.entriesLastHour < trader.maxOrdersPerHour && exposure.instance.entriesLastMinute < instance.maxOrdersPerMinute,
    'order budgets',
  );
  expect(exposure.lastLossAt === null || exposure.now - exposure.lastLossAt >= trader.cooldownMinutes * 60_000, 'cool-down');
}

function checkLevels(plan: EntryPlan, situation: Situation, expect: Expect): void {
  const listing = situation.listed.get(plan.symbol);
  if (listing === undefined) return;
  const { trader } = situation.limits;
  const [mark, limit] = [fixed(listing.quote.mark), fixed(plan.limitPrice)];
  expect(distance(limit, mark) <= times(mark, fixed(trader.maxPriceDeviation)), 'the collar around the mark');
  expect(plan.stopLossPrice !== null || !trader.requireStopLoss, 'a stop is required');
  const isBuy = plan.side === 'buy';
  for (const [price, isBelow] of [
    [plan.stopLossPrice, isBuy],
    [plan.takeProfitPrice, !isBuy],
  ] as const) {
    if (price === null) continue;
    const level = fixed(price);
    expect(level > 0n && isMultiple(level, listing.instrument.priceIncrement), 'price increment of a level');
    expect(isBelow ? level < mark : level > mark, 'the side of a level');
  }
  if (plan.stopLossPrice === null || situation.positions.some((each) => each.symbol === plan.symbol)) return;
  // stop against limit × (1 ∓ 1/leverage) ÷ (1 ∓ maintenance rate), without a division.
  const [stop, leverage, rate] = [
    fixed(plan.stopLossPrice),
    BigInt(Math.trunc(plan.leverage)),
    fixed(listing.instrument.maintenanceMarginRate),
  ];
  if (isBuy) expect(stop * leverage * (UNIT - rate) > limit * (leverage - 1n) * UNIT, 'the stop comes before liquidation');
  else expect(stop * leverage * (UNIT + rate) < limit * (leverage + 1n) * UNIT, 'the stop comes before liquidation');
}

const isMultiple = (value: bigint, step: string): boolean => value % fixed(step) === 0n;

const meaning = (word: unknown): unknown => (word === 'long' ? 'buy' : word === 'short' ? 'sell' : word);

/** The objects of the answer, or null when the text is not one JSON value. */
function readPlainly(text: string): readonly Record<string, unknown>[] | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
    const list = Array.isArray(value) ? value : 'decisions' in value ? value['decisions'] : [value];
    return list as Record<string, unknown>[];
  } catch {
    return null;
  }
}
