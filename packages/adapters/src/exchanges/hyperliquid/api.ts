import { type Clock, VenueUnavailable, within } from '@hyperoru/engine';
import type { IRequestTransport } from '@nktkas/hyperliquid';
import { signL1Action } from '@nktkas/hyperliquid/signing';
import type { z } from 'zod';
import { type ActionAnswer, causeOf, readAnswer, readFailure } from './answer.ts';
import type { Wallet } from './signer.ts';

/** A request that takes longer has no answer; its fate is looked up. */
const ANSWER_MS_MAX = 4_000;

export interface ActionTerms {
  readonly nonce: number;
  /** Moment of the venue's clock after which it must refuse the action. */
  readonly expiresAfter?: number;
}

/** Reads and signed actions over any transport of the client library. */
export class HyperliquidApi {
  readonly #transport: IRequestTransport;
  readonly #clock: Clock;

  constructor(transport: IRequestTransport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Asks `/info`. Throws VenueUnavailable when no answer comes or it has not the expected form. */
  async info<S extends z.ZodType>(payload: { readonly type: string } & Readonly<Record<string, unknown>>, schema: S): Promise<z.output<S>> {
    const body = await this.#request('info', payload).catch((error: unknown) => {
      throw new VenueUnavailable(`Hyperliquid did not answer ${payload.type}: ${causeOf(error)}`, { cause: error });
    });
    const read = schema.safeParse(body);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new VenueUnavailable(`Hyperliquid answered ${payload.type} in an unknown form: ${issue?.path.join('.')} ${issue?.message}`);
  }

  /**
   * Signs and sends one action; the order of its keys is part of what is signed. Never throws and never sends twice. Unlike the
   * library's own calls it does not wait for requests of the same wallet that are still unanswered: a stop must not queue behind them.
   */
  async act(wallet: Wallet, action: Readonly<Record<string, unknown>>, { nonce, expiresAfter }: ActionTerms): Promise<ActionAnswer> {
    const { isTestnet } = this.#transport;
    const expiry = expiresAfter === undefined ? {} : { expiresAfter };
    let payload: unknown;
    try {
      payload = { action, nonce, signature: await signL1Action({ wallet, action, nonce, isTestnet, ...expiry }), ...expiry };
    } catch (error) {
      return { kind: 'not_sent', cause: `The request could not be signed: ${causeOf(error)}` };
    }
    try {
      return readAnswer(await this.#request('exchange', payload));
    } catch (error) {
      return readFailure(error);
    }
  }

  #request(endpoint: 'info' | 'exchange', payload: unknown): Promise<unknown> {
    return within(this.#clock, ANSWER_MS_MAX, (signal) => this.#transport.request<unknown>(endpoint, payload, signal));
  }
}
