import { startVenueServer, type VenueServer } from '../server/venue-server.ts';
import { type HyperliquidOptions, HyperliquidVenue } from './hyperliquid-venue.ts';

/** A Hyperliquid on a loopback port. `dialect.venue` is the engine: move prices and inject faults there. */
export interface HyperliquidServer extends VenueServer {
  readonly dialect: HyperliquidVenue;
}

/** Serves `/info`, `/exchange` and `/ws` on 127.0.0.1. With `dialect` a venue of before goes on, as after a restart. */
export async function startHyperliquidVenue(
  options: HyperliquidOptions & { readonly port?: number },
  dialect: HyperliquidVenue = new HyperliquidVenue(options),
): Promise<HyperliquidServer> {
  return { ...(await startVenueServer(dialect, options.port ?? 0)), dialect };
}
