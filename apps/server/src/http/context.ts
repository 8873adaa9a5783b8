import type { EngineDeps, LoginThrottle, OwnerScope, Session, SessionCache, User } from '@hyperoru/engine';

/** Who may call a route. `public` needs no login; `user` any login; `owner` the role. */
export type Policy = 'public' | 'user' | 'owner';

/** An authenticated caller. `via` decides whether cross-site checks apply. */
export interface Caller {
  readonly user: User;
  readonly session: Session;
  readonly scope: OwnerScope;
  readonly via: 'bearer' | 'cookie';
}

/** What the HTTP side needs of the process it runs in. */
export interface HttpContext {
  readonly deps: EngineDeps;
  readonly version: string;
  /** Names the checks behind readiness; all true = ready. */
  readonly readiness: () => Promise<readonly { readonly name: string; readonly ok: boolean }[]>;
  /** False until recovery has finished and lanes work; until then the API only says so. */
  readonly isWorking: () => boolean;
  readonly access: AccessSettings;
  readonly network: NetworkSettings;
  /** Folder with the built dashboard; null when there is none. */
  readonly webRoot: string | null;
  readonly limits: RequestLimits;
}

export interface AccessSettings {
  /** SHA-256 of the one-time token that creates the first user. */
  readonly setupTokenHash: string;
  readonly sessionDays: number;
  readonly throttle: LoginThrottle;
  readonly sessions: SessionCache;
  /** Called after a session was revoked or a user changed: forgets what is cached and lets open streams look again. */
  readonly sessionsChanged: () => void;
  readonly onSessionsChanged: (listener: () => void) => void;
}

export interface NetworkSettings {
  /** Lower-case host names and addresses under which the instance may be called. */
  readonly allowedHosts: ReadonlySet<string>;
  /** True when browsers reach us by https: cookies become Secure. */
  readonly isSecure: boolean;
  /** Addresses whose forwarding headers are believed; empty = none. */
  readonly trustedProxies: readonly string[];
  readonly tls: { readonly cert: string; readonly key: string } | null;
}

export interface RequestLimits {
  /** Per caller and minute. */
  readonly requestsPerMinute: number;
  /** Per address and minute, for login, set-up and registration. */
  readonly credentialsPerMinute: number;
}

export const DEFAULT_LIMITS: RequestLimits = { requestsPerMinute: 1200, credentialsPerMinute: 30 };

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
    /** True for the few API routes that answer before recovery has finished. */
    whileStarting?: boolean;
    /** True for lists that many pages ask for again and again: equal questions may share one answer for a moment. */
    shared?: boolean;
  }
  interface FastifyRequest {
    /** null before authentication and for anonymous callers. */
    caller: Caller | null;
  }
}
