import { abs, add, type Decimal, decimal, lt, mul, neg, sub, sum, symbol, type TraderId, timestamp, ZERO } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import { FakeClock, MemoryPaperRows, memoryLog, ScriptedMarket, testId } from '@hyperoru/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PAPER_RULES } from './instruments.ts';
import { PaperExchange } from './paper-exchange.ts';

const BTC = symbol('BTC');
const TRADERS = [testId<TraderId>(1), testId<TraderId>(2)] as const;
const START = decimal('10000');

type Act =
  | {
      readonly kind: 'place';
      readonly trader: 0 | 1;
      readonly order: Omit<OrderRequest, 'clientOrderId' | 'deadline' | 'nonce' | 'symbol'>;
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'cancel'; readonly trader: 0 | 1; readonly order: number }
  | { readonly kind: 'mark'; readonly price: string }
  | { readonly kind: 'hour' }
  | { readonly kind: 'fault'; readonly outcome: 'fails' | 'is_stored_then_fails' }
  | { readonly kind: 'crash' };

const aTrader = fc.constantFrom(0 as const, 1 as const);
const aPrice = fc.integer({ min: 90_000, max: 110_000 }).map((halves) => decimal((halves / 2).toFixed(1)));
const anAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      trader: aTrader,
      isRepeated: fc.boolean(),
      order: fc.record({
        side: fc.constantFrom('buy' as const, 'sell' as const),
        quantity: fc.integer({ min: 10, max: 9000 }).map((steps) => decimal((steps / 10_000).toFixed(4))),
        reduceOnly: fc.boolean(),
        leverage: fc.integer({ min: 1, max: 50 }),
        type: fc.oneof(
          fc.record({ kind: fc.constant('limit' as const), price: aPrice, timeInForce: fc.constantFrom('ioc' as const, 'gtc' as const) }),
          fc.record({
            kind: fc.constant('trigger' as const),
            triggerPrice: aPrice,
            trigger: fc.constantFrom('stop_loss' as const, 'take_profit' as const),
          }),
        ),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), trader: aTrader, order: fc.nat(30) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('mark' as const), price: aPrice }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'hour' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      outcome: fc.constantFrom('fails' as const, 'is_stored_then_fails' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' as const }) },
);

/** A venue that is used, hurt and killed. */
class World {
  readonly rows = new MemoryPaperRows();
  readonly clock = new FakeClock();
  readonly known: OrderRequest[] = [];
  market = new ScriptedMarket({ rules: PAPER_RULES, clock: this.clock });
  exchange: PaperExchange | null = null;

  async open(): Promise<PaperExchange> {
    this.market = new ScriptedMarket({ rules: PAPER_RULES, clock: this.clock, saved: await this.rows.loadMarket('script') });
    this.exchange = await PaperExchange.open({
      rows: this.rows,
      market: this.market,
      rules: PAPER_RULES,
      clock: this.clock,
      log: memoryLog(),
    });
    return this.exchange;
  }

  async act(act: Act): Promise<void> {
    const exchange = this.exchange ?? (await this.open());
    await this.clock.advance(1);
    if (act.kind === 'fault') this.rows.failNext(act.outcome);
    if (act.kind === 'crash') await this.open();
    if (act.kind === 'mark') await this.market.setMark(BTC, act.price);
    if (act.kind === 'hour') await this.market.passMarketTime(3_600_000);
    if (act.kind === 'cancel') await exchange.cancelOrder(TRADERS[act.trader], this.known[act.order]?.clientOrderId ?? 'none');
    if (act.kind === 'place') await this.place(exchange, act);
  }

  async place(exchange: PaperExchange, act: Act & { readonly kind: 'place' }): Promise<void> {
    const deadline = timestamp(this.clock.now() + 1000);
    const request: OrderRequest = { ...act.order, symbol: BTC, clientOrderId: `c${this.known.length}`, nonce: this.known.length, deadline };
    this.known.push(request);
    await exchange.placeOrder(TRADERS[act.trader], request);
    if (act.isRepeated) await exchange.placeOrder(TRADERS[act.trader], request);
  }
}

it('whatever is ordered, fails and crashes: accounts, orders and fills agree, and nothing is done twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anAct, { minLength: 5, maxLength: 50 }), async (acts) => {
      const world = new World();
      const exchange = await world.open();
      for (const trader of TRADERS) await exchange.openAccount(trader, { startBalance: START });
      await world.market.setMark(BTC, '50000');
      for (const act of acts) await world.act(act);
      for (const trader of TRADERS) await expectAgreement(world, trader);
      const memory = await Promise.all(TRADERS.map((trader) => world.exchange?.openOrders(trader)));
      const reopened = await world.open();
      expect(await Promise.all(TRADERS.map((trader) => reopened.openOrders(trader)))).toEqual(memory);
      for (const trader of TRADERS) await expectAgreement(world, trader);
    }),
    { numRuns: 150 },
  );
});

async function expectAgreement({ exchange, known }: World, trader: TraderId): Promise<void> {
  if (exchange === null) throw new Error('Expected an open venue.');
  const fills = await exchange.fillsSince(trader, timestamp(0));
  const funding = await exchange.fundingSince(trader, timestamp(0));
  const account = await exchange.account(trader);
  const [position] = account.positions;
  const signed = fills.map((fill) => (fill.side === 'buy' ? fill.quantity : neg(fill.quantity)));
  expect(position?.quantity ?? ZERO).toBe(sum(signed));
  // Cash and the position's worth, from the records alone, are the equity the venue tells.
  const cash = fills.reduce<Decimal>((total, fill, index) => sub(sub(total, mul(signed[index] ?? ZERO, fill.price)), fill.fee), START);
  const worth = position === undefined ? ZERO : mul(position.quantity, position.markPrice);
  const told = add(add(cash, sum(funding.map((payment) => payment.amount))), worth);
  // Average entry prices are quotients: they end after 24 digits.
  expect(lt(abs(sub(told, account.equity)), decimal('0.00000001'))).toBe(true);
  expect(new Set(fills.map((fill) => fill.tradeId)).size).toBe(fills.length);
  for (const { clientOrderId } of known) {
    const order = await exchange.findOrder(trader, clientOrderId);
    const filled = sum(fills.filter((fill) => fill.clientOrderId === clientOrderId).map((fill) => fill.quantity));
    expect(order?.filledQuantity ?? ZERO).toBe(filled);
  }
}
