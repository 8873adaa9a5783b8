import { createL1ActionHash, signL1Action, signUserSignedAction } from '@nktkas/hyperliquid/signing';
import { expect, test } from 'vitest';
import { localWallet } from './signer.ts';

const PYTHON_KEY = '0x0123456789012345678901234567890123456789012345678901234567890123';
const RUST_KEY = '0xe908f86dbb4d55ac876378565aafeabc187f6690f046459397b17d9b9a19688e';
const CLOID = '0x00000000000000000000000000000001';
const limit = (tif: string) => ({ limit: { tif } });
const order = (o: Record<string, unknown>) => ({ type: 'order', orders: [o], grouping: 'na' });

/** Public vectors of the venue's own client libraries (Python, Rust); the keys are throw-away keys of their tests. */
const VECTORS = [
  {
    name: 'GTC order',
    key: PYTHON_KEY,
    action: order({ a: 1, b: true, p: '100', s: '100', r: false, t: limit('Gtc') }),
    nonce: 0,
    isTestnet: false,
    r: '0xd65369825a9df5d80099e513cce430311d7d26ddf477f5b3a33d2806b100d78e',
    s: '0x2b54116ff64054968aa237c20ca9ff68000f977c93289157748a3162b6ea940e',
    v: 28,
  },
  {
    name: 'GTC order with client id',
    key: PYTHON_KEY,
    action: order({ a: 1, b: true, p: '100', s: '100', r: false, t: limit('Gtc'), c: CLOID }),
    nonce: 0,
    isTestnet: false,
    r: '0x041ae18e8239a56cacbc5dad94d45d0b747e5da11ad564077fcac71277a946e3',
    s: '0x3c61f667e747404fe7eea8f90ab0e76cc12ce60270438b2058324681a00116da',
    v: 27,
  },
  {
    name: 'stop-loss',
    key: PYTHON_KEY,
    action: order({ a: 1, b: true, p: '100', s: '100', r: false, t: { trigger: { isMarket: true, triggerPx: '103', tpsl: 'sl' } } }),
    nonce: 0,
    isTestnet: false,
    r: '0x98343f2b5ae8e26bb2587daad3863bc70d8792b09af1841b6fdd530a2065a3f9',
    s: '0x6b5bb6bb0633b710aa22b721dd9dee6d083646a5f8e581a20b545be6c1feb405',
    v: 27,
  },
  {
    name: 'dummy on testnet',
    key: PYTHON_KEY,
    action: { type: 'dummy', num: 100000000000 },
    nonce: 0,
    isTestnet: true,
    r: '0x542af61ef1f429707e3c76c5293c80d01f74ef853e34b76efffcb57e574f9510',
    s: '0x17b8b32f086e8cdede991f1e2c529f5dd5297cbe8128500e00cbaf766204a613',
    v: 28,
  },
  {
    name: 'IOC order on testnet',
    key: RUST_KEY,
    action: order({ a: 1, b: true, p: '2000.0', s: '3.5', r: false, t: limit('Ioc'), c: '0x1e60610f0b3d420597c88c1fed2ad5ee' }),
    nonce: 1583838,
    isTestnet: true,
    r: '0x3768349dbb22a7fd770fc9fc50c7b5124a7da342ea579b309f58002ceae49b43',
    s: '0x57badc7909770919c45d850aabb08474ff2b7b3204ae5b66d9f7375582981f11',
    v: 28,
  },
] as const;

test.each(VECTORS)('signs the public vector: $name', async ({ key, action, nonce, isTestnet, r, s, v }) => {
  const signature = await signL1Action({ wallet: localWallet(key), action, nonce, isTestnet });
  expect(signature).toEqual({ r, s, v });
});

test('has the address of its key', () => {
  expect(localWallet(PYTHON_KEY).address).toBe('0x14791697260e4c9a71f18484c9f997b308e59325');
});

test('refuses what moves money', async () => {
  const withdraw = signUserSignedAction({
    wallet: localWallet(PYTHON_KEY),
    action: { type: 'withdraw3', signatureChainId: '0x66eee', hyperliquidChain: 'Mainnet', destination: '0x00', amount: '1', time: 1 },
    types: { 'HyperliquidTransaction:Withdraw': [{ name: 'destination', type: 'string' }] },
  });
  await expect(withdraw).rejects.toMatchObject({ cause: { message: expect.stringContaining('only trading actions') } });
});

test.each(['', '0x', `0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`, PYTHON_KEY.slice(2), `${PYTHON_KEY}00`])(
  'refuses %j as a key',
  (key) => {
    expect(() => localWallet(key)).toThrow(RangeError);
  },
);

test('tells nothing of a key it refuses', () => {
  expect(() => localWallet(`${PYTHON_KEY}00`)).toThrow(/^Expected a private key of 0x and 64 hex digits\.$/);
});

test('the hash covers the moment after which the venue refuses the action', () => {
  const action = { type: 'dummy', num: 1 };
  expect(createL1ActionHash({ action, nonce: 1, expiresAfter: 5 })).not.toBe(createL1ActionHash({ action, nonce: 1 }));
});
