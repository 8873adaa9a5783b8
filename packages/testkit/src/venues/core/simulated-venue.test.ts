import { decimal, symbol } from '@hyperoru/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import type { VenueChange } from './records.ts';
import type { SimulatedVenue } from './simulated-venue.ts';
import { limitTicket, marketTicket, profitTicket, stopTicket, testVenue } from './test-venue.ts';
import { assertVenue } from './venue-invariants.ts';

const BTC = symbol('BTC');
const position = (venue: SimulatedVenue) => venue.account('a')?.state.positions[0]?.quantity ?? null;
const move = (venue: SimulatedVenue, mark: string, open?: string) =>
  venue.movePrice(BTC, { mark: decimal(mark), ...(open === undefined ? {} : { open: decimal(open) }) });

describe('money', () => {
  it('charges 2.25 for 0.1 at 50,000 and pays 0.0625 of funding for an hour', () => {
    const { venue, pass } = testVenue();
    venue.place('a', limitTicket('buy', '0.1', '50000'));
    move(venue, '49999.9');
    expect(venue.fillsOf('a')[0]).toMatchObject({ fee: '0.75', liquidity: 'maker', price: '50000' });
    venue.place('a', marketTicket('sell', '0.1'));
    const { venue: other, pass: passOther } = testVenue({ book: { halfSpreadBps: decimal('0') } });
    other.movePrice(BTC, { mark: decimal('49999.9') });
    other.place('a', marketTicket('buy', '0.1'));
    expect(other.fillsOf('a')[0]).toMatchObject({ fee: '2.25', price: '50000', liquidity: 'taker' });
    other.movePrice(BTC, { mark: decimal('50000') });
    passOther(1_800_000 - 1);
    other.catchUp();
    expect(other.fundingOf('a')).toEqual([]);
    passOther(1);
    other.catchUp();
    expect(other.fundingOf('a')).toMatchObject([{ amount: '-0.0625', rate: '0.0000125', quantity: '0.1' }]);
    pass(7_200_000);
    venue.catchUp();
    expect(venue.fundingOf('a')).toEqual([]);
  });

  it('liquidates a long of 0.1 from 50,000 with 500 of margin at 45,569.62', () => {
    const { venue } = testVenue({ deposit: '502.25', book: { halfSpreadBps: decimal('0') } });
    move(venue, '49999.9');
    venue.place('a', marketTicket('buy', '0.1'));
    expect(venue.account('a')?.state.balance).toBe('500');
    expect(venue.liquidationPrice('a', BTC)).toMatch(/^45569\.62/);
    move(venue, '45569.7');
    expect(position(venue)).toBe('0.1');
    move(venue, '45569.6');
    expect(position(venue)).toBeNull();
    expect(venue.fillsOf('a').at(-1)).toMatchObject({ cause: 'liquidation', orderId: null });
  });

  it('funds at the oracle, not at the mark', () => {
    const { venue, pass } = testVenue();
    venue.place('a', marketTicket('buy', '0.1'));
    venue.movePrice(BTC, { mark: decimal('50000'), oracle: decimal('40000') });
    pass(1_800_000);
    venue.catchUp();
    expect(venue.fundingOf('a')[0]?.amount).toBe('-0.05');
  });

  it('pays at every eighth hour where that is the interval of the symbol', () => {
    const { venue, pass } = testVenue({ fundingEveryHours: 8 });
    venue.place('a', marketTicket('buy', '0.1'));
    pass(7 * 3_600_000);
    venue.catchUp();
    expect(venue.fundingOf('a')).toEqual([]);
    pass(3_600_000);
    venue.catchUp();
    expect(venue.fundingOf('a')).toHaveLength(1);
  });
});

describe('triggers that need no position', () => {
  it('wait for one, outlive it, and are sized by what it holds', () => {
    const { venue } = testVenue({ keepsTriggers: true });
    const stop = venue.place('a', stopTicket('sell', '0.3', '48000')).order;
    expect(venue.order(stop.id)?.status).toBe('open');
    venue.place('a', marketTicket('buy', '0.1'));
    venue.place('a', marketTicket('sell', '0.1', { reduceOnly: true }));
    expect(venue.order(stop.id)).toMatchObject({ status: 'open', quantity: '0.3' });
    venue.place('a', marketTicket('buy', '0.2'));
    move(venue, '47000');
    expect(position(venue)).toBeNull();
    expect(venue.order(stop.id)).toMatchObject({ status: 'filled', filledQuantity: '0.2' });
    expect(venue.order(stop.id)?.firedId).toBeGreaterThan(stop.id);
  });

  it('are rejected when they fire without one', () => {
    const { venue } = testVenue({ keepsTriggers: true });
    const stop = venue.place('a', stopTicket('sell', '0.3', '48000')).order;
    move(venue, '47999');
    expect(venue.order(stop.id)).toMatchObject({ status: 'rejected', reason: 'no_position_at_trigger' });
  });

  it('stop a gap at its first price', () => {
    const { venue } = testVenue();
    venue.place('a', marketTicket('buy', '0.1'));
    venue.place('a', stopTicket('sell', '0.1', '48000'));
    move(venue, '46000', '47000');
    expect(Number(venue.fillsOf('a').at(-1)?.price)).toBeLessThan(47_000);
    expect(Number(venue.fillsOf('a').at(-1)?.price)).toBeGreaterThan(46_900);
  });
});

describe('client ids', () => {
  it.each([
    ['any', 'accepted', 'accepted'],
    ['unique_while_open', 'refused', 'accepted'],
    ['unique_for_ever', 'refused', 'refused'],
  ] as const)('under the rule %s a second order is %s while the first is open and %s after', (clientIds, whileOpen, after) => {
    const { venue } = testVenue({ clientIds });
    const ticket = limitTicket('buy', '0.01', '49000', { clientOrderId: 'x' });
    const first = venue.place('a', ticket).order;
    expect(venue.place('a', ticket).kind).toBe(whileOpen);
    venue.cancelAll('a', 'canceled_by_request');
    expect(venue.order(first.id)?.status).toBe('canceled');
    expect(venue.place('a', ticket).kind).toBe(after);
  });
});

describe('faults', () => {
  it('hide an accepted order for a while and then show it', () => {
    const { venue, pass } = testVenue();
    venue.inject({ kind: 'hide_order', ms: 3000, clientOrderId: 'x' });
    const seen = venue.place('a', limitTicket('buy', '0.01', '49000', { clientOrderId: 'y' })).order;
    const hidden = venue.place('a', limitTicket('buy', '0.01', '49000', { clientOrderId: 'x' })).order;
    expect(venue.isHidden(seen, 'lookup')).toBe(false);
    expect(venue.isHidden(hidden, 'lookup')).toBe(true);
    expect(venue.isHidden(hidden, 'open_orders')).toBe(true);
    expect(venue.isHidden(hidden, 'fills')).toBe(false);
    pass(3000);
    expect(venue.isHidden(hidden, 'lookup')).toBe(false);
  });

  it('fill part of an order, the rest by its time in force', () => {
    const { venue } = testVenue();
    venue.inject({ kind: 'partial_fill', share: 0.3, count: 2 });
    expect(venue.place('a', marketTicket('buy', '0.1')).order).toMatchObject({ status: 'canceled', filledQuantity: '0.03' });
    expect(venue.place('a', limitTicket('buy', '0.1', '51000')).order).toMatchObject({
      status: 'partially_filled',
      filledQuantity: '0.03',
    });
    venue.inject({ kind: 'partial_fill', share: 0 });
    expect(venue.place('a', marketTicket('buy', '0.1')).order).toMatchObject({ status: 'canceled', filledQuantity: '0' });
  });

  it('fill an order while its cancellation is on the way', () => {
    const { venue } = testVenue();
    const { id } = venue.place('a', limitTicket('buy', '0.1', '49000')).order;
    venue.inject({ kind: 'fill_before_cancel' });
    expect(venue.cancel('a', id)).toBe('gone');
    expect(venue.order(id)).toMatchObject({ status: 'filled', filledQuantity: '0.1', averagePrice: '49000' });
  });

  it('wait for the request they are meant for, skip some and end after their count', () => {
    const { venue } = testVenue();
    venue.inject({ kind: 'accept_then_502', operation: ['place', 'cancel'], accountId: 'a', symbol: 'BTC', skip: 1, count: 2 });
    const subject = { operation: 'place' as const, accountId: 'a', symbols: ['BTC'], clientOrderIds: [] };
    const take = (changes: object) => venue.faults.takeRequest({ ...subject, ...changes })?.kind ?? null;
    expect(take({ operation: 'market' })).toBeNull();
    expect(take({ accountId: 'b' })).toBeNull();
    expect(take({ symbols: ['ETH'] })).toBeNull();
    expect([take({}), take({ operation: 'cancel' }), take({}), take({})]).toEqual([null, 'accept_then_502', 'accept_then_502', null]);
    expect(venue.faults.hits).toEqual(['accept_then_502', 'accept_then_502']);
    expect(venue.faults.isEmpty).toBe(true);
  });

  it('hit the same requests for the same seed', () => {
    const drawn = (seed: number) => {
      const { venue } = testVenue({ seed });
      venue.inject({ kind: 'refuse_then_silence', count: null, chance: 0.5 });
      return Array.from(
        { length: 50 },
        () => venue.faults.takeRequest({ operation: 'place', accountId: 'a', symbols: [], clientOrderIds: [] }) !== null,
      );
    };
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
    expect(drawn(7)).toContain(true);
    expect(drawn(7)).toContain(false);
  });

  it.each<[Fault, (venue: SimulatedVenue) => void]>([
    [{ kind: 'clock_jump', ms: 5000 }, (venue) => expect(venue.now() - venue.worldNow()).toBe(5000)],
    [{ kind: 'cancel_stop', accountId: 'a' }, (venue) => expect(venue.openOrders('a')).toEqual([])],
    [{ kind: 'revoke_key', accountId: 'a' }, (venue) => expect(venue.account('a')?.isRevoked).toBe(true)],
    [
      { kind: 'halt_symbol', symbol: BTC },
      (venue) => expect(venue.place('a', marketTicket('buy', '0.1'))).toMatchObject({ code: 'symbol_halted' }),
    ],
    [
      { kind: 'filter_change', symbol: BTC, change: { sizeIncrement: decimal('0.1') } },
      (venue) => expect(venue.place('a', marketTicket('buy', '0.15'))).toMatchObject({ code: 'invalid_quantity' }),
    ],
    [{ kind: 'liquidate', accountId: 'a', symbol: BTC }, (venue) => expect([position(venue), venue.openOrders('a')]).toEqual([null, []])],
    [{ kind: 'adl', accountId: 'a', symbol: BTC, quantity: decimal('0.03') }, (venue) => expect(position(venue)).toBe('0.07')],
    [
      { kind: 'adl', accountId: 'a', symbol: BTC },
      (venue) => expect(venue.fillsOf('a').at(-1)).toMatchObject({ cause: 'adl', orderId: null }),
    ],
    [{ kind: 'foreign_order', accountId: 'a', ticket: marketTicket('buy', '0.1') }, (venue) => expect(position(venue)).toBe('0.2')],
    [{ kind: 'foreign_close', accountId: 'a', symbol: BTC }, (venue) => expect(position(venue)).toBeNull()],
    [
      { kind: 'leverage_changed', accountId: 'a', symbol: BTC, leverage: 3 },
      (venue) => expect(venue.account('a')?.state.positions[0]?.leverage).toBe(3),
    ],
    [{ kind: 'transfer_out', accountId: 'a', amount: decimal('4000') }, (venue) => expect(venue.account('a')?.state.deposits).toBe('6000')],
    [{ kind: 'venue_restart' }, (venue) => expect([position(venue), venue.openOrders('a').length]).toEqual(['0.1', 1])],
  ])('happen at once: %j', (fault, check) => {
    const { venue } = testVenue();
    venue.place('a', marketTicket('buy', '0.1'));
    venue.place('a', stopTicket('sell', '0.1', '48000'));
    venue.inject(fault);
    check(venue);
    assertVenue(venue);
  });

  it('name what does not exist', () => {
    const { venue } = testVenue();
    expect(() => venue.inject({ kind: 'liquidate', accountId: 'a', symbol: BTC })).toThrow('Expected a BTC position of a.');
    expect(() => venue.inject({ kind: 'transfer_out', accountId: 'a', amount: decimal('1') })).not.toThrow();
    expect(() => venue.place('nobody', marketTicket('buy', '0.1'))).toThrow(RangeError);
  });
});

describe('a dump', () => {
  it('is plain JSON and goes on exactly where it was', () => {
    const { venue, pass } = testVenue();
    venue.place('a', marketTicket('buy', '0.1', { clientOrderId: 'x' }));
    const stop = venue.place('a', stopTicket('sell', '0.1', '48000')).order;
    venue.inject({ kind: 'halt_symbol', symbol: symbol('ETH') });
    const dump = JSON.parse(JSON.stringify(venue.dump()));
    const { venue: other } = testVenue();
    const heard: VenueChange['kind'][] = [];
    other.onChange((change) => heard.push(change.kind));
    other.load(dump);
    expect(heard).toEqual(['restart']);
    expect(other.dump()).toEqual(venue.dump());
    expect(other.orderByClientId('a', 'x')?.status).toBe('filled');
    pass(1000);
    move(other, '47000');
    expect(other.order(stop.id)?.status).toBe('filled');
    expect(other.place('a', marketTicket('buy', '1', { symbol: symbol('ETH') }))).toMatchObject({ code: 'symbol_halted' });
    assertVenue(other);
  });
});

describe('whatever is done to the venue', () => {
  const size = fc.integer({ min: 1, max: 400 }).map((n) => String(n / 100));
  const price = fc.integer({ min: 44_000, max: 56_000 }).map(String);
  const side = fc.constantFrom('buy' as const, 'sell' as const);
  const step = fc.oneof(
    fc.record({ do: fc.constant('market' as const), side, size, reduceOnly: fc.boolean() }),
    fc.record({ do: fc.constant('limit' as const), side, size, price, reduceOnly: fc.boolean() }),
    fc.record({ do: fc.constant('bracket' as const), side: fc.constant('buy' as const), size, price }),
    fc.record({ do: fc.constant('follow' as const), side, price }),
    fc.record({ do: fc.constant('move' as const), price }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 7_200_000 }) }),
    fc.record({ do: fc.constant('cancel' as const), nth: fc.nat(5) }),
    fc.record({ do: fc.constant('partial' as const), share: fc.constantFrom(0, 0.25, 0.7) }),
    fc.record({ do: fc.constant('restart' as const) }),
    fc.record({ do: fc.constant('fill' as const), nth: fc.nat(5) }),
  );

  it.each([false, true])('the books add up after every event (triggers outlive positions: %s)', (keepsTriggers) => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const { venue, pass } = testVenue({ keepsTriggers });
        const ids: number[] = [];
        venue.onChange((change) => {
          reached.add(change.kind === 'order' ? `${change.order.status} ${change.order.reason ?? ''}` : change.kind);
          if (change.kind === 'fill') ids.push(change.fill.id);
        });
        for (const one of steps) {
          if (one.do === 'market') venue.place('a', marketTicket(one.side, one.size, { reduceOnly: one.reduceOnly }));
          if (one.do === 'limit') venue.place('a', limitTicket(one.side, one.size, one.price, { reduceOnly: one.reduceOnly }));
          if (one.do === 'bracket') {
            const parentId = venue.place('a', limitTicket('buy', one.size, one.price)).order.id;
            venue.place('a', stopTicket('sell', one.size, '43000', { parentId }));
            venue.place('a', profitTicket('sell', one.size, '57000', { parentId }));
          }
          if (one.do === 'follow') venue.place('a', stopTicket(one.side, '1', one.price, { followsPosition: true }));
          if (one.do === 'move') move(venue, one.price);
          if (one.do === 'pass') pass(one.ms);
          const open = venue.openOrders('a');
          if (one.do === 'cancel') venue.cancel('a', open[one.nth]?.id ?? 0);
          if (one.do === 'partial') venue.inject({ kind: 'partial_fill', share: one.share });
          if (one.do === 'restart') venue.inject({ kind: 'venue_restart' });
          const resting = open[one.do === 'fill' ? one.nth : -1];
          if (resting?.type.kind === 'limit' && !resting.reduceOnly) venue.fillResting(resting.id, decimal('0.01'));
          assertVenue(venue);
        }
        expect(new Set(ids).size).toBe(ids.length);
        expect(venue.fillsOf('a').map((fill) => fill.id)).toEqual(ids);
      }),
      { numRuns: 150, seed: 11 },
    );
    for (const situation of ['fill', 'funding', 'liquidation', 'waiting ', 'partially_filled ', 'canceled parent_canceled', 'restart'])
      expect(reached).toContain(situation);
  });
});
