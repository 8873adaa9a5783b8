import type { UserId } from '@hyperoru/domain';

/** Proof that the caller was authenticated as this user. Every read of owned records takes one; ids alone do not compile. */
export interface OwnerScope {
  readonly userId: UserId;
  readonly __proof: 'OwnerScope';
}

/** Called only by authentication, and by the instance for its own demo. */
export function ownerScope(userId: UserId): OwnerScope {
  return Object.freeze({ userId, __proof: 'OwnerScope' as const });
}
