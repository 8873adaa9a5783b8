import type { TraderId } from '@hyperoru/domain';
import { type Clock, createKeyedMutex, VenueUnavailable } from '@hyperoru/engine';
import { FillTally } from './fill-tally.ts';
import { SideNonces } from './nonces.ts';
import { localWallet, type Wallet } from './signer.ts';

/** What a trader needs on Hyperliquid: the account that is traded and the key of an agent that may trade it. */
export interface HyperliquidCredentials {
  /** 0x and 40 hex digits: the master or sub-account. Every question is asked about it, never about the agent. */
  readonly accountAddress: string;
  /** 0x and 64 hex digits; becomes a wallet at once and is kept nowhere else. */
  readonly agentKey: string;
}

export interface HyperliquidAccount {
  readonly traderId: TraderId;
  /** Lower case. */
  readonly address: string;
  readonly wallet: Wallet;
  readonly nonces: SideNonces;
  readonly tally: FillTally;
  /** Runs work on one coin's leverage after the work before it. */
  readonly inLeverageLane: <T>(coin: string, work: () => Promise<T>) => Promise<T>;
}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Accounts by trader; each is made from its credentials once and forgotten when closed. */
export class Accounts {
  readonly #credentialsOf: (traderId: TraderId) => Promise<HyperliquidCredentials | null>;
  readonly #clock: Clock;
  readonly #open = new Map<TraderId, Promise<HyperliquidAccount>>();

  constructor(credentialsOf: (traderId: TraderId) => Promise<HyperliquidCredentials | null>, clock: Clock) {
    this.#credentialsOf = credentialsOf;
    this.#clock = clock;
  }

  /** Throws VenueUnavailable when there are no usable credentials. */
  async get(traderId: TraderId): Promise<HyperliquidAccount> {
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

  async #make(traderId: TraderId): Promise<HyperliquidAccount> {
    const credentials = await this.#credentialsOf(traderId).catch((error: unknown) => {
      throw new VenueUnavailable('The credentials of this trader cannot be read.', { cause: error });
    });
    if (credentials === null) throw new VenueUnavailable('This trader has no credentials for Hyperliquid.');
    if (!ADDRESS.test(credentials.accountAddress)) throw new VenueUnavailable('The account address is not 0x and 40 hex digits.');
    return {
      traderId,
      address: credentials.accountAddress.toLowerCase(),
      wallet: walletOf(credentials.agentKey),
      nonces: new SideNonces(this.#clock),
      tally: new FillTally(),
      inLeverageLane: createKeyedMutex(),
    };
  }
}

function walletOf(agentKey: string): Wallet {
  try {
    return localWallet(agentKey);
  } catch (error) {
    throw new VenueUnavailable('The agent key of this trader is no private key.', { cause: error });
  }
}
