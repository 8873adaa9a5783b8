import { startVenueServer, type VenueServer } from '../server/venue-server.ts';
import { type BinanceOptions, BinanceVenue } from './binance-venue.ts';

/** A Binance USDⓈ-M venue on a loopback port. `dialect.venue` is the engine: move prices and inject faults there. */
export interface BinanceServer extends VenueServer {
  readonly dialect: BinanceVenue;
}

/** Serves `/fapi/*` and the routed streams on 127.0.0.1. With `dialect` a venue of before goes on, as after a restart. */
export async function startBinanceVenue(
  options: BinanceOptions & { readonly port?: number },
  dialect: BinanceVenue = new BinanceVenue(options),
): Promise<BinanceServer> {
  return { ...(await startVenueServer(dialect, options.port ?? 0)), dialect };
}
