import type { Environment, Trader, Venue } from '@hyperoru/domain';
import type { OrdersInFlight } from './execution/orders-in-flight.ts';
import type { Clock } from './ports/clock.ts';
import type { ExchangePort } from './ports/exchange.ts';
import type { Ids } from './ports/ids.ts';
import type { LanguageModelPort } from './ports/language-model.ts';
import type { Log } from './ports/log.ts';
import type { MarketDataPort } from './ports/market-data.ts';
import type { Notifier } from './ports/notifier.ts';
import type { PasswordHasher } from './ports/password-hasher.ts';
import type { PromptRenderer } from './ports/prompt-renderer.ts';
import type { ReadModel } from './ports/read-model.ts';
import type { Secrets } from './ports/secrets.ts';
import type { Store } from './ports/store.ts';
import type { CardCache } from './traders/card-cache.ts';

/** One venue in one environment: where to trade and where its prices come from. */
export interface VenueConnection {
  readonly exchange: ExchangePort;
  readonly market: MarketDataPort;
  readonly quoteCurrency: string;
  /** Sentences that qualify its results; empty for a real venue. */
  readonly modelLimits: readonly string[];
  readonly startBalance: string;
}

/** What use cases may use; built once by the server's wiring. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: Store;
  readonly readModel: ReadModel;
  readonly secrets: Secrets;
  readonly passwords: PasswordHasher;
  readonly model: LanguageModelPort;
  readonly renderer: PromptRenderer;
  readonly notifier: Notifier;
  /** null when this version or configuration does not offer it. */
  venue(venue: Venue, environment: Environment): VenueConnection | null;
  /** Base URLs of the built-in scripted model; a trader on one is labelled as scripted. */
  isScriptedBaseUrl(baseUrl: string): boolean;
  /** One sentence when the operator's endpoint policy forbids the URL, else null; and its origin for binding keys. */
  checkBaseUrl(baseUrl: string): { readonly problem: string | null; readonly origin: string; readonly needsApiKey: boolean };
  /** Exact cost in USD as decimal text; null when the model's price is unknown. */
  modelPriceUsd(model: string, usage: { readonly promptTokens: number; readonly completionTokens: number }): string | null;
  /** Orders this process is sending; their events wait for the sender. */
  readonly inFlight: OrdersInFlight;
  /** Serialises short work under one key inside this process, e.g. the bookings of one trader. Not re-entrant. */
  readonly mutex: <T>(key: string, work: () => Promise<T>) => Promise<T>;
  /** Keeps the stored part of traders' cards in memory; absent = every card is read from the store. */
  readonly cards?: CardCache;
}

/** Where the trader trades; null when it has no exchange yet, or one that this version or configuration does not offer. */
export const connectionOf = (deps: Pick<EngineDeps, 'venue'>, { exchange }: Pick<Trader, 'exchange'>): VenueConnection | null =>
  exchange === null ? null : deps.venue(exchange.venue, exchange.environment);
