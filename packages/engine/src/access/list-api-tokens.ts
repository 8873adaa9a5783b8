import type { Timestamp } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { OwnerScope } from './owner-scope.ts';
import type { Session } from './user.ts';

/** The caller's named tokens that still work, newest first. */
export async function listApiTokens(deps: EngineDeps, scope: OwnerScope): Promise<readonly Session[]> {
  const sessions = await deps.store.transaction((tx) => tx.users.listSessions(scope.userId));
  return sessions.filter((session) => isLiveApiToken(session, deps.clock.now())).toSorted((a, b) => b.createdAt - a.createdAt);
}

export function isLiveApiToken(session: Session, now: Timestamp): boolean {
  return session.kind === 'api_token' && session.revokedAt === null && (session.expiresAt === null || now < session.expiresAt);
}
