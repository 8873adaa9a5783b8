import { generateKeyPairSync } from 'node:crypto';
import { USDMClient } from 'binance';
import { expect, test } from 'vitest';
import { localSigner, queryOf } from './signer.ts';

const DOCS_SECRET = '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9';
const SPOT_SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
/** RFC 8032, section 7.1, test 1. */
const ED25519_PEM =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n';

test.each([
  [
    DOCS_SECRET,
    'symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943',
    '3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9',
  ],
  [
    SPOT_SECRET,
    'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559',
    'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71',
  ],
  [
    SPOT_SECRET,
    'symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559',
    'e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3',
  ],
])('signs the public HMAC vector of %s', async (secret, payload, signature) => {
  expect(await localSigner('key', secret).sign(payload)).toBe(signature);
});

test('signs with Ed25519 as the RFC key does', async () => {
  const payload = 'symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=0.2&timestamp=1668481559918&recvWindow=5000';
  const signature = 'XtZirsmmi0noRzUfkqktvkVfxpkq/WtbLg2UOL3QGYdUBZVlqOBEMuEVw8zioY93N54NcKj9UuAXQEa9zgTDBg==';
  expect(await localSigner('key', ED25519_PEM).sign(payload)).toBe(encodeURIComponent(signature));
});

test('escapes what it sends as it signs it', () => {
  expect(queryOf({ symbol: '１', quantity: '0.1', limit: 5 })).toBe('symbol=%EF%BC%91&quantity=0.1&limit=5');
});

/** The signed address that an unrelated client library makes of the same parameters. */
async function urlOfLibrary(secret: string, parameters: Record<string, string | number>): Promise<URL> {
  let url = '';
  const client = new USDMClient(
    { api_key: 'key', api_secret: secret, disableTimeSync: true, beautifyResponses: false, baseUrl: 'http://127.0.0.1:1' },
    {
      adapter: async (config) => {
        url = config.url ?? '';
        return { data: {}, status: 200, statusText: 'OK', headers: {}, config };
      },
    },
  );
  await client.getOrder(parameters as unknown as Parameters<USDMClient['getOrder']>[0]);
  return new URL(url);
}

test.each([
  ['HMAC', DOCS_SECRET],
  ['Ed25519', ED25519_PEM],
])('agrees with an unrelated client library on %s', async (_, secret) => {
  const url = await urlOfLibrary(secret, { symbol: 'BTCUSDT', origClientOrderId: `0x${'a'.repeat(32)}`, recvWindow: 4000 });
  const [payload, signature] = url.search.slice(1).split('&signature=');
  expect(await localSigner('key', secret).sign(payload ?? '')).toBe(signature);
});

test('refuses what is no Ed25519 or RSA key, and tells nothing of it', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  expect(() => localSigner('key', String(ec))).toThrow(/^Expected an Ed25519 or RSA key\.$/);
  expect(() => localSigner('key', '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----')).toThrow(
    /^Expected a private key in PEM form\.$/,
  );
});
