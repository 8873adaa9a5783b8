import { describe, expect, it } from 'vitest';
import { createRedactor, REDACTED } from './redactor.ts';

describe('createRedactor', () => {
  it.each([
    ['a bearer header', 'Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
    ['a provider key', 'key sk-proj-abcdefgh12345678 was refused', 'proj-abcdefgh12345678'],
    ['a Google key', 'AIzaSyA1234567890123456789012345', 'SyA1234567890123456789012345'],
    ['an API token', 'hat_01hxyz_abcdefghijkl', '01hxyz_abcdefghijkl'],
    ['a wallet key', `0x${'ab'.repeat(32)}`, 'ab'.repeat(32)],
    ['a signed address', 'GET /fapi/v1/order?symbol=BTC&signature=deadbeef12', 'deadbeef12'],
    ['a database password', 'postgres://hyperoru:hunter22@db/hyperoru', 'hunter22'],
    ['a PEM key', '-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----', 'MC4CAQ'],
  ])('hides %s by its look', (_name, text, secret) => {
    const clean = createRedactor().redact(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain(REDACTED);
  });

  it('hides a remembered value in its plain, JSON and URL form', () => {
    const redactor = createRedactor();
    const secret = 'p"ss w\\rd/1';
    redactor.remember(secret);
    for (const text of [secret, JSON.stringify({ secret }), encodeURIComponent(secret)])
      expect(redactor.redact(`x${text}x`)).not.toContain(text);
  });

  it('leaves ordinary text and words under 8 characters alone', () => {
    const redactor = createRedactor();
    redactor.remember('momentu');
    const text = 'run.finished traderId=6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b momentu https://api.openai.com/v1';
    expect(redactor.redact(text)).toBe(text);
  });
});
