import type { Timestamp, UserId } from '@hyperoru/domain';

/** Proof that the caller was authenticated as this user. Every read of owned records takes one; ids alone do not compile. */
export interface OwnerScope {
  readonly userId: UserId;
  /** When the password was proven again in this session; null = never. See requireStepUp. */
  readonly steppedUpAt: Timestamp | null;
  readonly __proof: 'OwnerScope';
}

/** Called only by authentication, and by the instance for its own demo. */
export function ownerScope(userId: UserId, steppedUpAt: Timestamp | null = null): OwnerScope {
  return Object.freeze({ userId, steppedUpAt, __proof: 'OwnerScope' as const });
}
