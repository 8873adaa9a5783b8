import { abs, type Decimal, decimal, gte, sum } from '@hyperoru/domain';
import { type Bound, buy, fails, gate, never, type Pipeline, type Probe, type Reply, seededIds, text, wants } from '@hyperoru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';

const SEEDS = 8;
const STEPS = 20;
/** Longer than any doubt lasts: deadline, margin and three looks; and than the pause after refused protection. */
const CALM_SECONDS = 90;

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
let bound: Bound;
let random: () => number;

beforeAll(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterAll(() => opened.close());

const chance = (share: number): boolean => random() < share;
const oneOf = <T>(...options: readonly [T, ...T[]]): T => options[Math.floor(random() * options.length)] ?? options[0];

/** A decision around the present price, most of them sensible. */
function reply(mark: number): Reply {
  if (chance(0.1)) return oneOf<Reply>(text('no JSON'), fails('model_timeout'), wants(), wants({ operation: 'hold' }));
  if (chance(0.3)) return wants({ operation: 'close', symbol: 'BTC', target_portion_of_balance: oneOf(1, 1, 0.5, 0.25) });
  const isBuy = chance(0.6);
  const at = (share: number): number => Math.round(mark * (isBuy ? 1 + share : 1 - share));
  const rests = chance(0.3) ? { time_in_force: 'gtc', [isBuy ? 'max_price' : 'min_price']: at(-0.003) } : {};
  const size = oneOf(0.02, 0.05, 0.1);
  return wants({
    ...buy,
    operation: isBuy ? 'buy' : 'sell',
    target_portion_of_balance: size,
    stop_loss_price: at(-0.01),
    take_profit_price: chance(0.7) ? at(0.02) : null,
    leverage: null,
    ...rests,
  });
}

/** What may happen to a request on its way; `died` is opened where the process ends. */
function trouble(died: () => void): Probe | null {
  const unknown = { kind: 'unknown', cause: 'No answer arrived in time.' } as const;
  return oneOf<() => Probe | null>(
    () => null,
    () => null,
    () => null,
    () => ({ answer: () => unknown }),
    () => ({ instead: async () => unknown }),
    () => ({ instead: async () => ({ kind: 'rejected', code: 'venue_says_no', message: 'No.' }) }),
    () => ({
      before: () => {
        died();
        return never;
      },
    }),
    () => ({
      answer: () => {
        died();
        return never;
      },
    }),
  )();
}

async function restart(): Promise<void> {
  p.crash();
  await p.reconcile(bound, { isStart: true });
}

/** One run under trouble; ends when the run has, or when the process died in it and was started again. */
async function troubledRun(mark: number): Promise<void> {
  const died = gate();
  let hasDied = false;
  p.exchange.probe = () =>
    trouble(() => {
      hasDied = true;
      died.open();
    });
  p.model.will(bound.trader.name, reply(mark));
  await p.fire(bound);
  await Promise.race([p.work(bound), died.passed]);
  p.exchange.probe = () => null;
  if (hasDied) await restart();
}

/** Somebody cancels an order of ours at the venue. */
async function cancelByHand(): Promise<void> {
  const [order] = await p.exchange.openOrders(bound.trader.id);
  if (order !== undefined) await p.exchange.cancelOrder(bound.trader.id, order.clientOrderId ?? '');
  await p.idle();
}

/** The venue tells everything once more, oldest first. */
async function repeatEvents(): Promise<void> {
  for (const { clientOrderId } of p.sentFor(bound)) await p.repeatEvent(bound, clientOrderId);
}

async function step(mark: number): Promise<number> {
  p.exchange.losesEvents = chance(0.3);
  const what = random();
  if (what < 0.5) await troubledRun(mark);
  else if (what < 0.55) await cancelByHand();
  else if (what < 0.6) await repeatEvents();
  else if (what < 0.85) {
    const next = Math.round(mark * (1 + (random() - 0.5) * 0.03));
    await p.price(String(next));
    return next;
  } else if (what < 0.95) await p.pass(bound, 5);
  else await restart();
  return mark;
}

async function assertEveryRunEnded(): Promise<void> {
  await p.work(bound);
  expect((await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).map(({ state }) => state)).toEqual([]);
}

/** The sum of resting stops is at least what is held. */
async function assertCovered(): Promise<void> {
  const { positions } = await p.exchange.account(bound.trader.id);
  const resting = await p.exchange.openOrders(bound.trader.id);
  for (const held of positions) {
    const stops = resting.filter(({ type, symbol }) => type.kind === 'trigger' && type.trigger === 'stop_loss' && symbol === held.symbol);
    const covered: Decimal = sum(stops.map(({ quantity }) => quantity));
    expect(gte(covered, abs(held.quantity)), `stops ${covered} cover ${held.quantity} ${held.symbol}`).toBe(true);
  }
}

test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('after any trouble everything agrees again: seed %d', async (seed) => {
  random = seededIds(`faults-${seed}`).random;
  let mark = 50_000;
  await p.price('50000');
  bound = await p.newTrader({ risk: { maxDailyLoss: null, maxOrdersPerHour: 1_000, maxTotalNotional: decimal('50000') } });
  const before = p.exchange.sent.length;
  for (let count = 0; count < STEPS; count++) mark = await step(mark);
  p.exchange.losesEvents = false;
  await p.pass(bound, CALM_SECONDS, 10);
  await assertEveryRunEnded();
  await p.assertConsistent(bound);
  await assertCovered();
  const states = (await p.records.openOrders(bound.trader.id)).map(({ state }) => state);
  expect(states.filter((state) => state === 'unknown' || state === 'sent')).toEqual([]);
  const ids = p.exchange.sent.slice(before).map(({ request }) => request.clientOrderId);
  expect(new Set(ids).size, 'no order was sent twice').toBe(ids.length);
});
