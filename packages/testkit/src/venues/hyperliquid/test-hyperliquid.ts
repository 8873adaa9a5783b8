import { type Timestamp, timestamp } from '@hyperoru/domain';
import type { WireAnswer } from '../core/transport.ts';
import { type HyperliquidOptions, HyperliquidVenue } from './hyperliquid-venue.ts';
import { AGENT, AGENT_KEY, MASTER, signedBody } from './test-wallet.ts';

/** 2026-01-01T00:30:00Z: half an hour from the funding boundaries on both sides. */
const START = 1_767_227_400_000;

type Json = Readonly<Record<string, unknown>>;

/** How a test signs one action; what is left out is right. */
export interface Signing {
  readonly key?: string;
  readonly nonce?: number;
  readonly vaultAddress?: string;
  readonly expiresAfter?: number;
  readonly isTestnet?: boolean;
}

/** A Hyperliquid without transport: one master with 10,000 USDC, one agent named `trader`, a clock that moves by `pass`. */
export function testHyperliquid(options: Partial<HyperliquidOptions> & { readonly start?: number } = {}) {
  let time = options.start ?? START;
  let nonces = 0;
  const now = (): Timestamp => timestamp(time);
  const dialect = new HyperliquidVenue({
    accounts: [{ address: MASTER, deposit: '10000', agents: [{ address: AGENT, name: 'trader' }] }],
    ...options,
    now,
  });
  const post = (path: string, body: unknown): WireAnswer =>
    dialect
      .handle({ method: 'POST', path, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body), ip: '127.0.0.1' })
      .run();
  const answerOf = ({ reply }: WireAnswer) => (reply === null ? null : JSON.parse(reply.body));
  const body = (action: Json, signing: Signing = {}): Json => {
    nonces += 1;
    return signedBody(signing.key ?? AGENT_KEY, action, signing.nonce ?? time + nonces, signing);
  };
  return {
    dialect,
    venue: dialect.venue,
    now,
    pass: (ms: number) => {
      time += ms;
    },
    post,
    body,
    /** The raw answer of an action. */
    wire: (action: Json, signing?: Signing): WireAnswer => post('/exchange', body(action, signing)),
    /** The parsed answer of an action. */
    send: (action: Json, signing?: Signing) => answerOf(post('/exchange', body(action, signing))),
    /** The parsed answer of an info request; of the master where it needs a user. */
    info: (type: string, fields: Json = {}) => answerOf(post('/info', { type, user: MASTER, ...fields })),
  };
}

/** An order of BTC as it stands in an action. */
export const wireOrder = (changes: Json = {}): Json => ({
  a: 0,
  b: true,
  p: '50500',
  s: '0.1',
  r: false,
  t: { limit: { tif: 'Ioc' } },
  ...changes,
});

export const orderAction = (...orders: readonly Json[]): Json => ({ type: 'order', orders, grouping: 'na' });

export const wireStop = (triggerPx: string, changes: Json = {}): Json =>
  wireOrder({ b: false, p: '40000', r: true, t: { trigger: { isMarket: true, triggerPx, tpsl: 'sl' } }, ...changes });

export const wireProfit = (triggerPx: string, changes: Json = {}): Json =>
  wireOrder({ b: false, p: '40000', r: true, t: { trigger: { isMarket: true, triggerPx, tpsl: 'tp' } }, ...changes });

/** A cloid that is not near zero. */
export const cloidOf = (n: number): string => `0xfeed${String(n).padStart(28, '0')}`;
