import type { Timestamp, UserId } from '@hyperoru/domain';

/** A person of this instance. `owner` may invite others and stop the instance. */
export interface User {
  readonly id: UserId;
  readonly username: string;
  readonly email: string | null;
  readonly role: 'owner' | 'member';
  readonly createdAt: Timestamp;
}

/** A login or a named API token; only the SHA-256 of the token is stored. */
export interface Session {
  readonly id: string;
  readonly userId: UserId;
  readonly kind: 'session' | 'api_token';
  readonly name: string;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp | null;
  readonly lastUsedAt: Timestamp | null;
  /** When the password was proven again in this session; null = never. */
  readonly steppedUpAt: Timestamp | null;
  readonly revokedAt: Timestamp | null;
}
