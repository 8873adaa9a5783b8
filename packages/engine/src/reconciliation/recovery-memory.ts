import { isWithinLast, type OrderId, type SeenDifference, type Timestamp, type TraderId } from '@hyperoru/domain';

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
  /** Traders whose venue did not answer their last rounds. */
  readonly silent: Map<TraderId, Silence>;
  /** When the funding of a trader was read last. */
  readonly fundingReadAt: Map<TraderId, Timestamp>;
}

/** Rounds in a row to which a venue gave no answer. */
export interface Silence {
  readonly rounds: number;
  readonly lastAt: Timestamp;
}

/** The pause doubles with every round in vain, up to this. */
const PAUSE_MS_MAX = 20_000;
const PAUSE_MS = 5_000;

/**
 * True while a trader's venue is left alone after rounds in vain. Many traders share one budget of requests: when all of them ask for
 * everything again every few seconds, a limit that was hit is hit for ever.
 */
export function isPausing({ silent }: RecoveryMemory, traderId: TraderId, now: Timestamp): boolean {
  const silence = silent.get(traderId);
  if (silence === undefined || silence.rounds < 2) return false;
  return isWithinLast(Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** (silence.rounds - 1)), silence.lastAt, now);
}

export const newRecoveryMemory = (): RecoveryMemory => ({
  evidence: new Map(),
  readFrom: new Map(),
  sweptAt: new Map(),
  differences: new Map(),
  restless: new Set(),
  silent: new Map(),
  fundingReadAt: new Map(),
});
