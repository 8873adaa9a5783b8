import { type Clock, VenueUnavailable, within } from '@hyperoru/engine';
import { z } from 'zod';
import { type Answer, type HttpAnswer, readAnswer, readFailure } from './answer.ts';
import { isOutsideWindow } from './refusals.ts';
import { type Parameters, queryOf, type Signer } from './signer.ts';
import { VenueClock } from './venue-clock.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Carries one request and brings one answer, whatever its status; throws only when there is none. Never repeats a request. */
export type HttpTransport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;

/** A request that takes longer has no answer; its fate is looked up. */
const ANSWER_MS_MAX = 4_000;
/** How long the venue may take a request that is no order. */
const WINDOW_MS = 5_000;
/** The venue takes no longer window. */
const WINDOW_MS_MAX = 60_000;

interface Call {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly parameters?: Parameters;
  /** Last moment of the venue's clock at which it may take the request; for orders. */
  readonly deadline?: number;
}

/** Signed and public requests over any transport. */
export class BinanceApi {
  readonly #baseUrl: string;
  readonly #transport: HttpTransport;
  readonly #clock: Clock;
  readonly #venueClock: VenueClock;

  constructor({ baseUrl, transport, clock }: { readonly baseUrl: string; readonly transport: HttpTransport; readonly clock: Clock }) {
    this.#baseUrl = baseUrl;
    this.#transport = transport;
    this.#clock = clock;
    this.#venueClock = new VenueClock(clock, async () => {
      const { serverTime } = await this.readPublic('/fapi/v1/time', {}, z.object({ serverTime: z.number().int() }));
      return serverTime;
    });
  }

  /** Throws VenueUnavailable when no answer comes or it has not the expected form. */
  async readPublic<S extends z.ZodType>(path: string, parameters: Parameters, schema: S): Promise<z.output<S>> {
    return parsed(path, await this.#send({ method: 'GET', url: this.#url(path, queryOf(parameters)), headers: {} }), schema);
  }

  /** A question about an account. Throws VenueUnavailable when no answer comes, it is a refusal or has not the expected form. */
  async read<S extends z.ZodType>(signer: Signer, path: string, parameters: Parameters, schema: S): Promise<z.output<S>> {
    return parsed(path, await this.ask(signer, path, parameters), schema);
  }

  /** A question whose refusal is an answer too; asked once more when the venue finds our clock wrong. */
  async ask(signer: Signer, path: string, parameters: Parameters): Promise<Answer> {
    const call: Call = { method: 'GET', path, parameters };
    const answer = await this.act(signer, call);
    return answer.kind === 'refused' && isOutsideWindow(answer.code) ? this.act(signer, call) : answer;
  }

  /** Signs and sends one request, once. Never throws. */
  async act(signer: Signer, { method, path, parameters = {}, deadline }: Call): Promise<Answer> {
    let request: HttpRequest;
    try {
      const now = await this.#venueClock.now();
      // The window ends at the deadline itself, so the venue refuses the order from then on, however late it arrives.
      const timestamp = deadline === undefined ? now : Math.min(now, deadline - 1);
      const recvWindow = deadline === undefined ? WINDOW_MS : Math.min(WINDOW_MS_MAX, deadline - timestamp);
      if (deadline !== undefined && now > deadline)
        return { kind: 'refused', code: -1021, text: 'The deadline had passed before it could be sent' };
      const query = queryOf({ ...parameters, recvWindow, timestamp });
      const signed = `${query}&signature=${await signer.sign(query)}`;
      request = { method, url: this.#url(path, signed), headers: { 'X-MBX-APIKEY': signer.apiKey } };
    } catch (error) {
      if (error instanceof VenueUnavailable) return { kind: 'not_sent', cause: error.message };
      return { kind: 'not_sent', cause: 'The request could not be signed.' };
    }
    const answer = await this.#send(request);
    if (answer.kind === 'refused' && isOutsideWindow(answer.code)) await this.#venueClock.measure().catch(() => undefined);
    return answer;
  }

  /** A request that needs the key and no signature. Never throws. */
  keyed(signer: Signer, method: HttpRequest['method'], path: string): Promise<Answer> {
    return this.#send({ method, url: this.#url(path, ''), headers: { 'X-MBX-APIKEY': signer.apiKey } });
  }

  async #send(request: HttpRequest): Promise<Answer> {
    try {
      return readAnswer(await within(this.#clock, ANSWER_MS_MAX, (signal) => this.#transport(request, signal)));
    } catch (error) {
      return readFailure(error);
    }
  }

  #url(path: string, query: string): string {
    return `${this.#baseUrl}${path}${query === '' ? '' : `?${query}`}`;
  }
}

function parsed<S extends z.ZodType>(path: string, answer: Answer, schema: S): z.output<S> {
  if (answer.kind !== 'done') throw new VenueUnavailable(`Binance did not answer ${path}: ${wordsOf(answer)}`);
  const read = schema.safeParse(answer.data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new VenueUnavailable(`Binance answered ${path} in an unknown form: ${issue?.path.join('.')} ${issue?.message}`);
}

/** One line on an answer that is none. */
export function wordsOf(answer: Exclude<Answer, { kind: 'done' }>): string {
  if (answer.kind === 'refused') return `${answer.code} ${answer.text}`;
  return answer.kind === 'rate_limited' ? `rate limited, ${answer.text}` : answer.cause;
}
