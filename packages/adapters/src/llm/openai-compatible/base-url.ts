import { isIP } from 'node:net';
import { classifyAddress } from './address-class.ts';
import { type EndpointPolicy, isListed } from './endpoint-policy.ts';
import { PROVIDER_URLS } from './provider-urls.ts';

const BASE_URL_LENGTH_MAX = 2048;

/** Why a base URL cannot be used; `message` is one sentence with the fix. */
export interface BaseUrlProblem {
  readonly code: 'base_url_invalid' | 'base_url_forbidden';
  readonly message: string;
}

/**
 * Checks a base URL as a person wrote it, without any look-up: form, scheme, address literals and the operator's list.
 * Names are checked again at connect time, when their addresses are known.
 */
export function validateBaseUrl(baseUrl: string, policy: EndpointPolicy): BaseUrlProblem | null {
  const url = parse(baseUrl);
  if (url === null) return invalid('The base URL is not a valid address: write it like https://api.openai.com/v1.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return invalid('The base URL must start with https:// (or http:// for a listed local endpoint).');
  if (url.username !== '' || url.password !== '')
    return invalid('The base URL must not contain a user name or password: put the key into api_key.');
  if (url.search !== '' || url.hash !== '')
    return invalid('The base URL must not contain "?" or "#": give the path only, like https://api.openai.com/v1.');
  return forbiddenProblem(url, policy);
}

/** Where requests of this base URL go: known providers mapped, one `/chat/completions` and trailing slashes removed. Throws RangeError when it is no URL. */
export function requestBaseUrl(baseUrl: string): string {
  const url = parsed(baseUrl);
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/chat\/completions$/, '')
    .replace(/\/+$/, '');
  const plain = `${url.origin}${path}`;
  return PROVIDER_URLS.find((row) => row.baseUrl === plain)?.requestUrl ?? plain;
}

/** Scheme, host and port a key for this base URL is bound to, e.g. `https://api.openai.com`. Throws RangeError when it is no URL. */
export function baseUrlOrigin(baseUrl: string): string {
  return parsed(baseUrl).origin;
}

function forbiddenProblem(url: URL, policy: EndpointPolicy): BaseUrlProblem | null {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const place = isIP(host) > 0 ? classifyAddress(host) : host === 'localhost' || host.endsWith('.localhost') ? 'loopback' : 'public';
  if (place === 'forbidden')
    return forbidden(`The address ${host} is reserved and can never be a model endpoint: use the endpoint's public address.`);
  if (isListed(url, policy)) return null;
  const listing = `the operator can allow it by listing ${url.protocol}//${url.host} among the permitted private endpoints`;
  if (place !== 'public') return forbidden(`The address ${url.host} is on this machine or a private network: ${listing}.`);
  if (url.protocol === 'http:') return forbidden(`Plain http would send the key and the prompt unencrypted: use https, or ${listing}.`);
  return null;
}

function parsed(baseUrl: string): URL {
  const url = parse(baseUrl);
  if (url === null) throw new RangeError(`Expected a URL, was "${baseUrl.slice(0, 80)}".`);
  return url;
}

const parse = (baseUrl: string): URL | null => {
  const text = baseUrl.trim();
  return text.length <= BASE_URL_LENGTH_MAX && URL.canParse(text) ? new URL(text) : null;
};

const invalid = (message: string): BaseUrlProblem => ({ code: 'base_url_invalid', message });
const forbidden = (message: string): BaseUrlProblem => ({ code: 'base_url_forbidden', message });
