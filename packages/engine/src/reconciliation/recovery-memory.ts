import type { OrderId, SeenDifference, Timestamp, TraderId } from '@hyperoru/domain';

/** Negative reads of an order that is being looked for. */
export interface NegativeReads {
  readonly count: number;
  readonly lastAt: Timestamp;
}

export type UnknownEvidence = Map<OrderId, NegativeReads>;

/** What this process remembers between two looks at a venue; a restart begins with what the records say, which only takes longer. */
export interface RecoveryMemory {
  /** Orders that are being looked for. */
  readonly evidence: UnknownEvidence;
  /** From when fills and funding of a trader have to be read. */
  readonly readFrom: Map<TraderId, Timestamp>;
  /** When doubted orders of a trader were asked for last. */
  readonly sweptAt: Map<TraderId, Timestamp>;
  /** Differences between records and venue that are not settled yet. */
  readonly differences: Map<TraderId, readonly SeenDifference[]>;
  /** Traders with an open question, to be looked at again soon. */
  readonly restless: Set<TraderId>;
}

export const newRecoveryMemory = (): RecoveryMemory => ({
  evidence: new Map(),
  readFrom: new Map(),
  sweptAt: new Map(),
  differences: new Map(),
  restless: new Set(),
});
