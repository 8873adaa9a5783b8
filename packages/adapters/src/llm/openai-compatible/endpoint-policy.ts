/** Which private endpoints models may live at. Set by the operator only, never through the API. */
export interface EndpointPolicy {
  /** Exact `scheme://host:port`. Only these may be plain http, on this machine or on a private network. */
  readonly privateEndpoints: readonly string[];
}

/** A local Ollama, as the founding page offers it. */
export const DEFAULT_ENDPOINT_POLICY: EndpointPolicy = { privateEndpoints: ['http://localhost:11434'] };

/** `scheme://host:port` with the port always written; null when the text is not exactly an http(s) origin. */
export function endpointKey(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isOriginOnly = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isOriginOnly ? keyOf(url) : null;
}

/** True when the operator listed exactly this scheme, host and port. */
export function isListed(url: URL, policy: EndpointPolicy): boolean {
  const key = keyOf(url);
  return key !== null && policy.privateEndpoints.some((entry) => endpointKey(entry) === key);
}

function keyOf(url: URL): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  return `${url.protocol}//${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}
