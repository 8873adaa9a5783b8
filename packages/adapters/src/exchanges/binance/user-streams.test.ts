import { decimal } from '@hyperoru/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { algoOrder, CLIENT_ID, ok, refusal, ScriptedBinance, TRADER, wireOrder } from '../../../../../tests/setup/scripted-binance.ts';
import type { BinanceVenue } from '../../open-binance.ts';

let wire: ScriptedBinance;
let venue: BinanceVenue;

beforeEach(async () => {
  wire = new ScriptedBinance();
  venue = await wire.open();
});

describe('the stream', () => {
  const orderEvent = (changes: Record<string, unknown> = {}) => ({
    e: 'ORDER_TRADE_UPDATE',
    E: wire.clock.now(),
    o: {
      s: 'BTCUSDT',
      c: CLIENT_ID,
      S: 'BUY',
      o: 'LIMIT',
      f: 'IOC',
      q: '0.100',
      p: '50000',
      ap: '49990.5',
      sp: '0',
      x: 'TRADE',
      X: 'FILLED',
      i: 5,
      l: '0.100',
      z: '0.100',
      L: '49990.5',
      n: '2.5',
      N: 'USDT',
      T: wire.clock.now(),
      t: 11,
      m: false,
      R: false,
      ...changes,
    },
  });

  async function listen() {
    const opening = venue.exchange.openAccount(TRADER, { startBalance: decimal('0') });
    await wire.clock.advance(0);
    const socket = wire.sockets.at(-1);
    if (socket === undefined) throw new Error('Expected a connection.');
    socket.events.open();
    await opening;
    return {
      url: socket.url,
      drop: () => socket.events.close(),
      hear: async (event: unknown) => {
        socket.events.message(JSON.stringify(event));
        await wire.clock.advance(0);
      },
    };
  }

  test('goes to the private route of its listen key and tells a gap whenever it stands', async () => {
    const { url, drop } = await listen();
    expect(url).toBe('ws://venue/private/ws/listen');
    expect(wire.events).toEqual([{ kind: 'gap', traderId: TRADER }]);
    drop();
    await wire.clock.advance(500);
    wire.sockets.at(-1)?.events.open();
    expect(wire.events).toHaveLength(2);
  });

  test('tells fill and order of one event, with the trade number that reading tells too', async () => {
    const { hear } = await listen();
    await hear(orderEvent());
    expect(wire.events.slice(1)).toMatchObject([
      { kind: 'fill', fill: { clientOrderId: CLIENT_ID, tradeId: 'BTCUSDT-11', fee: '2.5', quantity: '0.1' } },
      { kind: 'order', order: { state: 'filled', averagePrice: '49990.5', venueOrderId: '5' } },
    ]);
  });

  test('tells the fill of a fired trigger under the client id of the trigger', async () => {
    const { hear } = await listen();
    wire.answers['GET /fapi/v1/algoOrder'] = () => ok(algoOrder({ algoStatus: 'FINISHED', actualOrderId: '9' }));
    wire.answers['GET /fapi/v1/order'] = ({ orderId }) =>
      orderId === '9' ? ok(wireOrder({ orderId: 9, type: 'MARKET' })) : refusal(-2013, 'No.');
    await hear({ e: 'ALGO_UPDATE', E: wire.clock.now(), o: { caid: CLIENT_ID, aid: 7, s: 'BTCUSDT', X: 'TRIGGERED', ai: '9' } });
    await hear(orderEvent({ c: 'venue-made', i: 9, o: 'MARKET' }));
    expect(wire.events.slice(1)).toMatchObject([
      { kind: 'order', order: { venueOrderId: 'algo-7' } },
      { kind: 'fill', fill: { clientOrderId: CLIENT_ID } },
      { kind: 'order', order: { venueOrderId: 'algo-7', state: 'filled' } },
    ]);
  });

  test('reads funding when the account tells that it was paid', async () => {
    const { hear } = await listen();
    wire.answers['GET /fapi/v1/income'] = () => ok([{ symbol: 'BTCUSDT', income: '-1.5', time: wire.clock.now(), tranId: 1 }]);
    wire.answers['GET /fapi/v1/fundingRate'] = () => ok([]);
    await hear({ e: 'ACCOUNT_UPDATE', E: wire.clock.now(), a: { m: 'FUNDING_FEE', B: [] } });
    await hear({ e: 'ACCOUNT_UPDATE', E: wire.clock.now(), a: { m: 'ORDER', B: [], P: [] } });
    expect(wire.events.slice(1)).toMatchObject([{ kind: 'funding', funding: { amount: '-1.5' } }]);
  });

  test('tells a gap when an event cannot be read', async () => {
    const { hear } = await listen();
    await hear({ e: 'ORDER_TRADE_UPDATE', o: {} });
    await hear({ e: 'SOMETHING_NEW' });
    expect(wire.events.map(({ kind }) => kind)).toEqual(['gap', 'gap']);
  });

  test('keeps its key alive, and takes a new one when it has ended', async () => {
    const { hear } = await listen();
    await hear({ e: 'listenKeyExpired', E: wire.clock.now(), listenKey: 'listen' });
    await wire.clock.advance(500);
    expect(wire.calls.filter((call) => call === 'POST /fapi/v1/listenKey')).toHaveLength(2);
    await wire.clock.advance(30 * 60_000);
    expect(wire.calls).toContain('PUT /fapi/v1/listenKey');
  });

  test('ends with the venue', async () => {
    await listen();
    await venue.stop();
    await wire.clock.advance(60_000);
    expect(wire.clock.waiting).toBe(0);
  });
});
