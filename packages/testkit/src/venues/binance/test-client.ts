import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { type Timestamp, timestamp } from '@hyperoru/domain';
import type { WireConnection, WireSession } from '../core/streams.ts';
import type { WireAnswer } from '../core/transport.ts';
import { type BinanceOptions, BinanceVenue } from './binance-venue.ts';

/** 2026-01-01T00:30:10Z: no boundary of a window or of funding is near. */
const START = 1_767_227_410_000;
export const API_KEY = 'a'.repeat(64);
export const ED25519_KEY = 'e'.repeat(64);
export const SECRET = 'secret of the test';
/** The key pair of RFC 8032, section 7.1, test 1. */
export const ED25519_PRIVATE_PEM =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n';
export const ED25519_PUBLIC_PEM =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n';
const IP = '127.0.0.1';

export type Json = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** What the venue answered, its body read. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The object of the answer; empty when it is a list. */
  readonly body: Json;
  /** The list of the answer; empty when it is an object. */
  readonly rows: readonly Json[];
}

/** A venue with account `a` of 10,000 USDT, a clock that stands still until `pass`, and a client that signs. */
export class TestClient {
  readonly dialect: BinanceVenue;
  readonly #secret: string;
  #time = START;
  apiKey = API_KEY;
  ip = IP;

  constructor(options: Partial<Omit<BinanceOptions, 'now'>> & { readonly secret?: string; readonly at?: number } = {}) {
    const { secret = SECRET, at = START, ...others } = options;
    this.#secret = secret;
    this.#time = at;
    const keys = [
      { apiKey: API_KEY, signing: { kind: 'hmac', secret } },
      { apiKey: ED25519_KEY, signing: { kind: 'ed25519', publicKeyPem: ED25519_PUBLIC_PEM } },
    ] as const;
    this.dialect = new BinanceVenue({ now: () => this.now(), accounts: [{ id: 'a', deposit: '10000', keys }], ...others });
  }

  get venue(): BinanceVenue['venue'] {
    return this.dialect.venue;
  }

  now(): Timestamp {
    return timestamp(this.#time);
  }

  pass(ms: number): void {
    this.#time += ms;
  }

  /** Sends a signed request at once and reads the answer; throws when none is carried back. */
  call(method: string, path: string, fields: Fields = {}): Told {
    return told(this.deliver(method, path, fields)());
  }

  /** Sends a signed request; the answer comes when the returned function is called, after what the fault makes it wait. */
  deliver(method: string, path: string, fields: Fields = {}): () => WireAnswer {
    const text = textOf({ ...fields, timestamp: fields['timestamp'] ?? this.venue.now() });
    const delivery = this.dialect.handle(this.request(method, `${path}?${text}&signature=${this.signatureOf(text)}`));
    return () => {
      this.pass(delivery.waitMs);
      return delivery.run();
    };
  }

  /** Sends a request as it is. */
  raw(method: string, path: string, body = ''): Told {
    return told(this.dialect.handle(this.request(method, path, body)).run());
  }

  signatureOf(text: string): string {
    if (this.apiKey !== ED25519_KEY) return createHmac('sha256', this.#secret).update(text).digest('hex');
    return encodeURIComponent(sign(null, Buffer.from(text), createPrivateKey(ED25519_PRIVATE_PEM)).toString('base64'));
  }

  request(method: string, path: string, body = '') {
    return { method, path, headers: { 'x-mbx-apikey': this.apiKey }, body, ip: this.ip };
  }

  order(fields: Fields): Told {
    return this.call('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', ...fields });
  }

  market(side: string, quantity: string, fields: Fields = {}): Told {
    return this.order({ side, type: 'MARKET', quantity, newOrderRespType: 'RESULT', ...fields });
  }

  limit(side: string, quantity: string, price: string, fields: Fields = {}): Told {
    return this.order({ side, type: 'LIMIT', timeInForce: 'GTC', quantity, price, ...fields });
  }

  algo(fields: Fields): Told {
    return this.call('POST', '/fapi/v1/algoOrder', {
      symbol: 'BTCUSDT',
      algoType: 'CONDITIONAL',
      type: 'STOP_MARKET',
      side: 'SELL',
      ...fields,
    });
  }

  /** Opens a stream and keeps what it hears. It answers the venue's pings as every client does, unless told not to. */
  listen(path: string, answersPings = true): TestStream {
    return new TestStream(this.dialect, path, answersPings);
  }

  /** Opens the user stream of the account. */
  listenToAccount(): TestStream {
    return this.listen(`/private/ws/${this.call('POST', '/fapi/v1/listenKey').body['listenKey']}`);
  }
}

/** The client's end of one stream. */
export class TestStream {
  readonly heard: Json[] = [];
  readonly session: WireSession;
  /** Payloads of the venue's pings and pongs. */
  readonly pings: string[] = [];
  readonly pongs: string[] = [];
  /** How the connection ended; null while it is open. */
  ended: string | null = null;

  constructor(dialect: BinanceVenue, path: string, answersPings: boolean) {
    const connection: WireConnection = {
      send: (text) => void this.heard.push(JSON.parse(text)),
      close: (code) => this.#end(`close ${code}`),
      drop: () => this.#end('drop'),
      after: (_, run) => run(),
      ping: (payload) => {
        this.pings.push(payload);
        if (answersPings) this.session.ponged(payload);
      },
      pong: (payload) => void this.pongs.push(payload),
    };
    this.session = dialect.connect({ path, headers: {}, ip: IP }, connection);
  }

  /** The kinds of the events heard so far, oldest first. */
  get kinds(): readonly unknown[] {
    return this.heard.map((event) => event['e']);
  }

  /** What events of one kind tell, oldest first: their `o` or `a`, else the whole event. */
  of(kind: string): readonly Json[] {
    return this.heard.filter((event) => event['e'] === kind).map((event) => (event['o'] ?? event['a'] ?? event) as Json);
  }

  #end(how: string): void {
    if (this.ended !== null) return;
    this.ended = how;
    this.session?.closed();
  }
}

export const textOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');

function told({ effect, reply }: WireAnswer): Told {
  if (effect !== 'answer' || reply === null) throw new Error(`Expected an answer, was ${effect}.`);
  const isJson = reply.headers['content-type'] === 'application/json';
  const body: Json | readonly Json[] = isJson ? JSON.parse(reply.body) : { text: reply.body };
  const { status, headers } = reply;
  return isRows(body) ? { status, headers, body: {}, rows: body } : { status, headers, body, rows: [] };
}

const isRows = (body: Json | readonly Json[]): body is readonly Json[] => Array.isArray(body);
