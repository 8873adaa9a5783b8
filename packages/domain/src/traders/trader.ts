import type { TraderId, UserId } from '../ids/ids.ts';
import type { Environment, Venue } from '../market/environment.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** The language model a trader asks. The key itself is a secret and never part of this record. */
export interface LlmSettings {
  readonly model: string;
  /** As the person wrote it; the adapter maps it to the endpoint it calls. */
  readonly baseUrl: string;
  readonly hasApiKey: boolean;
  /** First 8 hex digits of the key's SHA-256; null without a key. */
  readonly keyFingerprint: string | null;
  /** True for the built-in scripted model: no real model decided. */
  readonly isScripted: boolean;
}

/** The venue account a trader trades on; credentials are secrets kept elsewhere. */
export interface ExchangeSettings {
  readonly venue: Venue;
  readonly environment: Environment;
}

/** The AI Trader: exchange account, model, limits; owner of bindings and of a history that outlives it. */
export interface Trader {
  readonly id: TraderId;
  readonly ownerId: UserId;
  readonly name: string;
  readonly description: string;
  readonly isActive: boolean;
  /** When it was last set active; a failure from before that moment no longer shows as its status. null = never. */
  readonly activatedAt: Timestamp | null;
  /** Raised by every pause, resume and delete; an order decided under an older generation is not sent. */
  readonly generation: number;
  /** Exits are managed, nothing is entered. */
  readonly isReduceOnly: boolean;
  readonly isDemo: boolean;
  readonly llm: LlmSettings | null;
  readonly exchange: ExchangeSettings | null;
  readonly risk: RiskLimits;
  readonly createdAt: Timestamp;
  readonly deletedAt: Timestamp | null;
}
