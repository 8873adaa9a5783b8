import type { TraderId } from '@hyperoru/domain';
import { createKeyedMutex, VenueUnavailable } from '@hyperoru/engine';
import { KnownOrders } from './known-orders.ts';
import { localSigner, type Signer } from './signer.ts';

/** What a trader needs on Binance: a key that may trade futures and nothing else. */
export interface BinanceCredentials {
  readonly apiKey: string;
  /** The secret of an HMAC key, or the private key of an Ed25519 or RSA key in PEM; becomes a signer at once and is kept nowhere else. */
  readonly secret: string;
}

export interface BinanceAccount {
  readonly traderId: TraderId;
  readonly signer: Signer;
  readonly known: KnownOrders;
  /** True when the request's number is new; the venue has no such numbers, so each is taken at most once here. */
  readonly takeNonce: (nonce: number) => boolean;
  /** Runs work on one symbol's leverage after the work before it. */
  readonly inLeverageLane: <T>(symbol: string, work: () => Promise<T>) => Promise<T>;
}

/** Numbers of requests that are remembered of an account. */
const NONCES_MAX = 1_000;

/** Accounts by trader; each is made from its credentials once and forgotten when closed. */
export class Accounts {
  readonly #credentialsOf: (traderId: TraderId) => Promise<BinanceCredentials | null>;
  readonly #open = new Map<TraderId, Promise<BinanceAccount>>();

  constructor(credentialsOf: (traderId: TraderId) => Promise<BinanceCredentials | null>) {
    this.#credentialsOf = credentialsOf;
  }

  /** Throws VenueUnavailable when there are no usable credentials. */
  async get(traderId: TraderId): Promise<BinanceAccount> {
    const known = this.#open.get(traderId);
    if (known !== undefined) return known;
    const made = this.#make(traderId);
    this.#open.set(traderId, made);
    made.catch(() => this.#open.delete(traderId));
    return made;
  }

  forget(traderId: TraderId): void {
    this.#open.delete(traderId);
  }

  async #make(traderId: TraderId): Promise<BinanceAccount> {
    const credentials = await this.#credentialsOf(traderId).catch((error: unknown) => {
      throw new VenueUnavailable('The credentials of this trader cannot be read.', { cause: error });
    });
    if (credentials === null) throw new VenueUnavailable('This trader has no credentials for Binance.');
    return { traderId, signer: signerOf(credentials), known: new KnownOrders(), takeNonce: nonces(), inLeverageLane: createKeyedMutex() };
  }
}

function signerOf({ apiKey, secret }: BinanceCredentials): Signer {
  try {
    return localSigner(apiKey, secret);
  } catch (error) {
    throw new VenueUnavailable('The secret of this trader is no private key.', { cause: error });
  }
}

function nonces(): (nonce: number) => boolean {
  const taken = new Set<number>();
  return (nonce) => {
    if (taken.has(nonce)) return false;
    taken.add(nonce);
    for (const oldest of taken) {
      if (taken.size <= NONCES_MAX) break;
      taken.delete(oldest);
    }
    return true;
  };
}
