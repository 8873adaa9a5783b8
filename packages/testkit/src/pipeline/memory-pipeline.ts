import { asId, decimal, type Symbol, type UserId } from '@hyperoru/domain';
import { BTC, ETH } from '../factories/market.ts';
import { MemoryDatabase } from '../memory-store/database.ts';
import { ScriptedMarket } from '../paper/scripted-market.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { memoryLog } from '../system/memory-log.ts';
import { seededIds } from '../system/seeded-ids.ts';
import { venueInstrument } from '../venues/core/instruments.ts';
import { SimulatedExchange } from '../venues/core/simulated-exchange.ts';
import { SimulatedVenue } from '../venues/core/simulated-venue.ts';
import { Pipeline } from './pipeline.ts';

const BTC_PRICE = '50000';
const ETH_PRICE = '3000';

/** The engine on the store in memory and the simulated venue; BTC stands at 50,000, ETH at 3,000. */
export async function openMemoryPipeline(): Promise<{ readonly pipeline: Pipeline; close(): Promise<void> }> {
  const ids = seededIds('pipeline');
  const clock = new FakeClock();
  const instruments = [instrumentOf(BTC, '0.5', '0.0001', '0.5'), instrumentOf(ETH, '0.05', '0.001', '1')];
  const rules = new Map(instruments.map((each) => [each.rules.instrument.symbol, each.rules]));
  const market = new ScriptedMarket({ rules, clock });
  const venue = new SimulatedVenue({
    now: () => clock.now(),
    instruments,
    prices: { [BTC]: BTC_PRICE, [ETH]: ETH_PRICE },
    clientIds: 'unique_for_ever',
  });
  const { store, readModel, jobs } = new MemoryDatabase({ ids }).open({ clock, log: memoryLog() });
  const opened = { store, readModel, jobs, close: async () => undefined };
  const pipeline = new Pipeline({ opened, ids, clock, market, venue: new SimulatedExchange(venue, market) });
  await pipeline.records.insertOwner(asId<UserId>(ids.uuid()), clock.now());
  await pipeline.price(BTC_PRICE);
  await pipeline.price(ETH_PRICE, ETH);
  return { pipeline, close: () => pipeline.close() };
}

const instrumentOf = (name: Symbol, priceIncrement: string, sizeIncrement: string, halfSpreadBps: string) =>
  venueInstrument(name, {
    priceIncrement: decimal(priceIncrement),
    sizeIncrement: decimal(sizeIncrement),
    quantityMin: decimal(sizeIncrement),
    leverageMax: 50,
    maintenanceMarginRate: decimal('0.01'),
    book: {
      halfSpreadBps: decimal(halfSpreadBps),
      levelStepBps: decimal('1'),
      levelNotional: decimal('50000'),
      triggerSlippageBps: decimal('2'),
      liquidationSlippageBps: decimal('10'),
    },
  });
