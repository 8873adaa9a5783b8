import type { Timestamp } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { DEMO_OWNER_ID } from './demo-owner.ts';
import { type OwnerScope, ownerScope } from './owner-scope.ts';
import type { SessionCache } from './session-cache.ts';
import type { Session, User } from './user.ts';

/** `last used` is exact to this; a write per request would cost more than it tells. */
const TOUCH_EVERY_MS = 60_000;
const TOKEN_LENGTH_MAX = 300;

export interface Authenticated {
  readonly user: User;
  readonly session: Session;
  readonly scope: OwnerScope;
}

/** Token of a session or an API token → who calls; null when it is unknown, expired or revoked. */
export async function authenticate(
  deps: Pick<EngineDeps, 'store' | 'clock' | 'ids'>,
  token: string,
  cache: SessionCache | null = null,
): Promise<Authenticated | null> {
  if (token === '' || token.length > TOKEN_LENGTH_MAX) return null;
  const tokenHash = deps.ids.hash(token);
  const now = deps.clock.now();
  const found = cache?.get(tokenHash) ?? (await findAndTouch(deps, tokenHash, now));
  if (found === null || !isLive(found.session, now) || found.user.id === DEMO_OWNER_ID) return null;
  if (cache !== null && cache.get(tokenHash) === null) cache.put(tokenHash, found.session, found.user);
  return { user: found.user, session: found.session, scope: ownerScope(found.user.id, found.session.steppedUpAt) };
}

async function findAndTouch(
  deps: Pick<EngineDeps, 'store'>,
  tokenHash: string,
  now: Timestamp,
): Promise<{ readonly session: Session; readonly user: User } | null> {
  return deps.store.transaction(async (tx) => {
    const found = await tx.users.findSession(tokenHash);
    if (found === null || !isLive(found.session, now)) return null;
    const { lastUsedAt } = found.session;
    if (lastUsedAt === null || now - lastUsedAt >= TOUCH_EVERY_MS) await tx.users.touchSession(found.session.id, now);
    return found;
  });
}

function isLive(session: Session, now: Timestamp): boolean {
  return session.revokedAt === null && (session.expiresAt === null || now < session.expiresAt);
}
