import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { Agent, type Dispatcher } from 'undici';
import { type AddressClass, classifyAddress } from './address-class.ts';
import { type EndpointPolicy, isListed } from './endpoint-policy.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_ORIGIN_MAX = 64;

/** A name resolved to an address that the policy does not allow. */
export class ForbiddenAddressError extends Error {
  constructor(hostname: string) {
    super(`${hostname} resolves to an address that is not allowed.`);
    this.name = 'ForbiddenAddressError';
  }
}

/** How names are resolved; the system's resolver unless a test gives its own. */
export type Resolve = (hostname: string, options: LookupOptions, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** Connection pools that check every resolved address before they connect. */
export interface GuardedAgents {
  /** The pool for this address; only an endpoint the operator listed gets the one that may reach private networks. */
  agentFor(url: URL): Dispatcher;
  close(): Promise<void>;
}

export function guardedAgents(policy: EndpointPolicy, resolve: Resolve = systemResolve): GuardedAgents {
  const open = guardedAgent(resolve, (place) => place === 'public');
  const listed = guardedAgent(resolve, (place) => place !== 'forbidden');
  return {
    agentFor: (url) => (isListed(url, policy) ? listed : open),
    close: async () => {
      await Promise.all([open.destroy(), listed.destroy()]);
    },
  };
}

/** One denied address among several denies the name: a rebinding name mixes good and bad ones. */
function guardedAgent(resolve: Resolve, isAllowed: (place: AddressClass) => boolean): Agent {
  return new Agent({
    connections: CONNECTIONS_PER_ORIGIN_MAX,
    // Time limits are kept by the caller on the monotonic clock; these would be a second, hidden set.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      lookup: (hostname, options, done) => {
        resolve(hostname, { ...options, all: true }, (error, addresses) => {
          const [first] = addresses;
          if (error !== null || first === undefined) return done(error ?? new Error(`${hostname} has no address.`), '', 0);
          if (!addresses.every((entry) => isAllowed(classifyAddress(entry.address))))
            return done(new ForbiddenAddressError(hostname), '', 0);
          if (options.all === true) return done(null, addresses);
          return done(null, first.address, first.family);
        });
      },
    },
  });
}

const systemResolve: Resolve = (hostname, options, done) =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => done(error, addresses ?? []));
