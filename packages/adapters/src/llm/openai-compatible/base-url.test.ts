import { describe, expect, it } from 'vitest';
import { baseUrlOrigin, requestBaseUrl, validateBaseUrl } from './base-url.ts';
import { DEFAULT_ENDPOINT_POLICY, endpointKey } from './endpoint-policy.ts';
import { PROVIDER_URLS } from './provider-urls.ts';

const codeOf = (baseUrl: string, privateEndpoints = DEFAULT_ENDPOINT_POLICY.privateEndpoints) =>
  validateBaseUrl(baseUrl, { privateEndpoints })?.code ?? null;

describe('requestBaseUrl', () => {
  it.each([
    ['https://api.openai.com/v1', 'https://api.openai.com/v1'],
    ['https://api.anthropic.com/v1', 'https://api.anthropic.com/v1'],
    ['https://generativelanguage.googleapis.com/v1beta', 'https://generativelanguage.googleapis.com/v1beta/openai'],
    ['https://api.deepseek.com/v1', 'https://api.deepseek.com/v1'],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1'],
  ])('accepts %s exactly as written and asks %s', (written, asked) => {
    expect(codeOf(written)).toBeNull();
    expect(requestBaseUrl(written)).toBe(asked);
    expect(PROVIDER_URLS.map((row) => row.baseUrl)).toContain(written);
  });

  it.each([
    ['https://api.openai.com/v1/', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1///', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1/chat/completions/', 'https://api.openai.com/v1'],
    ['  https://api.openai.com/v1 ', 'https://api.openai.com/v1'],
    ['https://generativelanguage.googleapis.com/v1beta/', 'https://generativelanguage.googleapis.com/v1beta/openai'],
    ['https://generativelanguage.googleapis.com/v1beta/openai/', 'https://generativelanguage.googleapis.com/v1beta/openai'],
    ['https://API.openai.com:443/v1', 'https://api.openai.com/v1'],
    ['https://models.example/api/v3/chat/completions/chat/completions', 'https://models.example/api/v3/chat/completions'],
    ['https://models.example', 'https://models.example'],
  ])('turns %s into %s', (written, asked) => {
    expect(requestBaseUrl(written)).toBe(asked);
  });
});

describe('validateBaseUrl', () => {
  it.each([
    '',
    'api.openai.com/v1',
    'ftp://api.openai.com',
    'https://',
    'https://user:key@api.openai.com/v1',
    'https://api.openai.com/v1?key=1',
    'https://api.openai.com/v1#x',
    `https://a.example/${'x'.repeat(2048)}`,
  ])('calls %j invalid', (written) => {
    expect(codeOf(written)).toBe('base_url_invalid');
  });

  it.each([
    'http://api.openai.com/v1',
    'https://127.0.0.1/v1',
    'http://127.0.0.1:11434/v1',
    'http://localhost:11435/v1',
    'https://localhost:11434/v1',
    'http://model.localhost:11434/v1',
    'http://localhost.:11434/v1',
    'https://10.0.0.5/v1',
    'https://2130706433/v1',
    'https://0x7f.1/v1',
    'https://0177.0.0.1/v1',
    'https://127.1/v1',
    'https://[::1]/v1',
    'https://[::ffff:127.0.0.1]/v1',
    'https://[::ffff:7f00:1]/v1',
    'https://[0:0:0:0:0:ffff:0a00:0001]/v1',
    'https://①②⑦.0.0.1/v1',
  ])('forbids %s unless it is listed', (written) => {
    expect(codeOf(written)).toBe('base_url_forbidden');
  });

  it.each([
    'http://169.254.169.254/v1',
    'https://[fe80::1]/v1',
    'https://0.0.0.0/v1',
    'https://[::]/v1',
    'https://[::ffff:169.254.169.254]/v1',
    'http://100.100.100.200/v1',
    'https://224.0.0.1/v1',
  ])('forbids %s even when it is listed', (written) => {
    expect(codeOf(written, [new URL(written).origin])).toBe('base_url_forbidden');
  });

  it('permits exactly what the operator listed', () => {
    const listed = ['http://127.0.0.1:8000', 'https://10.0.0.5', 'http://[::1]:9000'];
    for (const written of ['http://127.0.0.1:8000/v1', 'https://10.0.0.5:443/v1', 'http://[::1]:9000/v1'])
      expect(codeOf(written, listed)).toBeNull();
    for (const written of ['http://127.0.0.1:8001/v1', 'http://10.0.0.5/v1', 'https://127.0.0.1:8000/v1', 'http://localhost:8000/v1'])
      expect(codeOf(written, listed)).toBe('base_url_forbidden');
  });

  it('says in one sentence what to do', () => {
    expect(validateBaseUrl('http://192.168.1.7:8000/v1', DEFAULT_ENDPOINT_POLICY)?.message).toMatch(
      /listing http:\/\/192\.168\.1\.7:8000 among the permitted private endpoints\.$/,
    );
  });
});

describe('baseUrlOrigin', () => {
  it('is what a key is bound to: scheme, host and port', () => {
    expect(baseUrlOrigin('https://api.openai.com/v1/chat/completions')).toBe('https://api.openai.com');
    expect(baseUrlOrigin('http://localhost:11434/v1')).toBe('http://localhost:11434');
    expect(() => baseUrlOrigin('nothing')).toThrow(RangeError);
  });
});

describe('endpointKey', () => {
  it('writes the port always and refuses what is more than an origin', () => {
    expect(endpointKey('https://api.openai.com')).toBe('https://api.openai.com:443');
    expect(endpointKey('http://localhost:80/')).toBe('http://localhost:80');
    for (const text of ['http://localhost:11434/v1', 'localhost:11434', 'ftp://localhost', 'http://a@localhost', ''])
      expect(endpointKey(text)).toBeNull();
  });
});
