import type { Json, Timestamp, TraderId } from '@hyperoru/domain';

/** One account of the paper venue; `state` is the venue's own format. */
export interface PaperAccountRow {
  readonly traderId: TraderId;
  readonly state: Json;
}

export interface PaperFillRow {
  readonly traderId: TraderId;
  readonly tradeId: string;
  readonly at: Timestamp;
  readonly body: Json;
}

export interface PaperFundingRow {
  readonly traderId: TraderId;
  readonly fundingId: string;
  readonly at: Timestamp;
  readonly body: Json;
}

/** An order as it stands; the newest row of a client order id counts, final orders stay for all time so that an id is never used twice. */
export interface PaperOrderRow {
  readonly traderId: TraderId;
  readonly clientOrderId: string;
  readonly at: Timestamp;
  readonly body: Json;
}

/** State of one market of the paper venue, e.g. the cursor of a replay. */
export interface PaperMarketRow {
  readonly id: string;
  readonly state: Json;
}

/** What one step of the venue changed. Accounts, orders and markets are inserted or replaced; a fill or funding known already is kept as it is. */
export interface PaperCommit {
  readonly accounts: readonly PaperAccountRow[];
  readonly orders: readonly PaperOrderRow[];
  readonly fills: readonly PaperFillRow[];
  readonly funding: readonly PaperFundingRow[];
  readonly market: readonly PaperMarketRow[];
}

/** Durable state of the paper venue, apart from the engine's own records: the venue must survive what the engine forgets. */
export interface PaperRows {
  loadAccounts(): Promise<readonly PaperAccountRow[]>;
  loadMarket(id: string): Promise<Json | null>;
  /** All or nothing; resolves after the commit is synced to disk. */
  commit(change: PaperCommit): Promise<void>;
  /** At or after the moment, oldest first, then by trade id. */
  fillsSince(traderId: TraderId, at: Timestamp): Promise<readonly PaperFillRow[]>;
  /** At or after the moment, oldest first, then by funding id. */
  fundingSince(traderId: TraderId, at: Timestamp): Promise<readonly PaperFundingRow[]>;
  /** The order's row by its id, open or final. */
  findOrder(traderId: TraderId, clientOrderId: string): Promise<PaperOrderRow | null>;
  /** Removes the account; orders, fills and funding stay readable. Idempotent. */
  deleteAccount(traderId: TraderId): Promise<void>;
}
