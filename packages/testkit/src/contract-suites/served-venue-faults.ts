import { decimal, type TraderId, timestamp } from '@hyperoru/domain';
import type { OrderRequest, VenueEvent } from '@hyperoru/engine';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestFault } from '../venues/core/faults.ts';
import { SERVED_TRADERS, type ServedVenue } from './served-venue.ts';

/** How often an adapter asks a connection whether it lives, ms; it gives one up after twice that. */
const HEARTBEAT_MS = 15_000;
const ENTRY_PRICE = decimal('50500');
const EXIT_PRICE = decimal('49500');

/** A served venue with one open account, what it told, and the orders that tests of faults place. */
export class FaultBench {
  readonly #make: () => Promise<ServedVenue>;
  #venue: ServedVenue | null = null;
  #orders = 0;
  events: VenueEvent[] = [];
  readonly trader: TraderId = traderAt(0);
  readonly other: TraderId = traderAt(1);

  constructor(make: () => Promise<ServedVenue>) {
    this.#make = make;
    beforeEach(async () => {
      this.#venue = await this.#make();
      this.events = [];
      this.exchange.onEvent((event) => this.events.push(event));
      await this.exchange.openAccount(this.trader, { startBalance: decimal('0') });
    });
    afterEach(() => this.#venue?.close());
  }

  get venue(): ServedVenue {
    if (this.#venue === null) throw new Error('Expected a venue that is set up.');
    return this.#venue;
  }

  get exchange() {
    return this.venue.exchange;
  }

  get engine() {
    return this.venue.engine();
  }

  /** The account of the trader as the venue names it. */
  get accountId(): string {
    return this.venue.accountOf(this.trader);
  }

  /** An IOC buy with room to fill, unless told otherwise. */
  request(changes: Partial<OrderRequest> = {}): OrderRequest {
    this.#orders += 1;
    return {
      clientOrderId: `0x${String(this.#orders).padStart(32, '0')}`,
      symbol: this.venue.symbol,
      side: 'buy',
      type: { kind: 'limit', price: ENTRY_PRICE, timeInForce: 'ioc' },
      quantity: decimal('0.1'),
      reduceOnly: false,
      leverage: 20,
      deadline: timestamp(this.venue.now() + 5000),
      nonce: this.venue.now() + this.#orders,
      ...changes,
    };
  }

  /** The sale of what a request bought. */
  sale(changes: Partial<OrderRequest> = {}): OrderRequest {
    return this.request({ side: 'sell', type: { kind: 'limit', price: EXIT_PRICE, timeInForce: 'ioc' }, ...changes });
  }

  place(request: OrderRequest = this.request()) {
    return this.exchange.placeOrder(this.trader, request);
  }

  get gaps(): number {
    return this.events.filter((event) => event.kind === 'gap').length;
  }

  /** Waits until such an event was told. */
  told(isMeant: (event: VenueEvent) => boolean): Promise<void> {
    return vi.waitFor(() => expect(this.events.some(isMeant)).toBe(true));
  }

  heardFirst(): Promise<void> {
    return vi.waitFor(() => expect(this.gaps).toBe(1));
  }

  /** Lets time run on until it is so. */
  pastTime(stepMs: number, isSo: () => void): Promise<void> {
    return vi.waitFor(async () => {
      await this.venue.passTime(stepMs);
      isSo();
    });
  }
}

function traderAt(index: number): TraderId {
  const trader = SERVED_TRADERS[index];
  if (trader === undefined) throw new Error(`Expected a trader ${index}.`);
  return trader;
}

/** What the adapter of every live venue must do when the venue fails it. */
export function servedVenueFaults(name: string, makeVenue: () => Promise<ServedVenue>): void {
  describe(`${name} under faults of the venue`, () => {
    const bench = new FaultBench(makeVenue);
    describe('an order', () => orderFaults(bench));
    describe('the stream', () => streamFaults(bench));
    describe('the account', () => accountFaults(bench));
  });
}

function orderFaults(bench: FaultBench): void {
  test.each<[RequestFault, 'unknown' | 'rejected', boolean]>([
    [{ kind: 'accept_then_reset' }, 'unknown', true],
    [{ kind: 'accept_then_cut' }, 'unknown', true],
    [{ kind: 'accept_then_502' }, 'unknown', true],
    [{ kind: 'accept_then_503' }, 'unknown', true],
    [{ kind: 'accept_then_timeout_error' }, 'unknown', true],
    [{ kind: 'refuse_then_reset' }, 'unknown', false],
    [{ kind: 'refuse_then_502' }, 'unknown', false],
    [{ kind: 'rate_limited', retryAfterMs: 1000 }, 'rejected', false],
  ])('under %j is %s, and at the venue: %s', async (fault, kind, isThere) => {
    bench.engine.inject({ ...fault, operation: 'place' });
    const order = bench.request();
    expect(await bench.place(order)).toMatchObject({ kind });
    expect(bench.engine.fillsOf(bench.accountId)).toHaveLength(isThere ? 1 : 0);
    if (kind === 'unknown')
      expect((await bench.exchange.findOrder(bench.trader, order.clientOrderId))?.state ?? null).toBe(isThere ? 'filled' : null);
  });

  test('that nobody answers is unknown after four seconds, and holds up no other', async () => {
    bench.engine.inject({ kind: 'accept_then_silence', operation: 'place' });
    const silent = bench.place();
    await vi.waitFor(() => expect(bench.engine.fillsOf(bench.accountId)).toHaveLength(1));
    expect(await bench.place()).toMatchObject({ kind: 'accepted' });
    expect(await bench.exchange.placeOrder(bench.other, bench.request())).toMatchObject({ kind: 'accepted' });
    await bench.venue.passTime(4_000);
    expect(await silent).toMatchObject({ kind: 'unknown' });
  });

  test('comes after its leverage, which someone may have changed', async () => {
    bench.engine.inject({ kind: 'leverage_changed', accountId: bench.accountId, symbol: bench.venue.wireSymbol, leverage: 7 });
    expect(await bench.place()).toMatchObject({ kind: 'accepted' });
    expect((await bench.exchange.account(bench.trader)).positions).toMatchObject([{ leverage: 20 }]);
  });

  test('under a revoked key is refused as such', async () => {
    bench.engine.inject({ kind: 'revoke_key', accountId: bench.accountId });
    expect(await bench.place(bench.sale({ reduceOnly: true }))).toMatchObject({ kind: 'rejected', code: 'credentials_invalid' });
  });

  test('to a venue that is gone was not sent, and reads say that it is unavailable', async () => {
    await bench.place();
    await bench.venue.close();
    await expect(bench.exchange.account(bench.trader)).rejects.toMatchObject({ name: 'VenueUnavailable' });
    expect(await bench.place(bench.sale({ reduceOnly: true }))).toMatchObject({ kind: 'not_sent' });
    expect(await bench.exchange.cancelOrder(bench.trader, bench.request().clientOrderId)).toBe('unknown');
  });
}

function streamFaults(bench: FaultBench): void {
  test('that is cut comes back with a gap, and hears again', async () => {
    await bench.heardFirst();
    bench.engine.inject({ kind: 'ws_drop', accountId: bench.accountId });
    await bench.place();
    await bench.pastTime(500, () => expect(bench.gaps).toBe(2));
    await bench.place(bench.sale());
    await bench.told((event) => event.kind === 'fill' && event.fill.side === 'sell');
  });

  test('that falls silent is replaced within thirty seconds', async () => {
    await bench.heardFirst();
    bench.engine.inject({ kind: 'ws_silence', accountId: bench.accountId });
    await bench.place();
    await bench.pastTime(HEARTBEAT_MS, () => expect(bench.gaps).toBeGreaterThan(1));
  });

  test('on which nothing happens is kept by its heartbeat, also when one answer to it is wrong', async () => {
    await bench.heardFirst();
    const sockets = [...bench.venue.sockets()];
    await vi.waitFor(() => expect(sockets.every(({ isOpen }) => isOpen)).toBe(true));
    for (let beat = 1; beat <= 8; beat++) {
      if (beat === 4) bench.engine.inject({ kind: 'ws_wrong_pong', accountId: bench.accountId });
      const before = sockets.map(({ heard }) => heard);
      await bench.venue.passTime(HEARTBEAT_MS);
      await vi.waitFor(() => expect(sockets.every(({ heard }, at) => heard > (before[at] ?? 0))).toBe(true));
    }
    expect(bench.engine.faults.hits).toContain('ws_wrong_pong');
    expect(bench.venue.sockets()).toEqual(sockets);
    expect(sockets.every(({ isOpen }) => isOpen)).toBe(true);
  });
}

function accountFaults(bench: FaultBench): void {
  test('closed by someone else is told and flat', async () => {
    await bench.place();
    bench.engine.inject({ kind: 'foreign_close', accountId: bench.accountId, symbol: bench.venue.wireSymbol });
    await bench.told((event) => event.kind === 'fill' && event.fill.side === 'sell');
    expect((await bench.exchange.account(bench.trader)).positions).toEqual([]);
  });

  test('that is liquidated is told as such', async () => {
    await bench.place();
    bench.engine.inject({ kind: 'liquidate', accountId: bench.accountId, symbol: bench.venue.wireSymbol });
    await bench.told((event) => event.kind === 'fill' && event.fill.isLiquidation);
    expect((await bench.exchange.fillsSince(bench.trader, timestamp(0))).at(-1)).toMatchObject({ isLiquidation: true });
  });
}
