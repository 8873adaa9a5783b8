import { type Decimal, decimal, type OrderSide, symbol, type Timestamp, timestamp } from '@hyperoru/domain';
import { venueInstrument } from './instruments.ts';
import type { VenueOrderTicket } from './records.ts';
import { SimulatedVenue, type VenueOptions } from './simulated-venue.ts';

/** 2026-01-01T00:30:00Z: half an hour from the funding boundaries on both sides. */
const START = 1_767_227_400_000;

/** A venue with BTC at 50,000 and ETH at 2,500, one account `a` of 10,000, and a clock that moves by `pass`. */
export function testVenue(
  changes: Partial<VenueOptions> & {
    readonly book?: Parameters<typeof venueInstrument>[1]['book'];
    readonly deposit?: string;
    readonly fundingEveryHours?: number;
  } = {},
): { readonly venue: SimulatedVenue; readonly pass: (ms: number) => void; readonly now: () => Timestamp } {
  let time = START;
  const { book = {}, deposit = '10000', fundingEveryHours = 1, ...options } = changes;
  const now = () => timestamp(time);
  const venue = new SimulatedVenue({
    now,
    instruments: [
      venueInstrument('BTC', { book }, { fundingEveryHours }),
      venueInstrument('ETH', { sizeIncrement: decimal('0.0001'), leverageMax: 25, book }),
    ],
    prices: { BTC: '50000', ETH: '2500' },
    ...options,
  });
  venue.deposit('a', decimal(deposit));
  return {
    venue,
    now,
    pass: (ms) => {
      time += ms;
    },
  };
}

type Changes = Partial<VenueOrderTicket>;

export const marketTicket = (side: OrderSide, quantity: string, changes: Changes = {}): VenueOrderTicket => ({
  clientOrderId: null,
  symbol: symbol('BTC'),
  side,
  type: { kind: 'market' },
  quantity: decimal(quantity),
  reduceOnly: false,
  ...changes,
});

export const limitTicket = (side: OrderSide, quantity: string, price: string, changes: Changes = {}): VenueOrderTicket =>
  marketTicket(side, quantity, { type: { kind: 'limit', price: decimal(price), timeInForce: 'gtc' }, ...changes });

/** A reduce-only stop-loss. */
export const stopTicket = (side: OrderSide, quantity: string, triggerPrice: string, changes: Changes = {}): VenueOrderTicket =>
  triggerTicket('stop_loss', side, quantity, decimal(triggerPrice), changes);

export const profitTicket = (side: OrderSide, quantity: string, triggerPrice: string, changes: Changes = {}): VenueOrderTicket =>
  triggerTicket('take_profit', side, quantity, decimal(triggerPrice), changes);

const triggerTicket = (
  trigger: 'stop_loss' | 'take_profit',
  side: OrderSide,
  quantity: string,
  triggerPrice: Decimal,
  changes: Changes,
): VenueOrderTicket => marketTicket(side, quantity, { type: { kind: 'trigger', trigger, triggerPrice }, reduceOnly: true, ...changes });
