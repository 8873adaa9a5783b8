import { addMs, type Decision, decimal, type Symbol, type TraderId } from '@hyperoru/domain';
import { type OwnerScope, ownerScope, placeManualOrder, type VenueConnection } from '@hyperoru/engine';
import type { Product } from '../apps/server/src/product.ts';
import type { WiringOverrides } from '../apps/server/src/wiring.ts';
import { liftLimits, MODEL_ORIGIN, startBenchProduct } from './bench-product.ts';
import { createTraders } from './people.ts';
import { BTC, openSimulated, type Simulated, type SimulatedSide } from './simulated-venue.ts';

/** How long an order of the baseline is valid, ms. */
const VALID_MS = 5_000;
const BASELINE_QUANTITY = decimal('0.01');

/** The whole product in this process, with traders that wait for orders by hand, and one more account for the baseline. */
export interface TradingFloor {
  readonly product: Product;
  readonly connection: VenueConnection;
  readonly scope: () => OwnerScope;
  readonly traderIds: readonly TraderId[];
  /** null on paper. */
  readonly side: SimulatedSide | null;
  /** An order by hand through the gate; throws unless it was executed. */
  order(traderId: TraderId, decision: Decision): Promise<void>;
  /** Milliseconds of one bare order through the adapter, on an account of its own: the entry it opens with, or its close. */
  bareOrder(kind: 'open' | 'close'): Promise<number>;
  close(): Promise<void>;
}

export async function openTradingFloor(venue: Simulated | 'paper', traders: number): Promise<TradingFloor> {
  let side: SimulatedSide | null = null;
  const overrides: WiringOverrides =
    venue === 'paper'
      ? {}
      : {
          openVenue: async (parts) => {
            const opened = await openSimulated(venue, parts);
            side = opened.side;
            return opened.connection;
          },
        };
  const { product, base, token, close } = await startBenchProduct(overrides);
  const { deps } = product;
  const model = (index: number): string => `bench-${index}`;
  const made = await createTraders(base, token, { count: traders + 1, model, baseUrl: `${MODEL_ORIGIN}/v1`, intervalSeconds: null });
  const [spare, ...traderIds] = made.map(({ traderId }) => traderId as TraderId);
  const connection = deps.venue('paper', 'paper');
  if (spare === undefined || connection === null) throw new Error('Expected a trader and a venue.');
  const userId = await liftLimits(product, [spare, ...traderIds]);
  const scope = (): OwnerScope => ownerScope(userId, deps.clock.now());
  let count = 0;
  return {
    product,
    connection,
    scope,
    traderIds,
    side,
    order: async (traderId, decision) => {
      count += 1;
      const placed = await placeManualOrder(deps, scope(), { traderId, key: `bench-${count}`, decision });
      if (!placed.ok) throw new Error(`${placed.error.code}: ${placed.error.message}`);
    },
    bareOrder: async (kind) => {
      const mark = connection.market.quote(BTC)?.mark;
      if (mark === undefined) throw new Error('Expected a price.');
      count += 1;
      const startedAt = performance.now();
      const outcome = await connection.exchange.placeOrder(spare, {
        clientOrderId: `0xbe${String(count).padStart(30, '0')}`,
        symbol: BTC,
        side: kind === 'open' ? 'buy' : 'sell',
        type: { kind: 'limit', price: decimal(Math.round(Number(mark) * (kind === 'open' ? 1.02 : 0.98)).toString()), timeInForce: 'ioc' },
        quantity: BASELINE_QUANTITY,
        reduceOnly: kind === 'close',
        leverage: 1,
        deadline: addMs(deps.clock.now(), VALID_MS),
        nonce: deps.clock.now() + count,
      });
      const took = performance.now() - startedAt;
      if (outcome.kind !== 'accepted') throw new Error(`Expected the venue to accept it, was ${JSON.stringify(outcome)}.`);
      return took;
    },
    close,
  };
}

/** An entry of a tenth of the balance with a stop at five percent. */
export const entry = (symbol: Symbol): Decision => ({
  operation: 'buy',
  symbol,
  portion: decimal('0.1'),
  leverage: 1,
  takeProfit: null,
  stopLoss: { kind: 'pct', pct: decimal('5') },
  maxPrice: null,
  minPrice: null,
  timeInForce: 'ioc',
  confidence: null,
  reason: 'Bench.',
});

export const closing = (symbol: Symbol): Decision => ({
  ...entry(symbol),
  operation: 'close',
  portion: null,
  leverage: null,
  stopLoss: null,
});
