import { asId, decimal, type Symbol, symbol, type UserId } from '@hyperoru/domain';
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

const SOL = symbol('SOL');
const BTC_PRICE = '50000';
const ETH_PRICE = '3000';

/** A pipeline without a database and a network, and its two ends. */
export interface MemoryPipeline {
  readonly pipeline: Pipeline;
  readonly venue: SimulatedVenue;
  /** Runs at each named point of the store, see MemoryProcessOptions; what it throws is an error of the database. */
  onStoreCall: (point: string) => Promise<void> | void;
  close(): Promise<void>;
}

/** The engine on the store in memory and the simulated venue; BTC stands at 50,000, ETH at 3,000, and SOL is listed without a price. */
export async function openMemoryPipeline(): Promise<MemoryPipeline> {
  const ids = seededIds('pipeline');
  const clock = new FakeClock();
  const instruments = [
    instrumentOf(BTC, { tick: '0.5', lot: '0.0001', halfSpreadBps: '0.5' }),
    instrumentOf(ETH, { tick: '0.05', lot: '0.001', halfSpreadBps: '1' }),
    instrumentOf(SOL, { tick: '0.01', lot: '0.01', halfSpreadBps: '1' }),
  ];
  const rules = new Map(instruments.map((each) => [each.rules.instrument.symbol, each.rules]));
  const market = new ScriptedMarket({ rules, clock });
  const prices = { [BTC]: BTC_PRICE, [ETH]: ETH_PRICE };
  const venue = new SimulatedVenue({ now: () => clock.now(), instruments, prices, clientIds: 'unique_for_ever' });
  const onCall = (point: string): Promise<void> | void => opened.onStoreCall(point);
  const { store, readModel, jobs } = new MemoryDatabase({ ids }).open({ clock, log: memoryLog(), onCall });
  const records = { store, readModel, jobs, close: async () => undefined };
  const pipeline = new Pipeline({ opened: records, ids, clock, market, venue: new SimulatedExchange(venue, market) });
  const opened: MemoryPipeline = { pipeline, venue, onStoreCall: () => undefined, close: () => pipeline.close() };
  await pipeline.records.insertOwner(asId<UserId>(ids.uuid()), clock.now());
  await pipeline.price(BTC_PRICE);
  await pipeline.price(ETH_PRICE, ETH);
  return opened;
}

const instrumentOf = (name: Symbol, values: { readonly tick: string; readonly lot: string; readonly halfSpreadBps: string }) =>
  venueInstrument(name, {
    priceIncrement: decimal(values.tick),
    sizeIncrement: decimal(values.lot),
    quantityMin: decimal(values.lot),
    leverageMax: 50,
    maintenanceMarginRate: decimal('0.01'),
    book: {
      halfSpreadBps: decimal(values.halfSpreadBps),
      levelStepBps: decimal('1'),
      levelNotional: decimal('50000'),
      triggerSlippageBps: decimal('2'),
      liquidationSlippageBps: decimal('10'),
    },
  });
