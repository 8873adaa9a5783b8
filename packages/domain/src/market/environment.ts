/** The exchange a trader trades on. */
export const VENUES = ['paper', 'hyperliquid', 'binance'] as const;
export type Venue = (typeof VENUES)[number];

/** Which money is at stake. Shown on every page and in every record. */
export const ENVIRONMENTS = ['paper', 'testnet', 'mainnet'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
