import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { userDigest } from './signing.ts';
import { cloidOf, orderAction, testHyperliquid, wireOrder, wireStop } from './test-hyperliquid.ts';
import { AGENT, AGENT_KEY, MASTER, MASTER_KEY, signDigest } from './test-wallet.ts';

const DAY_MS = 86_400_000;
const FILLED = { status: 'ok', response: { type: 'order', data: { statuses: [{ filled: { totalSz: '0.1', avgPx: '50001' } }] } } };

const APPROVE_FIELDS = [
  { name: 'hyperliquidChain', type: 'string' },
  { name: 'agentAddress', type: 'address' },
  { name: 'agentName', type: 'string' },
  { name: 'nonce', type: 'uint64' },
];

/** Sends an approval of an agent named `bot` for a day, signed by the key. */
function approve({ post, now }: ReturnType<typeof testHyperliquid>, key: string, agentAddress = AGENT, later = 0) {
  const nonce = now() + later;
  const agentName = `bot valid_until ${now() + DAY_MS}`;
  const action = { type: 'approveAgent', signatureChainId: '0x66eee', hyperliquidChain: 'Mainnet', agentAddress, agentName, nonce };
  const signature = signDigest(key, userDigest('HyperliquidTransaction:ApproveAgent', APPROVE_FIELDS, action, '0x66eee'));
  return JSON.parse(post('/exchange', { action, nonce, signature }).reply?.body ?? '');
}

describe('who may act', () => {
  it('takes what an agent or the master signed', () => {
    const { send } = testHyperliquid();
    expect(send(orderAction(wireOrder()))).toMatchObject(FILLED);
    expect(send(orderAction(wireOrder()), { key: MASTER_KEY })).toMatchObject({ status: 'ok' });
  });

  it('names the recovered address when it is nobody', () => {
    const { send } = testHyperliquid();
    const answer = send(orderAction(wireOrder()), { isTestnet: true });
    expect(answer.status).toBe('err');
    expect(answer.response).toMatch(/^User or API Wallet 0x[0-9a-f]{40} does not exist\.$/);
    expect(answer.response).not.toContain(AGENT);
  });

  it('takes testnet signatures when it is a testnet', () => {
    const { send } = testHyperliquid({ isTestnet: true });
    expect(send(orderAction(wireOrder()), { isTestnet: true })).toMatchObject(FILLED);
    expect(send(orderAction(wireOrder())).status).toBe('err');
  });

  it('hashes the numbers as it writes them, so trailing zeros give another signer', () => {
    const { send } = testHyperliquid();
    expect(send(orderAction(wireOrder({ p: '50500.0' }))).response).toMatch(/does not exist/);
    expect(send(orderAction(wireOrder({ s: '0.10' }))).response).toMatch(/does not exist/);
  });

  it('hashes the keys in its own order, whatever the order they came in', () => {
    const { send, post, body } = testHyperliquid();
    const { type, orders, grouping } = orderAction(wireOrder());
    expect(send({ grouping, orders, type }).response).toMatch(/does not exist/);
    const right = body({ type, orders, grouping });
    const shuffled = { ...right, action: { grouping, orders, type } };
    expect(post('/exchange', shuffled).reply?.body).toContain('"ok"');
  });

  it('has no agent any more once its time is over', () => {
    const { send, pass } = testHyperliquid();
    pass(90 * DAY_MS - 1000);
    expect(send(orderAction(wireOrder()))).toMatchObject({ status: 'ok' });
    pass(1000);
    expect(send(orderAction(wireOrder())).response).toBe(`User or API Wallet ${AGENT} does not exist.`);
  });

  it('refuses every agent of an account whose keys were revoked, until the master approves one anew', () => {
    const desk = testHyperliquid();
    const { send, venue } = desk;
    venue.inject({ kind: 'revoke_key', accountId: MASTER });
    expect(send(orderAction(wireOrder())).response).toBe(`User or API Wallet ${AGENT} does not exist.`);
    expect(approve(desk, MASTER_KEY, `0x${'5'.repeat(40)}`)).toEqual({ status: 'ok', response: { type: 'default' } });
    expect(send(orderAction(wireOrder())).response).toBe(`User or API Wallet ${AGENT} does not exist.`);
    expect(approve(desk, MASTER_KEY, AGENT, 1)).toMatchObject({ status: 'ok' });
    expect(send(orderAction(wireOrder()))).toMatchObject({ status: 'ok' });
  });

  it('moves no money out of an account', () => {
    const { send } = testHyperliquid();
    expect(send({ type: 'vaultTransfer', vaultAddress: MASTER, isDeposit: true, usd: 1 }).status).toBe('err');
    expect(send({ type: 'setReferrer', code: 'X' }).status).toBe('ok');
  });

  it('wants a deposit before anything else', () => {
    const { send } = testHyperliquid({ accounts: [{ address: MASTER, deposit: '0', agents: [{ address: AGENT }] }] });
    expect(send(orderAction(wireOrder())).response).toBe(`Must deposit before performing actions. User: ${MASTER}`);
  });

  it('acts for a vault of the master and for no other', () => {
    const vault = '0x1719884eb866cb12b2287399b15f7db5e7d775ea';
    const { send, venue } = testHyperliquid({
      accounts: [
        { address: MASTER, deposit: '10000', agents: [{ address: AGENT }] },
        { address: vault, deposit: '5000', master: MASTER },
      ],
    });
    expect(send(orderAction(wireOrder()), { vaultAddress: vault })).toMatchObject(FILLED);
    expect(venue.fillsOf(vault)).toHaveLength(1);
    expect(venue.fillsOf(MASTER)).toHaveLength(0);
    expect(send(orderAction(wireOrder()), { vaultAddress: `0x${'9'.repeat(40)}` }).response).toMatch(/does not exist/);
  });

  it('takes a new agent from the master alone', () => {
    const desk = testHyperliquid({ accounts: [{ address: MASTER, deposit: '10000' }] });
    const { send, info, now } = desk;
    expect(approve(desk, AGENT_KEY).response).toMatch(/does not exist/);
    expect(send(orderAction(wireOrder())).response).toMatch(/does not exist/);
    expect(approve(desk, MASTER_KEY)).toEqual({ status: 'ok', response: { type: 'default' } });
    expect(info('extraAgents')).toEqual([{ name: 'bot', address: AGENT, validUntil: now() + DAY_MS }]);
    expect(send(orderAction(wireOrder()))).toMatchObject({ status: 'ok' });
    expect(info('userRole', { user: AGENT })).toEqual({ role: 'agent', data: { user: MASTER } });
  });
});

describe('when a request counts', () => {
  it('refuses a nonce that was used', () => {
    const { send, now } = testHyperliquid();
    expect(send(orderAction(wireOrder()), { nonce: now() })).toMatchObject({ status: 'ok' });
    expect(send(orderAction(wireOrder()), { nonce: now() })).toEqual({
      status: 'err',
      response: `Invalid nonce: duplicate nonce ${now()}`,
    });
  });

  it('takes nonces out of order until a hundred higher ones are known', () => {
    const { send, now } = testHyperliquid();
    const base = now();
    for (let index = 1; index <= 99; index++) expect(send({ type: 'noop' }, { nonce: base + index }).status).toBe('ok');
    expect(send({ type: 'noop' }, { nonce: base - 5 }).status).toBe('ok');
    expect(send({ type: 'noop' }, { nonce: base - 6 }).response).toBe(`Invalid nonce: nonce too low ${base - 6} < ${base - 5}`);
    expect(send({ type: 'noop' }, { nonce: base - 4 }).status).toBe('ok');
  });

  it('takes a nonce within two days back and one day ahead', () => {
    const { send, now } = testHyperliquid();
    expect(send({ type: 'noop' }, { nonce: now() - 2 * DAY_MS + 1 }).status).toBe('ok');
    expect(send({ type: 'noop' }, { nonce: now() - 2 * DAY_MS }).response).toMatch(/nonce too low/);
    expect(send({ type: 'noop' }, { nonce: now() + DAY_MS - 1 }).status).toBe('ok');
    expect(send({ type: 'noop' }, { nonce: now() + DAY_MS }).response).toMatch(/nonce too high/);
  });

  it('lets a noop burn the nonce of a request that is still on its way', () => {
    const { send, now, venue } = testHyperliquid();
    expect(send({ type: 'noop' }, { nonce: now() }).status).toBe('ok');
    expect(send(orderAction(wireOrder()), { nonce: now() }).response).toMatch(/duplicate nonce/);
    expect(venue.fillsOf(MASTER)).toEqual([]);
  });

  it('executes up to the moment a request expires and refuses it after', () => {
    const { send, now, pass, venue } = testHyperliquid();
    const expiresAfter = now() + 5000;
    pass(5000);
    expect(send(orderAction(wireOrder()), { expiresAfter })).toMatchObject(FILLED);
    pass(1);
    expect(send(orderAction(wireOrder()), { expiresAfter }).response).toMatch(/^Action expired/);
    expect(venue.fillsOf(MASTER)).toHaveLength(1);
  });

  it('makes the expiry part of what is signed', () => {
    const { post, body, now } = testHyperliquid();
    const late = { ...body(orderAction(wireOrder()), { expiresAfter: now() - 1 }), expiresAfter: now() + 60_000 };
    expect(post('/exchange', late).reply?.body).toMatch(/does not exist/);
  });
});

describe('what the venue can read', () => {
  it.each([
    ['no JSON', '{'],
    ['no action', { nonce: 1, signature: { r: '0x1', s: '0x1', v: 27 } }],
    [
      'an order without size',
      { action: { type: 'order', orders: [{ a: 0, b: true, p: '1', r: false, t: { limit: { tif: 'Gtc' } } }], grouping: 'na' } },
    ],
    ['a number that is no text', { action: orderAction(wireOrder({ p: 50500 })) }],
    ['a time in force it does not know', { action: orderAction(wireOrder({ t: { limit: { tif: 'Fok' } } })) }],
    ['a cloid of another length', { action: orderAction(wireOrder({ c: '0x12' })) }],
  ])('refuses %s with 422 and plain text', (_, body) => {
    const { post } = testHyperliquid();
    const filled = typeof body === 'string' ? body : { nonce: 1, signature: { r: '0x1', s: '0x1', v: 27 }, ...body };
    const { reply } = post('/exchange', filled);
    expect(reply).toMatchObject({ status: 422, body: 'Failed to deserialize the JSON body into the target type' });
  });

  it.each([
    { type: 'nothing' },
    { type: 'clearinghouseState' },
    { type: 'clearinghouseState', user: '0x12' },
    { type: 'meta', dex: 'other' },
    7,
    null,
  ])('refuses the info request %j with 422', (body) => {
    expect(testHyperliquid().post('/info', body).reply?.status).toBe(422);
  });

  it('has nothing on other paths', () => {
    expect(testHyperliquid().post('/other', {}).reply?.status).toBe(404);
  });
});

describe('public vectors against the whole venue', () => {
  interface Vector {
    readonly id: string;
    readonly kind: string;
    readonly action: { readonly type: string };
    readonly nonce: number;
    readonly vaultAddress: string | null;
    readonly isTestnet: boolean;
    readonly signer: string;
    readonly r: string;
    readonly s: string;
    readonly v: number;
  }
  const { vectors }: { vectors: readonly Vector[] } = JSON.parse(
    readFileSync(new URL('../vectors/hyperliquid-signing.json', import.meta.url), 'utf8'),
  );
  const usable = vectors.filter(
    (one) => one.kind === 'l1' && !one.vaultAddress && !JSON.stringify(one.action).includes('.0"') && one.nonce < 2e6,
  );

  it.each(usable.map((one) => [one.id, one] as const))('knows the signer of %s and refuses it with another nonce', (_, vector) => {
    const { post } = testHyperliquid({
      start: vector.nonce + 1000,
      accounts: [{ address: vector.signer, deposit: '1000' }],
      isTestnet: vector.isTestnet,
    });
    const body = { action: vector.action, nonce: vector.nonce, signature: { r: vector.r, s: vector.s, v: vector.v } };
    expect(post('/exchange', { ...body, nonce: vector.nonce + 1 }).reply?.body).toMatch(/does not exist/);
    expect(post('/exchange', body).reply?.body).not.toMatch(/does not exist/);
  });

  it('are at least twenty', () => {
    expect(usable.length).toBeGreaterThanOrEqual(20);
  });
});

describe('budgets', () => {
  it('answers 429 once the minute of an IP is used up and goes on after it', () => {
    const { post, pass } = testHyperliquid();
    for (let index = 0; index < 60; index++) expect(post('/info', { type: 'meta' }).reply?.status).toBe(200);
    expect(post('/info', { type: 'meta' }).reply?.status).toBe(429);
    expect(post('/info', { type: 'allMids' }).reply?.status).toBe(429);
    pass(60_000);
    expect(post('/info', { type: 'meta' }).reply?.status).toBe(200);
  });

  it('weighs a request that expired five times', () => {
    const { post, body, now } = testHyperliquid();
    for (let index = 0; index < 240; index++) {
      expect(post('/exchange', body({ type: 'noop' }, { expiresAfter: now() - 1 })).reply?.status).toBe(200);
    }
    expect(post('/exchange', body({ type: 'noop' })).reply?.status).toBe(429);
  });

  it('lets an address with no budget left cancel, and place once in ten seconds', () => {
    const { send, dialect, pass } = testHyperliquid();
    send(orderAction(wireOrder({ p: '49000', t: { limit: { tif: 'Gtc' } }, c: cloidOf(1) })));
    dialect.budgets.setUsed(MASTER, 10_000);
    expect(send(orderAction(wireStop('48000'))).status).toBe('ok');
    expect(send(orderAction(wireStop('48000'))).response).toMatch(/^Too many cumulative requests sent \(10002 > 10000\)/);
    expect(send({ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: cloidOf(1) }] }).response.data.statuses).toEqual(['success']);
    pass(10_000);
    expect(send(orderAction(wireStop('48000'))).status).toBe('ok');
  });

  it('grows by one request for each dollar traded', () => {
    const { send, info } = testHyperliquid();
    send(orderAction(wireOrder()));
    expect(info('userRateLimit')).toEqual({ cumVlm: '5000.1', nRequestsUsed: 1, nRequestsCap: 15_000, nRequestsSurplus: 14_999 });
  });
});
