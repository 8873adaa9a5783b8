import { readFileSync } from 'node:fs';
import { decimal, symbol } from '@hyperoru/domain';
import { beforeAll, describe, expect, it } from 'vitest';
import { cloidOf, orderAction, testHyperliquid, wireOrder, wireProfit, wireStop } from './test-hyperliquid.ts';
import { MASTER } from './test-wallet.ts';

type Json = Readonly<Record<string, unknown>>;

interface Pair {
  readonly cassette: string;
  readonly request: { readonly type: string } & Json;
  readonly response: unknown;
}

const { pairs }: { pairs: readonly Pair[] } = JSON.parse(
  readFileSync(new URL('../vectors/hyperliquid-info-recorded.json', import.meta.url), 'utf8'),
);

/** Answers that this venue gives; the others are about staking, vaults and sub-accounts. */
const COMPARED = [
  'extraAgents',
  'allMids',
  'meta',
  'candleSnapshot',
  'frontendOpenOrders',
  'l2Book',
  'openOrders',
  'userFills',
  'userFillsByTime',
  'clearinghouseState',
  'historicalOrders',
  'portfolio',
  'userFunding',
  'userRateLimit',
  'userRole',
];

/** Keys the real venue had when it was recorded and has dropped since, or shows only for some accounts. */
const DROPPED = new Set(['maxTradeSzs', 'nSamples']);

/** The shape of a value: number texts are told from other texts, rows of a list are laid over each other. */
function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.map(shapeOf).reduce((merged, next) => overlay(merged, next), undefined as unknown);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? 'number text' : /^0x/.test(value) ? 'hex' : 'text';
  return typeof value;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function overlay(a: unknown, b: unknown): unknown {
  if (a === undefined || a === 'null') return b;
  if (!isObject(a) || !isObject(b)) return a;
  return Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, overlay(a[key], b[key])]));
}

/** Paths of the recorded shape that ours lacks or types otherwise. */
function differences(recorded: unknown, ours: unknown, path = ''): readonly string[] {
  if (recorded === undefined || recorded === 'null' || ours === 'null') return [];
  if (isObject(recorded) && isObject(ours)) {
    return Object.entries(recorded).flatMap(([key, value]) =>
      DROPPED.has(key) ? [] : key in ours ? differences(value, ours[key], `${path}.${key}`) : [`${path}.${key} is missing`],
    );
  }
  return recorded === ours ? [] : [`${path} is ${String(ours)}, was ${String(recorded)}`];
}

describe('recorded answers of mainnet', () => {
  const desk = testHyperliquid({ prices: { BTC: '50000', ETH: '2500.5', SOL: '150.25' } });

  beforeAll(() => {
    const gtc = { t: { limit: { tif: 'Gtc' } } };
    desk.send(orderAction(wireOrder({ c: cloidOf(1) }), wireStop('48000', { c: cloidOf(2) }), wireProfit('52000')));
    desk.send(orderAction(wireOrder({ p: '49000', ...gtc, c: cloidOf(3) }), wireOrder({ p: '48500', ...gtc })));
    desk.send(orderAction(wireOrder({ b: false, p: '49000', s: '0.02', r: true, c: cloidOf(4) })));
    desk.send({ ...orderAction(wireOrder({ p: '47000', ...gtc }), wireStop('46000')), grouping: 'normalTpsl' });
    desk.pass(3_600_000);
    desk.venue.movePrice(symbol('BTC'), { mark: decimal('50100') });
  });

  it('hold every kind of answer that is compared', () => {
    const types = new Set(pairs.map((pair) => pair.request.type));
    for (const type of COMPARED) expect(types).toContain(type);
  });

  it.each(pairs.filter((pair) => COMPARED.includes(pair.request.type)).map((pair) => [pair.request.type, pair] as const))(
    'have no key or type in %s that this venue lacks',
    (type, { request, response }) => {
      const fields: Record<string, unknown> = { ...request, user: MASTER };
      if (type === 'l2Book') fields['coin'] = 'BTC';
      if (type === 'candleSnapshot') fields['req'] = { coin: 'BTC', interval: '1h', startTime: 0, endTime: desk.now() };
      if ('startTime' in fields) Object.assign(fields, { startTime: 0, endTime: desk.now() });
      const ours = desk.info(type, fields);
      // Coins are keys here; their values are what has a shape.
      const compared = type === 'allMids' ? [Object.values(response as Json), Object.values(ours)] : [response, ours];
      expect(compared[1]).not.toEqual([]);
      expect(differences(shapeOf(compared[0]), shapeOf(compared[1]))).toEqual([]);
    },
  );

  it('keep the order in which lists stand: fills newest first, ranges oldest first', () => {
    const times = (type: string) => desk.info(type, { startTime: 0 }).map((row: { tid: number }) => row.tid);
    expect(times('userFills')).toEqual([...times('userFillsByTime')].reverse());
  });
});
