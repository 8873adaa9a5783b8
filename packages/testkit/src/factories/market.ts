import { addMs, decimal, type Instrument, type Quote, symbol } from '@hyperoru/domain';
import { FAKE_EPOCH } from '../system/fake-clock.ts';

export const BTC = symbol('BTC');
export const ETH = symbol('ETH');

/** A BTC perpetual: price step 0.5, size step 0.001, minimum notional 10, fees 0.05 % and 0.02 %. */
export function instrument(change: Partial<Instrument> = {}): Instrument {
  return {
    symbol: BTC,
    quoteCurrency: 'USDC',
    priceIncrement: decimal('0.5'),
    sizeIncrement: decimal('0.001'),
    quantityMin: decimal('0.001'),
    notionalMin: decimal('10'),
    leverageMax: 50,
    maintenanceMarginRate: decimal('0.005'),
    takerFeeRate: decimal('0.0005'),
    makerFeeRate: decimal('0.0002'),
    ...change,
  };
}

/** BTC at 50,000, one dollar wide, just arrived. */
export function quote(change: Partial<Quote> = {}): Quote {
  return {
    symbol: BTC,
    bid: decimal('49999.5'),
    ask: decimal('50000.5'),
    mark: decimal('50000'),
    marketTime: addMs(FAKE_EPOCH, -86_400_000),
    receivedAt: FAKE_EPOCH,
    ...change,
  };
}
