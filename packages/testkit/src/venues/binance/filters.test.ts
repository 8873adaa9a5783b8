import { decimal } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { VenueMarket } from '../core/venue-market.ts';
import { checkFilters, checkPrice, checkQuantity, type FilteredOrder } from './filters.ts';
import { BTCUSDT, instrumentOf, SymbolBook } from './symbols.ts';
import { TestClient } from './test-client.ts';

const symbols = new SymbolBook(new VenueMarket([instrumentOf(BTCUSDT)]), [BTCUSDT]);
const found = symbols.get('BTCUSDT');
if (found === null) throw new Error('Expected BTCUSDT.');
const BTC = found;
const PRICES = { mark: decimal('50000'), best: decimal('50001') };

const price = (text: string) => checkPrice(BTC, decimal(text))?.code;
const quantity = (text: string, isMarket = false) => checkQuantity(BTC, decimal(text), isMarket)?.code;
const order = (changes: Partial<FilteredOrder>): FilteredOrder => ({
  side: 'buy',
  quantity: decimal('0.01'),
  limit: decimal('50000'),
  reduceOnly: false,
  ...changes,
});
const filtered = (changes: Partial<FilteredOrder>, prices = PRICES) => checkFilters(BTC, order(changes), prices)?.code;

describe('PRICE_FILTER', () => {
  it('lets prices on the tick through, from the lowest to the highest', () => {
    expect(['0.1', '0.2', '50000', '999999.9', '1000000'].map(price)).toEqual(Array(5).fill(undefined));
  });

  it('refuses what is between two ticks with -4014', () => {
    expect(price('50000.05')).toBe(-4014);
    expect(price('50000.01')).toBe(-4014);
  });

  it('refuses below the lowest with -4013 and above the highest with -4002', () => {
    expect(price('0')).toBe(-4013);
    expect(price('0.09')).toBe(-4013);
    expect(price('1000000.1')).toBe(-4002);
  });

  it('refuses more digits than the precision with -1111', () => {
    expect(price('50000.001')).toBe(-1111);
    expect(price('50000.100')).toBeUndefined();
  });
});

describe('LOT_SIZE', () => {
  it('lets quantities on the step through, from the smallest to the largest', () => {
    expect(['0.001', '0.002', '1000'].map((text) => quantity(text))).toEqual(Array(3).fill(undefined));
  });

  it('refuses nothing and less with -4003, below the smallest with -4004, above the largest with -4005', () => {
    expect(quantity('0')).toBe(-4003);
    expect(quantity('-1')).toBe(-4003);
    expect(quantity('1000.001')).toBe(-4005);
  });

  it('refuses more digits than the precision with -1111', () => {
    expect(quantity('0.0005')).toBe(-1111);
    expect(quantity('0.0010')).toBeUndefined();
  });

  it('has a maximum of its own for market orders', () => {
    expect(quantity('120', true)).toBeUndefined();
    expect(quantity('120.001', true)).toBe(-4005);
    expect(quantity('120.001')).toBeUndefined();
  });

  it('refuses what is between two steps with -4023 and too little with -4004 once the step is coarser', () => {
    const client = new TestClient();
    client.venue.inject({
      kind: 'filter_change',
      symbol: BTC.name,
      change: { sizeIncrement: decimal('0.005'), quantityMin: decimal('0.005') },
    });
    const code = (text: string) => client.limit('BUY', text, '49000').body['code'];
    expect(code('0.006')).toBe(-4023);
    expect(code('0.004')).toBe(-4004);
    expect(code('0.01')).toBeUndefined();
    expect(client.raw('GET', '/fapi/v1/exchangeInfo').body['symbols']).toMatchObject([
      { symbol: 'BTCUSDT', filters: expect.arrayContaining([expect.objectContaining({ filterType: 'LOT_SIZE', stepSize: '0.005' })]) },
      { symbol: 'ETHUSDT' },
    ]);
  });
});

describe('MIN_NOTIONAL', () => {
  it('is price times quantity, at least 100', () => {
    expect(filtered({ quantity: decimal('0.002'), limit: decimal('50000') })).toBeUndefined();
    expect(filtered({ quantity: decimal('0.002'), limit: decimal('49999.9') })).toBe(-4164);
  });

  it('measures market orders by the mark', () => {
    expect(filtered({ quantity: decimal('0.002'), limit: null })).toBeUndefined();
    expect(filtered({ quantity: decimal('0.002'), limit: null }, { ...PRICES, mark: decimal('49999.9') })).toBe(-4164);
  });

  it('exempts what only reduces', () => {
    expect(filtered({ quantity: decimal('0.001'), reduceOnly: true })).toBeUndefined();
  });
});

describe('PERCENT_PRICE', () => {
  it('caps a buy at 105 % of the mark with -4016', () => {
    expect(filtered({ limit: decimal('52500') })).toBeUndefined();
    expect(filtered({ limit: decimal('52500.1') })).toBe(-4016);
    expect(filtered({ limit: decimal('40000') })).toBeUndefined();
  });

  it('floors a sell at 95 % of the mark with -4024', () => {
    expect(filtered({ side: 'sell', limit: decimal('47500') })).toBeUndefined();
    expect(filtered({ side: 'sell', limit: decimal('47499.9') })).toBe(-4024);
    expect(filtered({ side: 'sell', limit: decimal('60000') })).toBeUndefined();
  });

  it('measures market orders by the best price of the other side with -4131', () => {
    expect(filtered({ limit: null }, { ...PRICES, best: decimal('52500') })).toBeUndefined();
    expect(filtered({ limit: null }, { ...PRICES, best: decimal('52500.1') })).toBe(-4131);
    expect(filtered({ side: 'sell', limit: null }, { ...PRICES, best: decimal('47500') })).toBeUndefined();
    expect(filtered({ side: 'sell', limit: null }, { ...PRICES, best: decimal('47499.9') })).toBe(-4131);
  });
});
