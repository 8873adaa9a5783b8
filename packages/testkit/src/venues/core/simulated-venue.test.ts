import { decimal, symbol, type Timestamp, timestamp } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { venueInstrument } from './instruments.ts';
import { limitTicket, marketTicket, stopTicket, testVenue } from './test-venue.ts';

const BTC = symbol('BTC');

describe('the simulated venue', () => {
  it('charges the taker fee and pays funding at the full hour', () => {
    const { venue, pass } = testVenue({ book: { halfSpreadBps: decimal('0') } });
    const placed = venue.place('a', marketTicket('buy', '0.1'));
    expect(placed).toMatchObject({ kind: 'accepted', order: { status: 'filled', averagePrice: '50000.1' } });
    expect(venue.fillsOf('a')[0]).toMatchObject({ fee: '2.2500045', startPosition: '0', liquidity: 'taker' });
    pass(3_600_000);
    venue.catchUp();
    expect(venue.fundingOf('a')).toMatchObject([{ symbol: 'BTC', amount: '-0.0625', rate: '0.0000125', quantity: '0.1' }]);
  });
});
